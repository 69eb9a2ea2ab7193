// Random calls on each kind of table and on a Map; `pnpm model` plays more of them.
import { testModels } from '@idspace/testkit/model-tests';
import { MODELS } from './support/models.ts';

testModels(MODELS, { HashTable: 10_000, SharedHashTable: 10_000 });
