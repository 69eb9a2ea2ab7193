// The scenes, in the order in which they are told.
import { ASK } from './arguments/ask.ts';
import { CHAIN } from './arguments/chain.ts';
import { ENDLESS_DANCE } from './arguments/endless-dance.ts';
import { ENDLESS_SEARCH } from './arguments/endless-search.ts';
import { HALF_AN_HOUR } from './arguments/half-an-hour.ts';
import { FILLED_HOLES, LOST_HOLES } from './arguments/holes.ts';
import { LOCKS } from './arguments/locks.ts';
import { LONG_LIFE } from './arguments/long-life.ts';
import { NUMBER } from './arguments/number.ts';
import { RESOURCE_LIMIT } from './arguments/resource-limit.ts';
import { SMALLER_SPACE } from './arguments/smaller-space.ts';
import { STRIDE } from './arguments/strides.ts';
import { TREE_OR_TABLE } from './arguments/tree-or-table.ts';
import type { Scene } from './scene.ts';

export const SCENES: readonly Scene[] = [
  NUMBER,
  LONG_LIFE,
  HALF_AN_HOUR,
  SMALLER_SPACE,
  LOST_HOLES,
  FILLED_HOLES,
  ENDLESS_DANCE,
  RESOURCE_LIMIT,
  CHAIN,
  LOCKS,
  STRIDE,
  ENDLESS_SEARCH,
  ASK,
  TREE_OR_TABLE,
];
