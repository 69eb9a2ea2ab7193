// Compiles test/program.c with Emscripten. Run as a program, it writes fixtures/, for machines that have no Emscripten.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const folder = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url));

/** The version of emcc, or undefined where it is not installed. */
export function emccVersion(): string | undefined {
  const { status, stdout } = spawnSync('emcc', ['--version'], { encoding: 'utf8' });
  return status === 0 ? /\d+\.\d+\.\d+/.exec(stdout)?.[0] : undefined;
}

/** What `emcc` is given to append and to put first. */
export interface Additions {
  post: string;
  externPre: string;
}

/** What `emcc` is given so that names come from pools. */
export async function additions(): Promise<Additions> {
  const { outputFiles } = await build({
    entryPoints: [folder('src/extern-pre.ts')],
    bundle: true,
    format: 'iife',
    write: false,
    conditions: ['@idspace/source'],
  });
  return { post: readFileSync(folder('src/post.js'), 'utf8'), externPre: outputFiles[0]!.text };
}

/** Compiles the program to `out`/program.js and program.wasm. */
export function compile(out: string, added: Additions, flags: string[]): void {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'post.js'), added.post);
  writeFileSync(join(out, 'gl-names.js'), added.externPre);
  const always = ['-sENVIRONMENT=web', '-sFILESYSTEM=0', '-sEXPORTED_RUNTIME_METHODS=GL'];
  const scripts = ['--post-js', 'post.js', '--extern-pre-js', 'gl-names.js'];
  // Debian's Emscripten takes its parser from Debian's folder of modules, which only Debian's Node knows.
  const env = { ...process.env, NODE_PATH: '/usr/share/nodejs' };
  const args = [folder('test/program.c'), ...always, ...scripts, ...flags, '-o', 'program.js'];
  execFileSync('emcc', args, { cwd: out, env, stdio: 'pipe' });
}

/** Where the fixture has room for them. -O1 keeps comments and writes code as it is. */
export const MARKS: Additions = { post: '/* here goes --post-js */', externPre: '/* here goes --extern-pre-js */' };
export const NOTHING: Additions = { post: '', externPre: '' };
export const FIXTURES: string = folder('fixtures');

if (import.meta.url === pathToFileURL(process.argv[1]!).href) {
  compile(FIXTURES, MARKS, ['-O1']);
  for (const name of ['post.js', 'gl-names.js']) rmSync(join(FIXTURES, name));
}
