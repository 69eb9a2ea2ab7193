import { defineConfig } from 'vite';
import { exampleImages } from './build/example-images.ts';
import { noPreload, singleFile } from './build/single-file.ts';
import {
  noInstrumentedTables,
  noUnreached,
  noUnshown,
  plainDescriptors,
  plainParser,
  readBigInts,
} from './build/smaller.ts';
import { unusedMethods } from './build/unused-methods.ts';

export default defineConfig({
  root: import.meta.dirname,
  // The packages' sources, not what was built of them.
  resolve: { conditions: ['@idspace/source', 'browser', 'module'] },
  plugins: [
    noPreload(),
    noInstrumentedTables(),
    noUnreached(),
    noUnshown(),
    exampleImages(),
    plainDescriptors(),
    plainParser(),
    readBigInts(),
    unusedMethods(),
    singleFile(),
  ],
  build: {
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'], // light-dark() as it is written
    assetsInlineLimit: Number.POSITIVE_INFINITY,
    cssCodeSplit: false,
    modulePreload: false,
    reportCompressedSize: false,
    rolldownOptions: { optimization: { inlineConst: true }, output: { codeSplitting: false } },
  },
});
