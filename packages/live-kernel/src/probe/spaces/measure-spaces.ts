// A job for a child process: how the running kernel hands out the IDs beside timers, and what that costs.
import { type LiveIds, openLiveIds } from '../../agent/live-ids.ts';
import type { JobContext } from '../../job.ts';
import { type Libc, loadLibc } from '../../libc.ts';
import { LiveKernelError } from '../../live-kernel-error.ts';
import { type Cost, costOf } from '../cost.ts';
import { median } from '../median.ts';
import { findPolicies } from './find-policies.ts';
import { type Operation, type Operations, rawOperations } from './raw-calls.ts';
import type { ProbedSpace, SpaceProbe } from './space-probe.ts';

const ROUNDS = 25;
const ROUNDS_OF_RINGS = 5; // destroying one waits for every CPU, some 20 ms
const FORKS = 40;
const SPACES: readonly ProbedSpace[] = ['pids', 'inotify', 'sysv', 'pty', 'aio'];

/** Measures each space. This process moves to other namespaces: run it in a child. */
export async function measureSpaces(_: undefined, { signal, onProgress }: JobContext<number>): Promise<SpaceProbe[]> {
  const { ids, why } = await openOr();
  const forks = ids === null || 'why' in ids.pids ? [] : [forkCost(ids)];
  const found = ids === null ? null : findPolicies(ids);
  ids?.close();
  const { operations, missing } = await operationsOr();
  const costs = new Map<ProbedSpace, Cost[]>([['pids', forks]]);
  const idle = await loadLibc('labs');
  const libc = await loadLibc();
  for (const [done, operation] of operations.entries()) {
    if (signal.aborted) break;
    costs.set(operation.space, [...(costs.get(operation.space) ?? []), measure(operation, libc, idle)]);
    onProgress((done + 1) / operations.length);
    await new Promise(setImmediate); // lets an abort come through
  }
  return SPACES.map((space) => {
    const policy = found?.[space] ?? { policy: null, seen: null, canAsk: null, unknown: why };
    const unknown = policy.unknown ?? missing.get(space) ?? null;
    return { space, ...policy, unknown, costs: costs.get(space) ?? [] };
  });
}

async function openOr(): Promise<{ ids: LiveIds | null; why: string | null }> {
  try {
    return { ids: await openLiveIds(), why: null };
  } catch (error) {
    if (!(error instanceof LiveKernelError)) throw error;
    return { ids: null, why: `${error.message}.` };
  }
}

async function operationsOr(): Promise<Operations> {
  try {
    return await rawOperations();
  } catch (error) {
    if (!(error instanceof LiveKernelError)) throw error;
    return { operations: [], missing: new Map(SPACES.map((space) => [space, `${error.message}.`])) };
  }
}

function measure({ space, what, times, run, undo }: Operation, libc: Libc, idle: Libc): Cost {
  const sample = (calls: Libc): number => {
    const start = process.hrtime.bigint();
    for (let i = 0; i < times; i++) run(calls);
    const ns = Number(process.hrtime.bigint() - start) / times;
    undo?.(calls);
    return ns;
  };
  const rounds = Array.from({ length: space === 'aio' ? ROUNDS_OF_RINGS : ROUNDS });
  sample(idle);
  sample(libc); // warm up
  const calling = median(rounds.map(() => sample(idle)));
  return costOf(
    what,
    rounds.map(() => sample(libc)),
    calling,
  );
}

/** A fork by number, its end, and waiting for it; what telling another process to do so takes is taken off. */
function forkCost({ pids }: LiveIds): Cost {
  if ('why' in pids) throw new Error(pids.why);
  const timed = (act: () => void): number => {
    const start = process.hrtime.bigint();
    act();
    return Number(process.hrtime.bigint() - start);
  };
  const telling = Array.from({ length: FORKS }, () => timed(() => pids.sidOf(pids.first)));
  const forks = Array.from({ length: FORKS }, (_, at) =>
    timed(() => pids.end(pids.first, pids.fork(pids.first, 9000 + at))),
  );
  return costOf('ask + fork + end + wait', forks, 2 * median(telling));
}
