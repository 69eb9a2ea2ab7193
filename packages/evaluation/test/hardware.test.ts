// The machine model: queues against known results, and the way a workload's threads meet at locks.
import { describe, expect, test } from 'vitest';
import { eventTime, type Load, type OperationWork, operationTime } from '../src/hardware/operation-time.ts';
import { HARDWARE_NAMES, hardwareNamed } from '../src/hardware/presets.ts';
import { waitingTime } from '../src/hardware/queueing.ts';
import { compareTimes } from '../src/hardware/tie.ts';

describe('waitingTime', () => {
  const single = { visits: 1, holdNs: 100, share: 1 };

  test('one thread never waits', () => {
    expect(waitingTime(50, [single], 1)).toEqual({ operationNs: 150, waitNs: [0] });
  });

  test('with nothing but the lock, threads go through one by one', () => {
    for (const threads of [2, 3, 64])
      expect(waitingTime(0, [single], threads).operationNs).toBeCloseTo(threads * 100, 6);
  });

  test('never less than threads × hold, nor than one operation alone', () => {
    for (const think of [0, 10, 1000, 100_000]) {
      for (const threads of [1, 2, 16, 100]) {
        const { operationNs } = waitingTime(think, [single], threads);
        expect(operationNs).toBeGreaterThanOrEqual(Math.max(threads * 100, think + 100) - 1e-6);
      }
    }
  });

  test('two threads at one lock with equal think time: the known 2.5 holds', () => {
    // MVA by hand: n=1: R=100, cycle 200, queue 1/2. n=2: R = 100 × 1.5, cycle 250.
    expect(waitingTime(100, [single], 2).operationNs).toBeCloseTo(250, 9);
  });

  test('a row of locks is waited for less the longer it is', () => {
    const times = [1, 8, 512, 32_768].map((n) => waitingTime(100, [{ ...single, share: 1 / n }], 64).operationNs);
    expect(times).toEqual([...times].sort((a, b) => b - a));
    expect(times[3]).toBeCloseTo(200, 0);
  });
});

describe('operationTime', () => {
  const machine = hardwareNamed(HARDWARE_NAMES[0]);
  const load: Load = { processes: 1, threads: 1, cpus: 64, buckets: 512 };
  const lookup: OperationWork = {
    operation: 'lookup',
    memoryNs: 40,
    locks: [{ name: 'it_lock', acquired: 1, holdNs: 5 }],
  };

  test('one thread: the call, its body, its references', () => {
    const { syscallNs, lookupNs } = machine.parameters;
    expect(operationTime(lookup, load, machine).nsPerOp).toBe(syscallNs.value + lookupNs.value + 40);
  });

  test('lookups of own timers do not wait, however many threads', () => {
    const alone = operationTime(lookup, load, machine).nsPerOp;
    expect(operationTime(lookup, { ...load, threads: 63 }, machine).nsPerOp).toBe(alone);
  });

  test('more threads than CPUs take turns: they wait for a CPU, which is not a time of the operation', () => {
    const alone = operationTime(lookup, load, machine);
    expect(alone.cpuWaitNs).toBe(0);
    const crowded = operationTime(lookup, { ...load, threads: 256, cpus: 64 }, machine);
    expect(crowded.nsPerOp).toBeCloseTo(alone.nsPerOp, 9);
    expect(crowded.cpuWaitNs).toBeCloseTo(3 * alone.nsPerOp, 9);
  });

  test('an exit waits for its CPU as long as a delete does, in proportion', () => {
    const work = { memoryNs: 40, locks: [] };
    const crowd = { ...load, processes: 4, cpus: 2 };
    const exit = eventTime('exit', 10, work, crowd, machine);
    expect(exit.nsPerOp).toBeGreaterThan(eventTime('delete', 1, work, crowd, machine).nsPerOp);
    expect(exit.cpuWaitNs).toBeCloseTo(exit.nsPerOp, 9);
  });

  test('creates of one user meet at its count of pending signals, lookups do not', () => {
    const threads = { ...load, threads: 63 };
    const { nsPerOp, pendingSignals } = operationTime({ ...lookup, operation: 'create' }, threads, machine);
    const { atomicNs, transferNs } = machine.parameters;
    expect(pendingSignals).toMatchObject({ acquired: 1, holdNs: atomicNs.value + transferNs.value });
    expect(nsPerOp).toBeGreaterThanOrEqual(63 * (atomicNs.value + transferNs.value));
    expect(operationTime(lookup, threads, machine)).not.toHaveProperty('pendingSignals');
  });

  const createWith = (name: 'hash_lock' | 'bucket lock' | 'siglock'): OperationWork => ({
    operation: 'create',
    memoryNs: 2000,
    locks: [{ name, acquired: 1, holdNs: 1000 }],
  });

  test('one lock for the machine holds all threads up, a lock per process only its own', () => {
    const threads = { ...load, processes: 4, threads: 8 };
    const global = operationTime(createWith('hash_lock'), threads, machine).nsPerOp;
    const process = operationTime(createWith('siglock'), threads, machine).nsPerOp;
    const bucket = operationTime(createWith('bucket lock'), { ...threads, buckets: 32_768 }, machine).nsPerOp;
    expect(global).toBeGreaterThanOrEqual(32 * 1000);
    expect(process).toBeGreaterThanOrEqual(8 * 1000 * 0.9);
    expect(process).toBeLessThan(global / 2);
    expect(bucket).toBeLessThan(process / 1.5);
    const single = operationTime(createWith('siglock'), { ...load, processes: 32 }, machine);
    expect(single.locks[0].waitNs).toBe(0);
  });
});

test('every parameter says where it is from; an unknown machine is refused by name', () => {
  for (const name of HARDWARE_NAMES) {
    const { parameters, levels } = hardwareNamed(name);
    expect(parameters.readNs).toHaveLength(levels.length + 1);
    for (const parameter of Object.values(parameters).flat()) {
      expect(['documented', 'measured', 'calibrated', 'assumed']).toContain(parameter.basis);
      expect(parameter.uncertainty).toBeGreaterThan(1);
      expect(parameter.prior !== undefined).toBe(parameter.basis === 'calibrated');
      expect(parameter.source.length).toBeGreaterThan(5);
      expect(parameter.value).toBeGreaterThan(0);
    }
  }
  expect(() => hardwareNamed('cray')).toThrow(RangeError);
  expect(() => hardwareNamed('cray')).toThrow(/machine: got 'cray', expected one of ice-lake-sp/);
});

test('times differ where one is more than 10 % longer, whichever comes first', () => {
  expect(
    [
      [100, 110],
      [100, 110.2],
      [110.2, 100],
      [110, 100],
      [7, 7],
    ].map(([a, b]) => compareTimes(a!, b!)),
  ).toEqual(['tie', 'faster', 'slower', 'tie', 'tie']);
});
