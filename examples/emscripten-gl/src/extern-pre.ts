// What esbuild bundles into gl-names.js, for `emcc --extern-pre-js`: Emscripten's optimizers leave it as it is.
import { glNames } from './gl-names.ts';

Object.assign(globalThis, { glNames });
