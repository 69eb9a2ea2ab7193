// All contestants, with all that they can do.
import type { Contestants, Workload } from '@idspace/testkit/bench';
import { cyclicContestants } from './cyclic.ts';
import { idPeers } from './id-peers.ts';
import { idContestants } from './ids.ts';
import { mapPeers } from './map-peers.ts';
import { mapContestants } from './maps.ts';
import { markContestants } from './marks.ts';
import { orderedContestants } from './ordered.ts';
import { setContestants } from './sets.ts';
import { smallContestants } from './small.ts';
import { snapshotContestants } from './snapshots.ts';

const contestants: Record<string, Record<string, Workload>> = {};
const groups: Contestants[] = [
  mapContestants,
  mapPeers,
  idContestants,
  idPeers,
  cyclicContestants,
  markContestants,
  orderedContestants,
  setContestants,
  snapshotContestants,
  smallContestants,
];
for (const group of groups) {
  for (const [name, workloads] of Object.entries(group)) {
    contestants[name] = { ...contestants[name], ...workloads };
  }
}

export { contestants };
