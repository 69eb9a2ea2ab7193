// Other runtimes, from npm packages that carry the program: into a folder of this workspace, when they are first asked for.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CACHE } from './bundle.ts';

const { platform, arch } = process;

/** Where a fetched package puts its program. */
export interface Program {
  /** A package of npm with its version, as `npm install` takes it. */
  readonly spec: string;
  /** The program, from `node_modules`. */
  readonly path: string;
  /** Further flags of `npm install`. */
  readonly flags?: readonly string[];
}

export const nodeProgram = (major: number): Program => ({
  spec: `node-${platform === 'win32' ? 'win' : platform}-${arch}@${major}`,
  path: `node-${platform === 'win32' ? 'win' : platform}-${arch}/bin/node`,
});

// The packages of these replace the file of this name by the program when they are installed.
export const BUN: Program = { spec: 'bun@1', path: 'bun/bin/bun.exe' };
export const DENO: Program = { spec: 'deno@2', path: platform === 'win32' ? 'deno/deno.exe' : 'deno/deno' };
export const WORKERD: Program = { spec: 'workerd@1', path: 'workerd/bin/workerd' };

const folderOf = ({ spec }: Program): string => join(CACHE, 'programs', spec);

/** The program, if it was fetched before. */
export function fetched(program: Program): string | undefined {
  const file = join(folderOf(program), 'node_modules', program.path);
  return existsSync(file) ? file : undefined;
}

/**
 * Fetches a program, unless that was done before.
 *
 * @throws Error if npm cannot install it.
 */
export async function fetchProgram(program: Program): Promise<string> {
  const known = fetched(program);
  if (known !== undefined) return known;
  const args = [
    'install',
    '--prefix',
    folderOf(program),
    '--no-save',
    '--no-audit',
    '--no-fund',
    ...(program.flags ?? []),
    program.spec,
  ];
  await promisify(execFile)('npm', args, { shell: platform === 'win32' });
  const file = fetched(program);
  if (file === undefined) throw new Error(`${program.spec}: got no ${program.path}`);
  return file;
}
