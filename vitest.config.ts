import { defineConfig } from 'vitest/config';

const conditions = ['@idspace/source'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    // By default one CPU is left to vitest itself, which is half of a small machine, and each file loads all it imports again,
    // which took a sixth of the time.
    maxWorkers: '100%',
    isolate: false,
    // Far more than any takes: what these end is a hang, not a test on a slow machine.
    testTimeout: 600_000,
    hookTimeout: 600_000,
  },
});
