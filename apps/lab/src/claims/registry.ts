// All claims, in the order of their lists.

import type { Claim } from './claim.ts';
import { BY_ID_CLAIMS } from './measured/by-id.ts';
import { CALL_CLAIMS } from './measured/calls.ts';
import { CHAIN_CLAIMS } from './measured/chains.ts';
import { CHURN_CLAIMS } from './measured/churn.ts';
import { DENSE_RESTORE_CLAIMS } from './measured/dense-restores.ts';
import { ERA_CLAIMS } from './measured/eras.ts';
import { FAR_ID_CLAIMS } from './measured/far-id.ts';
import { HOLE_CLAIMS } from './measured/holes.ts';
import { LIMIT_CLAIMS } from './measured/limit.ts';
import { LOCALITY_CLAIMS } from './measured/locality.ts';
import { LOOKUP_CLAIMS } from './measured/lookups.ts';
import { NEXT_ID_CLAIMS } from './measured/next-id.ts';
import { OTHER_ID_CLAIMS } from './measured/other-ids/spaces.ts';
import { RACE_CLAIMS } from './measured/races.ts';
import { SMALLER_SPACE_CLAIMS } from './measured/smaller-space.ts';
import { TREE_MEMORY_CLAIMS } from './measured/tree-memory.ts';

/** S1…S19, then 1…15, then I1…I6. */
export const CLAIMS: readonly Claim[] = [
  ...ERA_CLAIMS,
  ...NEXT_ID_CLAIMS,
  ...CHURN_CLAIMS,
  ...FAR_ID_CLAIMS,
  ...SMALLER_SPACE_CLAIMS,
  ...DENSE_RESTORE_CLAIMS,
  ...LOCALITY_CLAIMS,
  ...TREE_MEMORY_CLAIMS,
  ...HOLE_CLAIMS,
  ...LIMIT_CLAIMS,
  ...RACE_CLAIMS,
  ...BY_ID_CLAIMS,
  ...CHAIN_CLAIMS,
  ...LOOKUP_CLAIMS,
  ...CALL_CLAIMS,
  ...OTHER_ID_CLAIMS,
].sort((a, b) => rank(a.id) - rank(b.id));

function rank(id: string): number {
  const number = Number(id.replace(/[SI]/, ''));
  return number + (id.startsWith('S') ? 0 : id.startsWith('I') ? 200 : 100);
}
