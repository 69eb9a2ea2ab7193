// Random calls on lock tables and on an oracle; `pnpm model` plays more of them.
import { testModels } from '@idspace/testkit/model-tests';
import { MODELS } from './support/models.ts';

testModels(MODELS, { LockTable: 20_000 });
