// Bundles the tests of a package, from the sources, for a kind of runtime.
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';

export const ROOT: string = fileURLToPath(new URL('../../', import.meta.url));
/** Bundles and fetched runtimes: inside the workspace, so that a bundle finds esbuild. */
export const CACHE: string = join(ROOT, 'node_modules/.cache/runtimes');

/** Of this process alone: two runs at the same time do not meet. */
const BUNDLES = join(CACHE, `bundles-${process.pid}`);
process.on('exit', () => rmSync(BUNDLES, { recursive: true, force: true }));

/** How a bundle begins: it calls `main`, or exports a handler. */
export type Inside = 'in-process' | 'in-browser' | 'in-workerd' | 'in-mutants';

const INSIDE = join(ROOT, 'scripts/runtimes/inside');

/** The folder of a package or an app, as a path from the root. */
export const folderOf = (name: string): string =>
  existsSync(join(ROOT, 'apps', name)) ? `apps/${name}` : `packages/${name}`;

/** The test files of a package, in their order, as paths from the root. */
export function testFiles(name: string): string[] {
  const folder = join(ROOT, folderOf(name), 'test');
  return (readdirSync(folder, { recursive: true }) as string[])
    .filter((file) => file.endsWith('.test.ts'))
    .sort()
    .map((file) => relative(ROOT, join(folder, file)));
}

function start(files: readonly string[], inside: Inside): string {
  const loads = files.map((file) => `${JSON.stringify(file)}: () => import(${JSON.stringify(`./${file}`)})`);
  const table = `{\n${loads.join(',\n')}\n}`;
  return inside === 'in-workerd'
    ? `import { handler } from '${INSIDE}/${inside}.ts';\nexport default handler(${table});`
    : `import { main } from '${INSIDE}/${inside}.ts';\nawait main(${table});`;
}

/** Changes the text of a source, by its path. */
export type Change = (path: string, text: string) => string;

/** A module keeps the address of its source, where the files that it reads are. */
const addresses = (change: Change): Plugin => ({
  name: 'addresses',
  setup: ({ onLoad }) => {
    onLoad({ filter: /\/(packages|apps|scripts|test)\/.*\.ts$/ }, ({ path }) => {
      const url = JSON.stringify(pathToFileURL(path).href);
      const code = change(path, readFileSync(path, 'utf8'))
        .replaceAll('import.meta.url', url)
        .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)));
      return { contents: code, loader: 'ts' };
    });
  },
});

/** Modules that only Node.js and its like can load. */
const ONLY_NODE = new Set([...builtinModules, 'esbuild', 'rollup']);

/** What a module of Node.js is made of where there is none. What is missing in it is a stand-in. */
const REMADE: Readonly<Record<string, string>> = {
  'node:fs': join(INSIDE, 'node-fs.ts'),
  'node:path': 'path-browserify',
  'node:util': join(INSIDE, 'node-util.ts'),
};

/** Puts stand-ins in the place of what only Node.js can load. */
const standIns: Plugin = {
  name: 'stand-ins',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^[a-z]/ }, ({ path }) =>
      ONLY_NODE.has(path.replace(/^node:/, '')) ? { path, namespace: 'stand-in' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'stand-in' }, ({ path }) => {
      const none = `require(${JSON.stringify(`${INSIDE}/left-out.ts`)}).standInModule(${JSON.stringify(path)})`;
      const some = path in REMADE ? `require(${JSON.stringify(REMADE[path])})` : '{}';
      return { contents: `module.exports = Object.assign(${none}, ${some})`, resolveDir: INSIDE };
    });
  },
};

/**
 * Bundles the tests of a package.
 *
 * @param change What becomes of a source before it is bundled.
 * @param more Other test files, as paths from the root.
 * @returns The path of the module to start from. Others stand in its folder.
 */
export async function bundle(
  name: string,
  inside: Inside,
  change: Change = (_, text) => text,
  more: readonly string[] = [],
): Promise<string> {
  const outdir = join(BUNDLES, inside, name);
  const isNode = inside === 'in-process' || inside === 'in-mutants';
  await build({
    stdin: {
      contents: start([...testFiles(name), ...more], inside),
      resolveDir: ROOT,
      sourcefile: 'start.ts',
      loader: 'ts',
    },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    outExtension: { '.js': '.mjs' },
    target: 'es2022',
    logLevel: 'error',
    // Messages name classes.
    keepNames: true,
    conditions: ['@idspace/source'],
    alias: { vitest: join(INSIDE, 'vitest.ts') },
    platform: isNode ? 'node' : 'browser',
    ...(isNode
      ? {
          external: ['esbuild', 'koffi', 'playwright-core', 'rollup'],
          banner: {
            js: `import * as forRequire from 'node:module';const require = forRequire.createRequire(import.meta.url);`,
          },
        }
      : { inject: [join(INSIDE, 'node-globals.ts')] }),
    plugins: isNode ? [addresses(change)] : [addresses(change), standIns],
  });
  return join(outdir, 'stdin.mjs');
}
