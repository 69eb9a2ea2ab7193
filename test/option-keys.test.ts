// Options that there are not are refused by every call that takes options: a mistyped key must not be passed over in silence.

import { describe, expect, test } from 'vitest';
import * as evaluation from '../packages/evaluation/src/index.ts';
import * as kernelIds from '../packages/kernel-ids/src/index.ts';
import * as liveKernel from '../packages/live-kernel/src/index.ts';
import * as timers from '../packages/posix-timers/src/index.ts';
import { findDuplicateId, findEndlessSearch } from '../packages/posix-timers/src/races/index.ts';
import * as planner from '../packages/restore-planner/src/index.ts';
import { MemoryBytes } from '../packages/restore-planner/test/support/memory-bytes.ts';

type Bag = Record<string, unknown>;

/** What is called with options, good ones, a mistyped key and the one it may mean; null where the error lists all keys without a hint. */
type Row = [call: string, run: (options: never) => unknown, good: Bag, mistyped: string, meant: string | null];

const process = (): timers.Process => new timers.Kernel({ release: '6.18' }).spawn();
const CHECKPOINT: planner.Checkpoint = { source: 'x', format: 'criu-v1.1', processes: [] };
const PLAN = planner.planRestore(CHECKPOINT, { kernel: '6.18', criu: '4.2' });
const PROCESS_PLAN = planner.planRestore(
  { ...CHECKPOINT, processes: [{ pid: 1, ppid: 0, threads: [1], timers: [], rlimitSigpending: null }] },
  { kernel: '6.18', criu: '4.2' },
).processes[0]!;
const TEXT = 'ID: 0\nsignal: 0/0000000000000000\nnotify: none/pid.5\nClockID: 1\n';
const LISTING = new Blob([TEXT]);
const STREAM = async function* (): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(await LISTING.arrayBuffer());
};
const HARDWARE = evaluation.hardwareNamed(evaluation.HARDWARE_NAMES[0]!);
const PLACE = { timers: 2, processes: 1, stride: 1, machine: HARDWARE.name, cpus: 2, design: 'xarray' as const };
const SMALL = evaluation.WORKLOADS.restore!.make({ timers: 2, seed: 1 });
const first = async <Value>(values: AsyncIterable<Value>): Promise<Value | undefined> => {
  for await (const value of values) return value;
  return undefined;
};

// biome-ignore format: one call in a row
const ROWS: Row[] = [
  ['new Kernel', (options) => new timers.Kernel(options), { release: '6.18', cpus: 2 }, 'sigpendin', 'sigpending'],
  ['spawn', (options) => new timers.Kernel({ release: '6.18' }).spawn(options), { pid: 5 }, 'uidd', 'uid'],
  ['timerCreate, buffer', (options) => process().timerCreate(1, null, options), { id: 3 }, 'idpointer', 'idPointer'],
  ['timerCreate, sigevent', (options) => process().timerCreate(1, options), { notify: 1 }, 'sigo', 'signo'],
  ['createDeletePairs, sigevent', (options) => process().createDeletePairs(1, options, 2), { notify: 1 }, 'vale', 'value'],
  ['timerCreateAt, sigevent', (options) => process().timerCreateAt(1, options, 2), { notify: 1 }, 'tdi', null],
  ['createTimerTable', (options) => timers.createTimerTable('xarray', options), { cpus: 2 }, 'capacty', 'capacity'],
  ['findEndlessSearch', (options) => findEndlessSearch('6.1', options), { ids: 2 }, 'id', 'ids'],
  ['findDuplicateId', (options) => findDuplicateId('6.18', options), { ids: 2 }, 'id', 'ids'],
  ['new PidNamespace', (options) => new kernelIds.PidNamespace(options), { pidMax: 400 }, 'pidmax', null],
  ['new SysvIds', (options) => new kernelIds.SysvIds(options), { max: 4 }, 'extend', null],
  ['new PtyIndices', (options) => new kernelIds.PtyIndices(options), { max: 4 }, 'maximum', null],
  ['new AioContexts', (options) => new kernelIds.AioContexts(options), { max: 4 }, 'cpus', null],
  ['new WatchDescriptors', (options) => new kernelIds.WatchDescriptors(options), { max: 4 }, 'maxs', null],
  ['planRestore', (options) => planner.planRestore(CHECKPOINT, options), { kernel: '6.18', criu: '4.2' }, 'sigpendin', 'sigpending'],
  ['restorePlanner', (options) => planner.restorePlanner(CHECKPOINT)(options), { kernel: '6.18', criu: '4.2' }, 'nsPerPairs', 'nsPerPair'],
  ['planMatrix', (options) => planner.planMatrix(CHECKPOINT, options), { criu: ['4.2'] }, 'kernel', 'kernels'],
  ['planTogether', (options) => planner.planTogether([CHECKPOINT], options), { sigq: 1 }, 'sigpendin', 'sigpending'],
  ['compareNodes', (options) => planner.compareNodes(CHECKPOINT, [{ name: 'a', kernel: '6.18', criu: '4.2', target: {} }], options), { sigq: 1 }, 'sigpendin', 'sigpending'],
  ['planNode', (options) => planner.planNode([], options), { sigq: 1 }, 'targets', 'target'],
  ['executePlan', (options) => planner.executePlan(PLAN, process(), options), { cleanUp: true }, 'cleanup', 'cleanUp'],
  ['rehearseProcess', (options) => planner.rehearseProcess(PROCESS_PLAN, process(), options), { newestFirst: true }, 'newesFirst', 'newestFirst'],
  ['playSpaces', (options) => planner.playSpaces({} as never, options, {} as never), { kernel: '6.18', criu: '4.2', target: {} }, 'taget', 'target'],
  ['readCheckpoint', (options) => planner.readCheckpoint('/proc/self/timers', options), {}, 'onProgres', 'onProgress'],
  ['findCheckpoints', (options) => first(planner.findCheckpoints('.', options)), {}, 'signl', 'signal'],
  ['readCheckpointStream', (options) => planner.readCheckpointStream(STREAM(), 'x', options), {}, 'onprogress', 'onProgress'],
  ['readCheckpointBlob', (options) => planner.readCheckpointBlob(LISTING, 'x', options), {}, 'signals', 'signal'],
  ['readCheckpointBytes', (options) => planner.readCheckpointBytes(new MemoryBytes(TEXT), options), {}, 'onProgrss', 'onProgress'],
  ['readCheckpointFiles', (options) => planner.readCheckpointFiles({ x: LISTING } as never, 'x', options), {}, 'trees', 'tree'],
  ['findCheckpointFiles', (options) => first(planner.findCheckpointFiles({ x: LISTING } as never, 'x', options)), {}, 'sinal', 'signal'],
  ['evaluate', (options) => evaluation.evaluate(options), { timers: 1, designs: ['xarray'] }, 'timer', 'timers'],
  ['runWorkload', (run) => evaluation.runWorkload(SMALL, run), { designs: ['xarray'], cpus: 2, seed: 1, machine: HARDWARE }, 'design', 'designs'],
  ['lookupTimes', (run) => evaluation.lookupTimes(SMALL, run), { designs: ['xarray'], cpus: 2, seed: 1, machine: HARDWARE }, 'sed', 'seed'],
  ['predict', (options) => evaluation.predict(options, []), { seed: 1 }, 'machines', 'machine'],
  ['evaluateCell, place', (place) => evaluation.evaluateCell(0, place, { seed: 1, sample: 9 }), PLACE, 'strides', 'stride'],
  ['evaluateCell, grid', (grid) => evaluation.evaluateCell(0, PLACE, grid), { seed: 1, sample: 9 }, 'order', 'orders'],
  ['WORKLOADS.sparse.make', (options) => evaluation.WORKLOADS.sparse!.make(options), { seed: 1 }, 'strid', 'stride'],
  ['churner', (options) => evaluation.churner('go-pprof', options), { seed: 1 }, 'thread', 'threads'],
  ['gatherFacts', (places) => liveKernel.gatherFacts(places), { proc: '/none', sys: '/none', pts: '/none', criu: () => ({ why: 'x' }) }, 'second', 'seconds'],
  ['runInChild, place', (place) => liveKernel.runInChild(place, undefined as never), { module: 'data:text/javascript,export const x = async () => 1', name: 'x' }, 'names', 'name'],
  ['runInChild, options', (options) => liveKernel.runInChild({ module: 'data:text/javascript,export const x = async () => 1', name: 'x' }, undefined as never, options), {}, 'onProgres', 'onProgress'],
];

/** What a call does, whether it throws or rejects. */
async function outcomeOf(run: (options: never) => unknown, options: Bag): Promise<unknown> {
  try {
    return await run(options as never);
  } catch (error) {
    return error;
  }
}

describe.each(ROWS)('%s', (_, run, good, mistyped, meant) => {
  test('refuses a mistyped key, naming it and the one that may be meant', async () => {
    const error = (await outcomeOf(run, { ...good, [mistyped]: undefined })) as planner.Refusal;
    expect(error).toBeInstanceOf(RangeError);
    expect(error.got).toBe(`the key '${mistyped}'`);
    expect(error.message.endsWith(`${error.argument}: got ${error.got}, expected ${error.expected}`)).toBe(true);
    if (meant !== null) expect(error.expected).toContain(`(did you mean '${meant}'?)`);
    else expect(error.expected).not.toBe('');
  });

  test('takes the known ones', async () => {
    const { got } = ((await outcomeOf(run, good)) ?? {}) as Partial<planner.Refusal>;
    expect(got).toBeUndefined();
  });

  test.each([new Map([[1, 2]]), new Set([1]), [], [[1, 2]], new Uint8Array(1), new Date(0)].map((one) => [one]))(
    'refuses %o in their place',
    async (collection) => {
      const error = (await outcomeOf(run, collection as never)) as planner.Refusal;
      expect(error).toBeInstanceOf(RangeError);
      expect(error.got).not.toContain('key');
    },
  );

  test.each([[null], [7], ['kernel']])('refuses %j in their place', async (value) => {
    expect(await outcomeOf(run, value as never)).not.toBeInstanceOf(TypeError);
  });
});
