import { defineConfig } from 'vite';
import { noPreload, singleFile } from './build/single-file.ts';
import { noUnreached } from './build/smaller.ts';

export default defineConfig({
  root: import.meta.dirname,
  // The packages' sources, not what was built of them.
  resolve: { conditions: ['@idspace/source', 'browser', 'module'] },
  plugins: [noPreload(), noUnreached(), singleFile()],
  assetsInclude: ['**/*.img'], // CRIU's, of the checkpoints to try
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'], // light-dark() as it is written
    assetsInlineLimit: Number.POSITIVE_INFINITY,
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: { output: { codeSplitting: false } },
  },
});
