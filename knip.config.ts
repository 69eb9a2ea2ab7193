import { readFileSync } from 'node:fs';
import type { KnipConfig } from 'knip';

/** Programs that a package starts as processes of their own: its manifest names them. */
const childrenOf = (folder: string): string[] =>
  JSON.parse(readFileSync(new URL(`${folder}/package.json`, import.meta.url), 'utf8')).children;

const project = ['{src,test,scripts,bench,stress,fuzz,build}/**/*.{ts,tsx}'];

// `pnpm knip` finds files that no entry reaches, exports that no file uses, and dependencies that are not imported or not
// listed. Each exception says why.
const config: KnipConfig = {
  // What its own file uses is not dead: an `export` there names a type for who reads a declaration.
  ignoreExportsUsedInFile: true,
  // A constant may be another by definition, as ORPHAN is WAITERS.
  rules: { duplicates: 'off' },
  // A generator writes one export for each message of a file, used or not.
  ignore: ['**/gen/*_pb.ts'],
  ignoreDependencies: [
    // Benchmarks install what they compare with when they run, so that `pnpm install` need not.
    ...[
      'functional-red-black-tree',
      'js-sdsl',
      'lmdb',
      'mnemonist',
      'roaring',
      'shared-memory-datastructures',
      'sharedmap',
      'sorted-btree',
    ],
    ...['number-allocator', 'typedfastbitset'],
    'path-browserify', // the bundles of `pnpm runtimes` name it, in place of node:path
    'axe-core', // read as a text, to be run in a page
    'typedoc-plugin-markdown', // named to TypeDoc, which loads it
    'vue', // what the site's pages import once they are built
  ],
  // Programs of the system: tests are skipped where one is missing, with a line that says so.
  ignoreBinaries: ['.+'],
  // `pnpm explore` reads the protocols of every package, and their twins, by name.
  ignoreIssues: { '**/test/support/protocols.ts': ['exports'] },
  workspaces: {
    '.': {
      // What makes files fail is loaded into the app that is tested, by its path.
      entry: ['scripts/*.{ts,mjs,cjs}', 'scripts/runtimes/inside/*.ts', 'test/support/fault-injector.mjs'],
      project: ['scripts/**', 'test/**'],
      // The imports of docs/migrating.md, which test/migrating.test.ts runs.
      ignoreDependencies: [/^@idspace\//, '@thi.ng/idgen', 'async-mutex', 'roaring-wasm'],
    },
    'packages/*': { entry: ['{scripts,bench,stress,fuzz}/*.ts', 'test/support/twins.ts'], project },
    // The process that fuzzes is started by its path.
    'packages/testkit': { entry: ['scripts/*.ts', 'src/fuzz/child.ts'], project },
    'packages/cache-profile': { entry: childrenOf('packages/cache-profile'), project },
    'packages/live-kernel': { entry: ['{scripts,bench,fuzz}/*.ts', ...childrenOf('packages/live-kernel')], project },
    // Node.js calls the hooks by their names; a test traces a package that it is given by name.
    'packages/mem-trace': {
      entry: ['{scripts,bench}/*.ts', 'src/node.ts', ...childrenOf('packages/mem-trace')],
      ignoreDependencies: ['delaunator'],
      project,
    },
    'apps/lab': {
      entry: [
        ...['{scripts,bench,fuzz}/**/*.ts', 'examples/**/*.mjs', 'src/checkpointctl-*.ts'],
        ...childrenOf('apps/lab'),
      ],
      project,
    },
    'apps/explorer': { entry: ['bench/*.ts'], project },
    'examples/*': { entry: ['bench/*.ts'], project },
    'examples/emscripten-gl': {
      // Files that the compiler of C programs takes in, and what runs beside them.
      entry: ['bench/main.ts', 'src/{extern-pre.ts,post.js}', 'scripts/*.ts', 'fixtures/*.js'],
      project,
    },
    'apps/docs': { entry: ['build/*.ts', '.vitepress/config.ts'], project },
  },
};

export default config;
