// Rehearsals on the kernel models: all is as planned, and whatever a kernel does otherwise is told.
import { Kernel, type Process } from '@idspace/posix-timers';
import {
  type Checkpoint,
  type ProcessPlan,
  planRestore,
  type RehearsalCheckName,
  type RehearseOptions,
  rehearseProcess,
} from '@idspace/restore-planner';
import { describe, expect, test } from 'vitest';
import { checkpointOf, timerOf } from './support/checkpoints.ts';

const second = (sec: bigint) => ({ sec, nsec: 500n });
/** One that is armed, one that repeats, one that had expired, and one that sends a signal. */
const TIMERS = [
  timerOf(1, { value: second(100n) }),
  timerOf(4, { value: second(5n), interval: second(7n) }),
  timerOf(5, { interval: second(9n) }),
  timerOf(9, { notify: 'signal', signo: 34, sival: 2n ** 63n }),
];

function planOf(kernel: string, criu: string, timers = TIMERS, sigpending = 1000): ProcessPlan {
  const checkpoint: Checkpoint = checkpointOf([[]]);
  Object.assign(checkpoint.processes[0]!, { timers });
  return planRestore(checkpoint, { kernel, criu, sigpending, sigq: 0 }).processes[0]!;
}

/** A process whose calls can be made to lie. */
function lying(process: Process, lies: Partial<Process>): Process {
  return new Proxy(process, {
    get: (target, name) => {
      const value: unknown = name in lies ? lies[name as keyof Process] : target[name as keyof Process];
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

/** A listing with its entries the other way round. */
const oldestFirst = (listing: string): string =>
  listing
    .match(/^ID: .*\n.*\n.*\n.*\n/gm)!
    .reverse()
    .join('');

type Checks = [check: RehearsalCheckName, ok: boolean | null][];

async function checksOf(plan: ProcessPlan, process: Process, options: RehearseOptions = {}): Promise<Checks> {
  const { rehearsal, cleanUp } = await rehearseProcess(plan, process, options);
  cleanUp();
  return rehearsal.checks.map(({ check, ok }) => [check, ok]);
}

describe('as planned', () => {
  test.each<[string, string, RehearseOptions]>([
    ['6.18', '4.2', {}],
    ['6.18', '4.1', {}],
    ['6.1', '4.2', {}],
    ['3.9', 'native', { newestFirst: false }],
    ['dense', 'native', { newestFirst: false }],
    ['xarray', '4.2', { newestFirst: false }],
    ['cursor-sysctl', 'native', { newestFirst: false }],
    ['create-at-id', 'native', { newestFirst: false }],
    ['sigev-bit', 'native', { newestFirst: false }],
    ['restricted:16', '4.1', { idCount: 16 }],
  ])('%s by CRIU %s', async (kernel, criu, options) => {
    const plan = planOf(kernel, criu);
    expect(plan.outcome).toBe('ok');
    const model = new Kernel({ release: kernel, sigpending: 1000 });
    const process = model.spawn();
    const { rehearsal, cleanUp } = await rehearseProcess(plan, process, {
      ...options,
      charged: () => model.pendingSignals(0),
    });
    expect(rehearsal.checks.filter(({ ok }) => ok !== true)).toEqual([]);
    expect(rehearsal).toMatchObject({ ending: 'as-planned', timers: 4, restored: [1, 4, 5, 9], unverified: [] });
    expect(rehearsal.checks.map(({ check }) => check)).toEqual(['calls', 'listing', 'charges', 'settings', 'next-id']);
    expect(rehearsal.checks[3]!.text).toBe('3 armed, 1 disarmed');
    cleanUp();
    expect(rehearsal.checks.at(-1)).toMatchObject({ check: 'clean-up', ok: true });
    expect([process.procTimers(), model.pendingSignals(0)]).toEqual(['', 0]);
  });

  test('of dense IDs that are given from above', async () => {
    const plan = planOf('reversed', 'native', [timerOf(2 ** 31 - 2), timerOf(2 ** 31 - 1)]);
    const options = { newestFirst: false, direction: -1 as const };
    const checks = await checksOf(plan, new Kernel({ release: 'reversed' }).spawn(), options);
    expect(checks.filter(([check, ok]) => ok !== true && check !== 'charges')).toEqual([]);
  });

  test('a restore that fails is as planned if it fails there, and its timers are those that came', async () => {
    const plan = planOf('6.1', '4.1', TIMERS, 2);
    expect(plan.outcome).toBe('exceeds-limit');
    const model = new Kernel({ release: '6.1', sigpending: 2 });
    const { rehearsal } = await rehearseProcess(plan, model.spawn());
    expect(rehearsal).toMatchObject({ ending: 'as-planned', outcome: 'exceeds-limit', restored: [1, 4] });
    expect(rehearsal.checks.map(({ check, ok }) => [check, ok])).toEqual([
      ['calls', true],
      ['listing', true],
      ['charges', null],
      ['next-id', null], // no more timers are allowed
    ]);
  });

  test('a refusal that the plan leaves open is as planned', async () => {
    const plan = planOf('6.18', '4.2', [timerOf(3, { clock: 8 })]); // CLOCK_REALTIME_ALARM
    expect(plan.outcome).toBe('depends');
    const { rehearsal } = await rehearseProcess(plan, new Kernel({ release: '6.18', rtc: false }).spawn());
    expect(rehearsal).toMatchObject({ ending: 'as-planned', differences: [], restored: [] });
    expect(rehearsal.checks[0]!.text).toContain('was refused (EOPNOTSUPP), as the plan leaves open');
  });

  test('a plan without calls verifies nothing', async () => {
    const { rehearsal } = await rehearseProcess(planOf('6.18', '4.0'), new Kernel({ release: '6.18' }).spawn());
    expect(rehearsal.unverified).toEqual([expect.stringContaining('CRIU stops before its first call')]);
  });

  test('one that is stopped is not looked at, and cleans up', async () => {
    const process = new Kernel({ release: '6.1' }).spawn();
    const plan = planOf('6.1', '4.1', [timerOf(1_000_000)]);
    const { rehearsal, cleanUp } = await rehearseProcess(plan, process, { signal: AbortSignal.abort(), pauseEvery: 2 });
    expect(rehearsal).toMatchObject({ ending: 'stopped', checks: [] });
    cleanUp();
    expect(process.procTimers()).toBe('');
  });
});

describe('a kernel that does otherwise', () => {
  const plan = planOf('6.18', '4.2');
  const fresh = (): Process => new Kernel({ release: '6.18' }).spawn();
  const failing = (checks: Checks): string[] => checks.filter(([, ok]) => ok === false).map(([check]) => check);

  test('gives another ID', async () => {
    const process = fresh();
    const other = lying(process, { timerCreate: (clock, sigevent) => process.timerCreate(clock, sigevent, 77) });
    const { rehearsal } = await rehearseProcess(plan, other);
    expect(rehearsal).toMatchObject({ ending: 'differs', checks: [{ check: 'calls', ok: false }] });
    expect(rehearsal.checks[0]!.text).toBe('timer_create for ID 1 (step 2) gave 77, expected 1');
  });

  test.each<[string, (process: Process) => Partial<Process>]>([
    ['listing', (process) => ({ procTimers: () => process.procTimers().replace('signal: 34', 'signal: 35') })],
    ['listing', (process) => ({ procTimers: () => process.procTimers().replace(/^ID: 9\n.*\n.*\n.*\n/, '') })],
    ['listing', (process) => ({ procTimers: () => oldestFirst(process.procTimers()) })],
    ['settings', () => ({ timerSettime: () => 0 })],
    ['settings', () => ({ timerSettime: () => -22 })],
    ['clean-up', () => ({ timerDelete: () => -22 })],
  ])('%s', async (check, lies) => {
    const process = fresh();
    expect(failing(await checksOf(plan, lying(process, lies(process))))).toEqual([check]);
  });

  test('next-id', async () => {
    const process = fresh();
    const next = { ...plan, nextId: plan.nextId + 1 };
    expect(failing(await checksOf(next, process))).toEqual(['next-id']);
  });

  test('charges', async () => {
    expect(failing(await checksOf(plan, fresh(), { charged: () => 5 }))).toEqual(['charges']);
  });

  test('has no listing', async () => {
    const lies = {
      procTimers: (): string => {
        throw new Error('built without it');
      },
    };
    const checks = await checksOf(plan, lying(fresh(), lies));
    expect(checks[1]).toEqual(['listing', null]);
    expect(failing(checks)).toEqual([]);
  });
});

test('an option that there is not is refused', async () => {
  const call = rehearseProcess(planOf('6.18', '4.2'), new Kernel({ release: '6.18' }).spawn(), { newest: 1 } as never);
  await expect(call).rejects.toThrow(RangeError);
});
