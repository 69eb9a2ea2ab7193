// The recorder of system calls counts what evaluate()'s own recording counts of the same operations on the same table.
import { createTimerTable, type DesignName, Kernel } from '@idspace/posix-timers';
import { random, withinBudget } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { CallMeter, CallRecorder } from '../src/calls/index.ts';
import { CostMeter } from '../src/evaluate/cost-meter.ts';
import { Recording } from '../src/evaluate/recording.ts';
import { hardwareNamed } from '../src/hardware/presets.ts';
import { ReferenceLog } from './reference-log.ts';

const RELEASES = ['3.9', '6.1', '6.18', 'xarray', 'xarray-cyclic', 'restricted:5000', 'reversed', 'cursor-sysctl'];
const CPUS = 2;
const SEED = Number(process.env.TEST_SEED ?? 1);
const DESKTOP = hardwareNamed('desktop');

/** What a table knows of its processes' addresses. */
interface Addresses {
  signals: { lo(process: number): number; hi(process: number): number };
}

/** A table like the kernel's, with a process at the same address. */
function twin({ table }: Kernel): Recording {
  const { signals } = ((table as { inner?: object }).inner ?? table) as Addresses;
  const design = table.design as DesignName;
  const own = createTimerTable(design, { cpus: CPUS });
  own.addProcess(signals.lo(1), signals.hi(1));
  const recording = new Recording(own, design, CPUS, [DESKTOP]);
  recording.resume();
  return recording;
}

test.each(withinBudget(RELEASES, { least: 4 }))(
  `a kernel %s: creates, lookups and deletes at random, seed ${SEED}`,
  (release) => {
    const rng = random(SEED);
    const kernel = new Kernel({ release, cpus: CPUS });
    const meter = new CostMeter([DESKTOP], 1);
    const recorder = new CallRecorder(kernel.table, CPUS, meter);
    const process = kernel.spawn();
    const expected = twin(kernel);
    const live: number[] = [];
    const shown = (id: number): number => (release === 'reversed' ? 0x7fffffff - id : id);
    for (let step = 0; step < 600; step++) {
      const kind = live.length === 0 || rng.below(3) > 0 ? 'create' : rng.pick(['lookup', 'delete'] as const);
      meter.begin(0, kind);
      if (kind === 'create') {
        const id = recorder.record(kind, () => process.timerCreate(1, null));
        expect(shown(id)).toBe(expected.create(1).id);
        live.push(id);
        continue;
      }
      const at = rng.below(live.length);
      const id = live[at]!;
      if (kind === 'delete') live.splice(at, 1);
      const call = kind === 'lookup' ? () => process.timerGettime(id) : () => process.timerDelete(id);
      expect(recorder.record(kind, call)).toBe(0);
      expected[kind](1, shown(id));
      // Plain in between: nothing is lost.
      if (step % 100 === 99) recorder.detach();
    }
    // Two policies add accesses of their own: to the next ID, or to the ID of a timer.
    if (release === 'reversed' || release.startsWith('restricted')) return;
    for (const kind of ['create', 'lookup', 'delete']) {
      expect(meter.tally(kind).means()).toEqual(expected.kernel.tally(kind).means());
      expect(meter.tally(kind).servedBy()).toEqual(expected.kernel.tally(kind).servedBy());
      expect(meter.tally(kind).work()).toEqual(expected.kernel.tally(kind).work());
    }
  },
);

test.each(['6.1', 'xarray', '3.9'])(
  'a kernel %s: a create that is passed leaves the lines of its timer, and its nodes their addresses',
  (release) => {
    const [whole, passed] = [true, false].map((recorded) => {
      const kernel = new Kernel({ release });
      const log = new ReferenceLog();
      const recorder = new CallRecorder(kernel.table, 1, log);
      const process = kernel.spawn();
      const touched = new Set<number>();
      for (let i = 0; i < 500; i++) {
        const timer = kernel.table.timers.next;
        const create = (): number => process.timerCreate(1, null);
        const id = recorded ? recorder.record('create', create) : create();
        if (!recorded) recorder.passCreate(1, timer, id, (at) => touched.add(Math.floor(at / 64)));
      }
      const creating = recorded ? log.touched : touched;
      log.references = [];
      recorder.record('lookup', () => process.timerGettime(321));
      recorder.detach();
      return { creating, looking: log.references };
    });
    expect(passed!.looking).toEqual(whole!.looking);
    expect([...passed!.creating].filter((line) => !whole!.creating.has(line))).toEqual([]);
    expect(passed!.creating.size).toBeGreaterThan(500);
  },
);

test('calls that are not recorded leave no reference', () => {
  const kernel = new Kernel({ release: '6.18' });
  const process = kernel.spawn();
  const log = new ReferenceLog();
  const recorder = new CallRecorder(kernel.table, 1, log);
  recorder.record('create', () => process.timerCreate(1, null));
  const recorded = log.references.length;
  expect(recorded).toBeGreaterThan(0);
  process.timerCreate(1, null);
  process.timerGettime(0);
  expect(log.references.length).toBe(recorded);
});

test('detached, the table is as it was', () => {
  const kernel = new Kernel({ release: '6.18' });
  const process = kernel.spawn();
  const recorder = new CallRecorder(kernel.table, 1, new ReferenceLog());
  recorder.record('create', () => process.timerCreate(1, null));
  expect(Object.hasOwn(kernel.table.timers, 'allocate')).toBe(true);
  recorder.detach();
  expect(Object.hasOwn(kernel.table.timers, 'allocate')).toBe(false);
  expect(Object.getOwnPropertyDescriptor(kernel.table.timers, 'id')).toHaveProperty('value');
});

test.each(['6.1', '6.18', 'xarray'])(
  'the meter of single calls adds up to what is counted of all, on %s',
  (release) => {
    const kernel = new Kernel({ release, cpus: CPUS });
    const [all, each] = [new CostMeter([DESKTOP], 1), new CallMeter(DESKTOP)];
    const process = kernel.spawn();
    const recorder = new CallRecorder(kernel.table, CPUS, {
      read: (...access) => [all, each].forEach((sink) => void sink.read(...access)),
      write: (...access) => [all, each].forEach((sink) => void sink.write(...access)),
      atomic: (...access) => [all, each].forEach((sink) => void sink.atomic(...access)),
      lock: (...access) => [all, each].forEach((sink) => void sink.lock(...access)),
    });
    const sum = { refs: 0, linesTouched: 0, servedBy: [0, 0, 0] };
    const levels = [0, 0, 0];
    for (let i = 0; i < 300; i++) {
      all.begin(0, 'create');
      each.begin();
      recorder.record('create', () => process.timerCreate(1, null));
      const { refs, linesTouched, servedBy, ns } = each.cost('create', kernel.table.design as DesignName, CPUS);
      expect(each.accesses).toHaveLength(refs);
      for (const { level } of each.accesses) levels[level]!++;
      expect(ns).toBeGreaterThan(100);
      expect(each.lines()).toContain(Math.floor(each.accesses.at(-1)!.address / 64));
      sum.refs += refs;
      sum.linesTouched += linesTouched;
      for (const [level, n] of servedBy.entries()) sum.servedBy[level] += n;
    }
    const tally = all.tally('create');
    expect(sum.refs).toBeCloseTo(tally.means().refs * 300);
    expect(sum.linesTouched).toBeCloseTo(tally.means().linesTouched * 300);
    expect(sum.servedBy).toEqual([...tally.served.slice(0, -1)]);
    expect(levels).toEqual(sum.servedBy);
  },
);

test('a line that was brought in serves the next call', () => {
  const meter = new CallMeter(DESKTOP);
  meter.warm(640);
  meter.begin();
  meter.read(0, 640, 8, 'timer');
  meter.read(0, 6400, 8, 'timer');
  expect(meter.accesses.map(({ level }) => level)).toEqual([0, DESKTOP.levels.length]);
});
