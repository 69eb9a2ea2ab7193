// Compiles a C program of the differential.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Compiles a driver from its C sources. Returns the program and how to remove it; a text that says why it cannot be had. */
export function compileDriver(sources: readonly string[]): { program: string; remove: () => void } | string {
  const folder = mkdtempSync(join(tmpdir(), 'idspace-driver-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const program = join(folder, 'driver');
  const flags = ['-O1', '-Wall', '-Wextra', '-Werror', '-pthread'];
  const { error, status, stderr } = spawnSync('gcc', [...flags, ...sources, '-o', program], { encoding: 'utf8' });
  if (error === undefined && status === 0) return { program, remove };
  remove();
  return error === undefined ? `gcc: ${stderr}` : 'there is no gcc (apt-get install -y gcc libc6-dev)';
}
