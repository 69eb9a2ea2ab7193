// The process of one crew: several sides in one process take turns run by run, so that what disturbs the machine disturbs all of them.
// Each side has modules of its own, so no inline caches or optimised code are shared; the heap is.
import { random } from '../random.ts';
import type { Contestants, Workload } from './workload.ts';

export interface DuelRequest {
  /** Bundle that exports `contestants`, and who in it. Sides with the same bundle get instances of their own. */
  sides: { module: string; name: string }[];
  /** The sides in the order in which they are loaded and warmed up. */
  order: number[];
  operation: string;
  /** Timed CPU milliseconds of the first side to gather at least. */
  atLeast: number;
  /** Of the order of the turns. */
  seed: number;
}
/** Of each side, nanoseconds of CPU time per operation, run by run; or which side failed, and why. */
export type DuelReply = { times: number[][] } | { error: string; side: number };

const WARM_UP_MS = 50;
/** Rounds after which a process has enough, whatever they took, and those that it makes at least. */
const [MOST, LEAST] = [300, 5];
/** The last runs and what they made: V8 drops optimised code when the last object of a shape that it knows is collected. */
export const kept: unknown[] = [];

process.once('message', (request: DuelRequest) => {
  duel(request).then((reply) => process.send!(reply, () => process.disconnect()));
});

async function duel({ sides, order, operation, atLeast, seed }: DuelRequest): Promise<DuelReply> {
  let current = 0;
  try {
    const rng = random(seed);
    const workloads: Workload[] = [];
    for (const i of order) {
      current = i;
      const { module, name } = sides[i]!;
      const { contestants } = (await import(`${module}?side=${i}`)) as { contestants: Contestants };
      workloads[i] = contestants[name]![operation]!;
    }
    const run = (side: number): { ns: number; ops: number } => {
      current = side;
      const prepared = workloads[side]!({});
      globalThis.gc?.({ type: 'minor' }); // what was made before is not to be collected on this run's time
      const start = process.cpuUsage();
      const made = prepared.run();
      const { user, system } = process.cpuUsage(start);
      kept[side] = [prepared, made];
      return { ns: (user + system) * 1000, ops: prepared.ops };
    };
    for (const side of order) {
      for (let ns = 0, n = 0; n < MOST && (n < 2 || ns < WARM_UP_MS * 1e6); n++) ns += run(side).ns;
    }
    globalThis.gc?.();
    for (const side of order) run(side); // a full collection takes with it code that was optimised inside a loop
    const times = sides.map((): number[] => []);
    for (let total = 0, n = 0; n < MOST && (n < LEAST || total < atLeast * 1e6); n++) {
      for (const side of rng.shuffle([...order])) {
        const { ns, ops } = run(side);
        times[side]!.push(ns / ops);
        if (side === 0) total += ns;
      }
    }
    return { times };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), side: current };
  }
}
