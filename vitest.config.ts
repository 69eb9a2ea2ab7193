import { defineConfig } from 'vitest/config';

const conditions = ['@idspace/source'];

const PURE = ['xarray', 'hash-table', 'next-id', 'lock', 'cache-sim', 'posix-timers', 'kernel-ids', 'evaluation'].map(
  (name) => `packages/${name}/test/**/*.test.ts`,
);

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    // By default one CPU is left to vitest itself, which is half of a small machine.
    maxWorkers: '100%',
    projects: [
      {
        // Each file loads all it imports again, so that one file's mocks and a decoder's global state are no other's.
        extends: true,
        test: {
          name: 'alone',
          include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: PURE,
        },
      },
      {
        // Modules without state of their own: loaded once for all files, which saves a sixth of the time.
        extends: true,
        test: { name: 'together', include: PURE, isolate: false },
      },
    ],
    // Far more than any takes: what these end is a hang, not a test on a slow machine.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
