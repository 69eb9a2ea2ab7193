// Warnings by code: restores that fail, restores that succeed wrongly, and what no image holds.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Checkpoint,
  type CheckpointTimer,
  type PlanWarning,
  type ProcessPlan,
  planRestore,
  planToJson,
  readCheckpoint,
  WARNING_CODES,
  type WarningCode,
} from '@idspace/restore-planner';
import { sizeWithinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { readImages } from '../src/image/read-images.ts';
import { checkpointOf, timerOf } from './support/checkpoints.ts';
import { CASES, GROUND_TRUTH } from './support/given-images.ts';
import { memorySource, oneProcess, type TimerInit } from './support/images.ts';

const TODAY = { kernel: '6.18', criu: '4.2' };
const THREAD_CPUTIME = -2;
const ALWAYS = ['counter-lost', 'mode-lost'];
const cpuClock = (pid: number, kind: number): number => (~pid << 3) | kind;

/** One process, pid 10, that leads threads 11 and 12, beside a process 20 with a thread 21. */
function family(...timers: CheckpointTimer[]): Checkpoint {
  const checkpoint = checkpointOf([[], []]);
  Object.assign(checkpoint.processes[0]!, { pid: 10, threads: [10, 11, 12], timers });
  Object.assign(checkpoint.processes[1]!, { pid: 20, threads: [20, 21] });
  return checkpoint;
}

const planned = (checkpoint: Checkpoint, options = TODAY): ProcessPlan =>
  planRestore(checkpoint, options).processes[0]!;
const codes = ({ warnings }: { warnings: PlanWarning[] }): string[] => warnings.map(({ code }) => code);
const warning = (plan: ProcessPlan, wanted: WarningCode): PlanWarning | undefined =>
  plan.warnings.find(({ code }) => code === wanted);

describe('what every image forgets', () => {
  test('a process with timers loses its counter and its mode; one without has nothing to lose', () => {
    const plan = planned(checkpointOf([[3, 1]]));
    expect(plan.warnings).toEqual([
      { code: 'counter-lost', ids: [], text: expect.stringContaining('the next ID is 4:') },
      { code: 'mode-lost', ids: [], text: expect.stringContaining('PR_TIMER_CREATE_RESTORE_IDS') },
    ]);
    expect(planned(checkpointOf([[]])).warnings).toEqual([]);
  });

  test('after INT_MAX the next ID is 0', () => {
    expect(warning(planned(checkpointOf([[2 ** 31 - 1]])), 'counter-lost')!.text).toContain('the next ID is 0:');
  });

  test('a restore that fails promises no next ID', () => {
    const plan = planned(checkpointOf([[3, 9]]), { kernel: 'dense', criu: '4.2' });
    expect(warning(plan, 'counter-lost')!.text).not.toMatch(/next ID is/);
  });

  test.each(CASES)('%s', async (name) => {
    const plan = planned(await readCheckpoint(join(GROUND_TRUTH, name)));
    const isThreaded = name === 'clocks-and-notify-kinds';
    expect(codes(plan)).toEqual(isThreaded ? ['thread-cpu-clock', 'wall-clock', ...ALWAYS] : ALWAYS);
    if (isThreaded) expect(plan.warnings.map(({ ids }) => ids)).toEqual([[6], [0], [], []]);
  });
});

describe('thread-cpu-clock', () => {
  test('in a process of one thread the clock is right', () => {
    expect(codes(planned(checkpointWith(timerOf(0, { clock: THREAD_CPUTIME }))))).toEqual(ALWAYS);
  });

  test.each([
    THREAD_CPUTIME,
    3, // CLOCK_THREAD_CPUTIME_ID before timer_create encodes it
    cpuClock(0, 4),
    cpuClock(0, 5),
  ])('in a process of several it may be any thread (clock %d); the restore succeeds', (clock) => {
    const plan = planned(family(timerOf(5, { clock }), timerOf(2, { clock }), timerOf(3)));
    expect(plan.outcome).toBe('ok');
    expect(codes(plan)).toEqual(['thread-cpu-clock', ...ALWAYS]);
    expect(plan.warnings[0]!.ids).toEqual([2, 5]);
    expect(plan.warnings[0]!.text).toMatch(/from the leader, thread 10\. If another thread had created the timer/);
  });

  test('it almost certainly was another one where another one is signalled', () => {
    const to = (notifyThreadId: number) =>
      ({ clock: THREAD_CPUTIME, notify: 'thread-id', notifyThreadId, signo: 34 }) as const;
    expect(warning(planned(family(timerOf(0, to(10)))), 'thread-cpu-clock')!.text).not.toContain('certainly');
    expect(warning(planned(family(timerOf(0, to(12)))), 'thread-cpu-clock')!.text).toContain(
      'signal thread 12 were almost certainly created by that thread',
    );
  });

  test('the CPU time of a named thread or of the process is no such clock', () => {
    expect(codes(planned(family(timerOf(0, { clock: cpuClock(11, 6) }), timerOf(1, { clock: -6 }))))).toEqual(ALWAYS);
  });
});

describe('timers the kernel refuses', () => {
  test.each([
    ['a process that is gone', cpuClock(99, 2), 'CPU time of process 99'],
    ['a thread that is gone', cpuClock(99, 6), 'CPU time of thread 99'],
    ['a thread of another process', cpuClock(21, 6), 'CPU time of thread 21'],
    ['a thread taken for a process', cpuClock(11, 2), 'CPU time of process 11'],
    ['user time of a process that is gone', cpuClock(99, 1), 'user time of process 99'],
  ])('dead-cpu-clock: %s', (_, clock, name) => {
    const plan = planned(family(timerOf(4), timerOf(7, { clock })));
    expect(codes(plan)).toEqual(['dead-cpu-clock', ...ALWAYS]);
    expect(plan.warnings[0]).toMatchObject({ ids: [7], text: expect.stringContaining(name) });
    expect(plan).toMatchObject({ outcome: 'fails', errno: 'EINVAL', peakTimers: 1, nextId: 8 });
  });

  test.each([cpuClock(10, 2), cpuClock(20, 2), cpuClock(11, 6), cpuClock(0, 2), 0, 11])('clock %d is fine', (clock) =>
    expect(planned(family(timerOf(0, { clock }))).outcome).toBe('ok'),
  );

  test.each([
    ['gone', { notifyThreadId: 99 }, 'signal thread 99'],
    ['of another process', { notifyThreadId: 21 }, 'signal thread 21'],
    ['garbage', { notifyThreadId: -1_431_655_766 }, 'signal thread -1431655766'],
    ['not in the image', {}, 'does not say which'],
  ])('dead-notify-thread: %s', (_, whom, text) => {
    const plan = planned(family(timerOf(0), timerOf(1, { notify: 'thread-id', signo: 34, ...whom })));
    expect(codes(plan)).toEqual(['dead-notify-thread', ...ALWAYS]);
    expect(plan.warnings[0]).toMatchObject({ ids: [1], text: expect.stringContaining(text) });
    expect(plan).toMatchObject({ outcome: 'fails', errno: 'EINVAL' });
  });

  test('a thread that other kinds of timers do not signal does not matter', () => {
    expect(planned(family(timerOf(0, { notify: 'signal', signo: 34, notifyThreadId: 99 }))).outcome).toBe('ok');
  });

  test.each([
    [
      '3.18',
      '6.1',
      "Can't create posix timer - 1\nCan't restore posix timers -22",
      { creates: 6, deletes: 4, prctls: 0 },
    ],
    [
      '4.1.1',
      '6.18',
      "Can't create posix timer - 1\nCan't restore posix timers -22",
      { creates: 6, deletes: 4, prctls: 0 },
    ],
    [
      '4.2',
      '6.1',
      "Can't create posix timer - 1\nCan't restore posix timers -1",
      { creates: 6, deletes: 4, prctls: 1 },
    ],
    [
      '4.2',
      '6.18',
      "Can't create posix timer - 1: -22\nCan't restore posix timers -1",
      { creates: 2, deletes: 0, prctls: 2 },
    ],
  ])('CRIU %s on %s says so', (criu, kernel, error, counts) => {
    const plan = planned(family(timerOf(4), timerOf(9, { clock: cpuClock(99, 2) }), timerOf(12)), { kernel, criu });
    expect(plan).toMatchObject({ outcome: 'fails', error, errno: 'EINVAL', ...counts });
  });

  test('a listing of timers alone does not tell who is dead', () => {
    const timers = [
      timerOf(0, { clock: cpuClock(99, 2) }),
      timerOf(1, { notify: 'thread-id', signo: 34, notifyThreadId: 99 }),
    ];
    const bare = { ...family(...timers), complete: false };
    expect(planned(bare)).toMatchObject({ outcome: 'ok', errno: null });
    expect(codes(planned(bare))).toEqual(ALWAYS);
  });
});

describe('times that CRIU refuses', () => {
  const good = { sec: 1n, nsec: 999_999_999n };

  test.each([
    [{ sec: 0n, nsec: 1_000_000_000n }],
    [{ sec: 2n ** 63n, nsec: 0n }],
    [{ sec: 2n ** 64n - 1n, nsec: 0n }],
    [{ sec: 0n, nsec: 2n ** 64n - 1n }],
  ])('%o', (bad) => {
    const interval = planned(family(timerOf(0), timerOf(3, { interval: bad, value: good })));
    expect(codes(interval)).toEqual(['bad-interval', ...ALWAYS]);
    expect(interval.warnings[0]!.ids).toEqual([3]);
    const nothing = { strategy: 'none', creates: 0, deletes: 0, prctls: 0, errno: null, steps: [] };
    expect(interval).toMatchObject({ outcome: 'fails', error: 'Invalid timer interval(posix)', ...nothing });
    const value = planned(family(timerOf(0), timerOf(3, { interval: good, value: bad })));
    expect(codes(value)).toEqual(['bad-value', ...ALWAYS]);
    expect(value).toMatchObject({ outcome: 'fails', error: 'Invalid timer value(posix)', ...nothing });
  });

  test('the largest that are times', () => {
    const largest = { sec: 2n ** 63n - 1n, nsec: 999_999_999n };
    expect(planned(family(timerOf(0, { interval: largest, value: largest }))).outcome).toBe('ok');
  });

  test('the first timer of the image decides, though not the lowest ID; its interval before its value', () => {
    const bad = { sec: 0n, nsec: 1_000_000_000n };
    const plan = planned(family(timerOf(9, { value: bad }), timerOf(1, { interval: bad })));
    expect(plan.error).toBe('Invalid timer value(posix)');
    expect(codes(plan)).toEqual(['bad-interval', 'bad-value', ...ALWAYS]);
    expect(planned(family(timerOf(9, { value: bad, interval: bad }))).error).toBe('Invalid timer interval(posix)');
  });

  test('from an image', async () => {
    const bad: TimerInit[] = [
      { itId: 5, insec: 10n ** 9n },
      { itId: 2, clockId: 2 ** 32 - 2 },
    ];
    const plan = planned(await readImages(memorySource(oneProcess(bad))));
    expect(codes(plan)).toEqual(['bad-interval', ...ALWAYS]);
    const threadless: TimerInit[] = [
      { itId: 0, itSigevNotify: 4, siSigno: 34 },
      { itId: 1, clockId: cpuClock(8, 2) >>> 0 },
    ];
    const refused = planned(await readImages(memorySource(oneProcess(threadless))));
    expect(codes(refused)).toEqual(['dead-cpu-clock', 'dead-notify-thread', ...ALWAYS]);
  });
});

describe('timers that no kernel makes', () => {
  const refused = (timer: Partial<CheckpointTimer>, options = TODAY): ProcessPlan =>
    planned(family(timerOf(4), timerOf(7, timer)), options);

  type Refused = [code: WarningCode, what: string, timer: Partial<CheckpointTimer>, errno: string, nextId: number];
  const clocks = (errno: string, ...numbers: number[]): Refused[] =>
    numbers.map((clock) => ['timerless-clock', `clock ${clock}`, { clock }, errno, 5]);
  const kinds = (...numbers: number[]): Refused[] =>
    numbers.map((notifyKind) => {
      return ['bad-notify', `kind ${notifyKind}`, { notify: 'unknown', notifyKind, signo: 10 }, 'EINVAL', 8];
    });
  const signals = (notify: CheckpointTimer['notify'], ...numbers: number[]): Refused[] =>
    numbers.map((signo) => ['bad-signal', `${notify}, ${signo}`, { notify, signo, notifyThreadId: 10 }, 'EINVAL', 8]);

  test.each<Refused>([
    ...clocks('EOPNOTSUPP', 4, 5, 6, (~3 << 3) | 3),
    ...clocks('EINVAL', 10, 12, 16, 99, 2 ** 31 - 1),
    // From here on the ID is consumed: the next one follows.
    ['timerless-clock', 'a CPU clock of kind 7', { clock: (~0 << 3) | 7 }, 'EINVAL', 8],
    ['timerless-clock', 'a CPU clock of kind 7 of a process', { clock: cpuClock(10, 7) }, 'EINVAL', 8],
    ...kinds(3, 5, 6, 7, -1),
    ...signals('signal', -1, 0, 65),
    ...signals('thread', -1, 0, 65),
    ...signals('thread-id', -1, 0, 65),
  ])('%s: %s', (code, _, timer, errno, nextId) => {
    const plan = refused(timer);
    expect(codes(plan)).toEqual([code, ...ALWAYS]);
    expect(plan.warnings[0]!.ids).toEqual([7]);
    expect(plan).toMatchObject({ outcome: 'fails', errno, nextId, creates: 2, steps: { length: 4 } });
  });

  test.each([-1, 0, 65])('SIGEV_NONE does not look at signal %d', (signo) => {
    expect(refused({ notify: 'none', signo }).outcome).toBe('ok');
  });

  test('a signal of 1 and of 64 are the first and the last', () => {
    expect([1, 64].map((signo) => refused({ notify: 'signal', signo }).outcome)).toEqual(['ok', 'ok']);
  });

  test('CLOCK_TAI came with Linux 3.10, where IDs became those of a process', () => {
    expect(refused({ clock: 11 }, { kernel: '3.10', criu: '3.18' }).outcome).toBe('ok');
    expect(refused({ clock: 11 }, { kernel: '3.9', criu: '3.18' })).toMatchObject({ outcome: 'hangs' });
    // biome-ignore format: what belongs together stands in a row
    expect(planned(family(timerOf(0, { clock: 11 })), { kernel: '3.9', criu: '3.18' })).toMatchObject({
      outcome: 'fails', errno: 'EINVAL', error: "Can't create posix timer - 0\nCan't restore posix timers -22",
    });
  });

  test.each<[string, CheckpointTimer[], Partial<ProcessPlan>]>([
    [
      'below 0: refused first',
      [timerOf(5), timerOf(-1)],
      { errno: 'EINVAL', creates: 1, error: expect.stringContaining('- 0: -22') },
    ],
    [
      'INT_MIN after a high one',
      [timerOf(-(2 ** 31)), timerOf(5)],
      { errno: 'EINVAL', error: expect.stringContaining('- 1: -22') },
    ],
    [
      'twice',
      [timerOf(5), timerOf(2), timerOf(5)],
      { errno: 'EBUSY', creates: 3, error: expect.stringContaining('- 2: -16') },
    ],
    [
      'three times among many',
      [9, 3, 9, 1, 9].map((id) => timerOf(id)),
      { errno: 'EBUSY', error: expect.stringContaining('- 3: -16') },
    ],
    ['2³¹−1 twice', [timerOf(2 ** 31 - 1), timerOf(2 ** 31 - 1)], { errno: 'EBUSY', nextId: 0 }],
  ])('an ID %s', (_, timers, expected) => {
    const plan = planned(family(...timers));
    expect(plan).toMatchObject({ outcome: 'fails', ...expected });
    expect(['bad-id', 'same-id']).toContain(plan.warnings[0]!.code);
  });

  test('an ID twice where it cannot be asked for: the loop of 2013 is past it, the check of 2023 goes on to the last ID', () => {
    const twice = family(timerOf(5), timerOf(5));
    const lines = "Can't create timers, kernel don't give them consequently\nCan't restore posix timers -1";
    const common = { outcome: 'fails', error: lines, errno: null };
    expect(planned(twice, { kernel: '6.1', criu: '3.18' })).toMatchObject({ ...common, creates: 7, deletes: 6 });
    expect(planned(twice, { kernel: '6.1', criu: '4.1' })).toMatchObject({ ...common, creates: 2 ** 31 + 1 });
    // biome-ignore format: what belongs together stands in a row
    expect(planned(twice, { kernel: '6.1', criu: 'native' })).toMatchObject({
      outcome: 'fails', creates: 0, error: "Can't get timer ID 5: another timer of the process has it",
    });
  });

  test('an ID below 0 where it cannot be asked for: never comes', () => {
    const below = family(timerOf(-1), timerOf(3));
    expect(planned(below, { kernel: '6.1', criu: '3.18' })).toMatchObject({ outcome: 'hangs', creates: 2 ** 31 });
    expect(planned(below, { kernel: '6.1', criu: '4.1' })).toMatchObject({ outcome: 'fails', creates: 2 ** 31 + 1 });
    expect(planned(below, { kernel: '6.1', criu: 'native' }).error).toBe("Can't get timer ID -1: no kernel gives it");
  });
});

describe('restores that succeed wrongly', () => {
  const times = { interval: { sec: 0n, nsec: 0n }, value: { sec: 28n, nsec: 5n } };

  test('wall-clock: an armed timer on a clock that is set by hand', () => {
    const armed = [0, 8, 11].map((clock) => timerOf(clock, { clock, ...times }));
    const others = [1, 7, 9, -6].map((clock) => timerOf(40 - clock, { clock, ...times }));
    const disarmed = timerOf(50, { clock: 0 });
    const periodic = timerOf(51, { clock: 0, interval: { sec: 1n, nsec: 0n } }); // had expired at the moment of the dump
    const plan = planned(family(...armed, ...others, disarmed, periodic), {
      ...TODAY,
      rtc: true,
      capWakeAlarm: true,
    } as never);
    expect(plan.outcome).toBe('ok');
    expect(warning(plan, 'wall-clock')).toMatchObject({
      ids: [0, 8, 11, 51],
      text: expect.stringContaining('TIMER_ABSTIME'),
    });
    expect(codes(planned(family(disarmed)))).toEqual(ALWAYS);
  });

  test('overrun-lost: only where the image has some', () => {
    const plan = planned(family(timerOf(1), timerOf(2, { overrun: 3034 })));
    expect(plan.outcome).toBe('ok');
    expect(warning(plan, 'overrun-lost')).toMatchObject({
      ids: [2],
      text: expect.stringContaining('timer_getoverrun'),
    });
  });

  test('dead-cpu-clock: certain in a PID namespace of its own, or where it is not known; both where it is shared', () => {
    const of = (pidNamespace?: 'own' | 'shared', clock = cpuClock(99, 2)): ProcessPlan => {
      const checkpoint = family(timerOf(4), timerOf(7, { clock }));
      if (pidNamespace !== undefined) checkpoint.processes[0]!.pidNamespace = pidNamespace;
      return planned(checkpoint);
    };
    const error = "Can't create posix timer - 1: -22\nCan't restore posix timers -1";
    expect(of('own')).toMatchObject({ outcome: 'fails', error, errno: 'EINVAL', creates: 2 });
    expect(of()).toMatchObject({ outcome: 'fails', error });
    expect(of('shared')).toMatchObject({ outcome: 'depends', error, errno: 'EINVAL', creates: 2, nextId: 8 });
    expect(of('shared').warnings[0]).toMatchObject({
      code: 'dead-cpu-clock',
      ids: [7],
      text: expect.stringMatching(/another process.*EINVAL/),
    });
    expect(of('own').warnings[0]!.text).not.toContain('another process');
    // A thread's clock is only had by threads of the same process.
    expect(of('shared', cpuClock(99, 6)).outcome).toBe('fails');
  });

  test('dead-notify-thread: garbage is told from a thread that ended, and there is a way out', () => {
    const text = (notifyThreadId: number): string =>
      warning(planned(family(timerOf(1, { notify: 'thread-id', signo: 34, notifyThreadId }))), 'dead-notify-thread')!
        .text;
    expect(text(-1_431_655_766)).toMatch(/garbage.*4\.2.*SIGEV_NONE/);
    expect(text(0)).toMatch(/garbage/);
    expect(text(2 ** 22 + 1)).toMatch(/garbage/);
    expect(text(99)).not.toMatch(/garbage/);
    expect(text(99)).toMatch(/SIGEV_NONE/);
  });
});

test('many processes on the clocks of each other cost little', () => {
  const many = sizeWithinBudget(20_000, 5000);
  const checkpoint = checkpointOf(Array.from({ length: many }, () => []));
  for (const process of checkpoint.processes)
    process.timers = [timerOf(1, { clock: cpuClock(many + 1 - process.pid, 2) })];
  expect(planRestore(checkpoint, TODAY).totals).toMatchObject({ outcome: 'ok', timers: many });
});

test('the docs have every code, in order', () => {
  const readme = readFileSync(join(import.meta.dirname, '..', 'docs/plans.md'), 'utf8');
  const table = readme.slice(readme.indexOf('## Warnings'), readme.indexOf('## Execution'));
  expect([...table.matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, code]) => code)).toEqual(WARNING_CODES);
});

test('a process has each code once, in a fixed order, whatever the order of its timers', () => {
  const timers = [
    timerOf(8, { clock: cpuClock(99, 6) }),
    timerOf(7, { notify: 'thread-id', signo: 34 }),
    timerOf(6, { clock: THREAD_CPUTIME }),
    timerOf(5, { clock: cpuClock(98, 6), notify: 'thread-id', signo: 34, notifyThreadId: 97 }),
  ];
  const [json] = planToJson(planRestore(family(...timers), TODAY)).processes;
  const [reversed] = planToJson(planRestore(family(...timers.toReversed()), TODAY)).processes;
  expect(json!.warnings.map(({ code, ids }) => [code, ids])).toEqual([
    ['dead-cpu-clock', [5, 8]],
    ['dead-notify-thread', [5, 7]],
    ['thread-cpu-clock', [6]],
    ['counter-lost', []],
    ['mode-lost', []],
  ]);
  expect(reversed).toEqual(json);
});

function checkpointWith(...timers: CheckpointTimer[]): Checkpoint {
  const checkpoint = checkpointOf([[]]);
  Object.assign(checkpoint.processes[0]!, { timers });
  return checkpoint;
}
