// src/gen and test/support/gen are what proto/ says: `pnpm generate` would change nothing.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { expect, test } from 'vitest';

const PACKAGE = join(import.meta.dirname, '..');
const PATH = [join(PACKAGE, 'node_modules', '.bin'), process.env.PATH].join(delimiter);

/** Runs buf in the package; its binary comes for common platforms only. */
function buf(...args: string[]): { ran: boolean; output: string } {
  // biome-ignore format: what belongs together stands in a row
  const { status, stdout, stderr } = spawnSync('buf', args, {
    cwd: PACKAGE, encoding: 'utf8', env: { ...process.env, PATH },
  });
  return { ran: status === 0, output: `${stdout}${stderr}` };
}

const canRun = buf('--version').ran;
if (!canRun) console.warn('SKIPPED: buf does not run on this machine, so src/gen is not compared with proto/.');

function filesIn(directory: string): Record<string, string> {
  return Object.fromEntries(readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'utf8')]));
}

test.skipIf(!canRun)('generated code is up to date', () => {
  const directory = mkdtempSync(join(tmpdir(), 'restore-planner-gen-'));
  try {
    const { ran, output } = buf('generate', '--output', directory);
    expect(ran, output).toBe(true);
    for (const place of ['src/gen', 'test/support/gen']) {
      expect(filesIn(join(directory, place))).toEqual(filesIn(join(PACKAGE, place)));
    }
  } finally {
    rmSync(directory, { recursive: true });
  }
});
