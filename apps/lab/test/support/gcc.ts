// Compiling and running emitted programs, where there is a compiler.
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HANG_MS } from '@idspace/testkit';

export const HAS_GCC: boolean = process.platform === 'linux' && spawnSync('gcc', ['--version']).status === 0;
if (!HAS_GCC) console.warn('SKIPPED: emitted C programs, for want of gcc (apt-get install -y gcc libc6-dev)');

const folders: string[] = [];

/** Compiles a program with all warnings as errors. @param flags More for gcc. Returns the path of the binary, or throws what gcc says. */
export function compile(source: string, flags: readonly string[] = []): string {
  const folder = mkdtempSync(join(tmpdir(), 'idspace-c-'));
  folders.push(folder);
  const file = join(folder, 'restore.c');
  const binary = join(folder, 'restore');
  writeFileSync(file, source);
  const { status, stderr } = spawnSync('gcc', ['-Wall', '-Wextra', '-Werror', '-O2', ...flags, file, '-o', binary], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return binary;
}

/** Removes what was compiled. */
export function removeCompiled(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
}

/** Runs a binary to its end. */
export function runBinary(binary: string): SpawnSyncReturns<string> {
  return spawnSync(binary, { encoding: 'utf8', timeout: HANG_MS });
}
