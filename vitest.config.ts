import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const conditions = ['@idspace/source'];

const ALL = ['packages', 'apps', 'examples'].map((group) => `${group}/*/test/**/*.test.ts`).concat('test/**/*.test.ts');
/** Each of these files has modules of its own. They begin before the others. */
const ALONE = [
  // They change what other files import: a design is added to the records, modules are loaded a second time.
  'apps/lab/test/trial-design.test.ts',
  'packages/mem-trace/test/unseen.test.ts',
  // What takes longest, to be over before the others: one waits for a cluster, the other for package managers.
  'apps/lab/test/sweep/slurm.test.ts',
  'test/packed.test.ts',
];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    globalSetup: 'packages/testkit/src/temporary-folder.ts',
    setupFiles: ['packages/testkit/src/expect-setup.ts'],
    // Most tests make many small objects: with more room for these, the tests of xarray and hash-table take 7 % less CPU time.
    execArgv: ['--max-semi-space-size=64'],
    // Some tests wait for processes: meanwhile those of another worker use the CPU.
    maxWorkers: availableParallelism() + 1,
    projects: [
      { extends: true, test: { name: 'alone', include: ALONE } },
      // Modules are loaded once for all files, which saves a quarter of the CPU time: no file may depend on the order of files
      // (`--sequence.shuffle.files` draws one).
      { extends: true, test: { name: 'together', include: ALL, exclude: ALONE, isolate: false } },
    ],
    // Far more than any takes: what these end is a hang, not a test on a slow machine.
    testTimeout: 1_800_000,
    hookTimeout: 1_800_000,
    expect: { poll: { timeout: 300_000 } },
  },
});
