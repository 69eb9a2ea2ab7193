// A worker that adds keys of its own, as many as are its share of the capacity, and takes out those of all others: so its
// free entries are now too many, now none.
import { parentPort } from 'node:worker_threads';
import { SharedHashTable } from '@idspace/hash-table/shared';
import { HANG_MS } from '@idspace/testkit';

export interface RoomJob {
  handle: SharedArrayBuffer;
  owner: number;
  workers: number;
  keys: number;
  laps: number;
}
export interface RoomOutcome {
  /** What the first refused `insert` said, if any was refused. */
  refused: string | null;
}

parentPort?.on('message', ({ handle, owner, workers, keys, laps }: RoomJob) => {
  const table = SharedHashTable.attach(handle, { owner, timeoutMs: HANG_MS });
  let refused: string | null = null;
  try {
    for (let lap = 0; lap < laps; lap++) {
      for (let id = 0; id < keys; id++) table.insert(owner, 0, id, 1);
      for (let other = 2; other < 2 + workers; other++) for (let id = 0; id < keys; id++) table.remove(other, 0, id);
    }
  } catch (error) {
    refused = String(error);
  }
  table.detach();
  parentPort?.postMessage({ refused });
});
