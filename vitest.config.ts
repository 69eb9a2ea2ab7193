import { defineConfig } from 'vitest/config';

const conditions = ['@idspace/source'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ['packages/*/test/**/*.test.ts', 'apps/*/test/**/*.test.ts', 'test/**/*.test.ts'],
    // Far more than any takes: what these end is a hang, not a test on a slow machine.
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
