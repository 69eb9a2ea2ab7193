// Random calls on every class and on its oracle, over keys of several shapes; `pnpm model` plays more of them.
import { testModels } from '@idspace/testkit/model-tests';
import { MODELS } from './support/models.ts';

testModels(MODELS, {
  XArray: 30_000,
  MultiIndex: 40_000,
  SharedXArray: 5_000,
  SparseXArray: 20_000,
  IntMap: 60_000,
  XArrayOf: 30_000,
  TypedMap: 5_000,
  Ida: 50_000,
});
