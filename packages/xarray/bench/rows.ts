// The headline rows: `pnpm bench keep xarray`, `pnpm bench compare REV xarray`. `pnpm bench xarray` has all rows and all alternatives.
import type { Contestants, Params, Row } from '@idspace/testkit/bench';
import { cyclicContestants } from './cyclic.ts';
import { idContestants } from './ids.ts';
import { mapContestants } from './maps.ts';

const row =
  (contestants: Contestants, pattern: string) =>
  (own: string, operation: string, peer: string, n = 100_000): Row => {
    const params: Params = { n, pattern };
    return {
      name: `${own}: ${operation}, ${pattern}, ${n.toLocaleString('en')}`,
      setup: () => contestants[own]![operation]!(params),
      peer: { name: peer, setup: () => contestants[peer]![operation]!(params) },
    };
  };

const dense = row(mapContestants, 'dense');
const uniform = row(mapContestants, 'uniform');
const ids = row(idContestants, 'dense');
const cyclic = row(cyclicContestants, 'dense');

export const rows: readonly Row[] = [
  dense('XArray', 'load, random', 'Map'),
  dense('XArray', 'load, random', 'Map', 1_000_000),
  dense('XArray', 'store, sequential from empty', 'Map'),
  dense('XArray', 'erase all, shuffled', 'Map'),
  dense('XArray', 'iterate, in order', 'Map'),
  dense('IntMap', 'load, random', 'Map'),
  dense('IntMap', 'store, sequential from empty', 'Map'),
  uniform('SparseXArray', 'load, random', 'Map'),
  uniform('SparseXArray', 'store, random from empty', 'Map'),
  ids('XArray', 'alloc, fill from empty', 'heap'),
  ids('XArray', 'free random, alloc lowest', 'heap'),
  ids('Ida', 'alloc, fill from empty', 'heap'),
  ids('Ida', 'free random, alloc lowest', 'heap'),
  cyclic('XArray', 'alloc cyclic, window of 1000', 'Set, probing', 1000),
];
