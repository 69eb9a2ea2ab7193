// A run of the tests has one folder for all temporary files, of the programs that it starts as well, and takes it away at its end.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const NAME = 'idspace-tests-';

/** Called by Vitest before the first test, for the whole and for each project; what it returns, after the last one. */
export function setup(): (() => void) | undefined {
  if (basename(tmpdir()).startsWith(NAME)) return undefined;
  const folder = mkdtempSync(join(tmpdir(), NAME));
  // Some tests start services, which run as users of their own.
  chmodSync(folder, 0o755);
  process.env.TMPDIR = folder;
  // A browser that is ending may still write.
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
}
