// Random calls on every class and on its oracle; `pnpm model` plays more of them.
import { testModels } from '@idspace/testkit/model-tests';
import { MODELS } from './support/models.ts';

testModels(MODELS, {
  GenerationalId: 6_000,
  IdPool: 15_000,
  NextId: 50_000,
  SharedIdPool: 20_000,
  SharedNextId: 20_000,
  SlotMap: 20_000,
});
