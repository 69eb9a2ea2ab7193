// A run of the tests has one folder for all temporary files, of the programs that it starts as well, and takes it away at its end.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Called by Vitest before the first test; what it returns, after the last one. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'idspace-tests-'));
  process.env.TMPDIR = folder;
  // A browser that is ending may still write.
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}
