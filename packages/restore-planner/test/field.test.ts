// Checkpoints from the field against what CRIU 4.2 did with them on Linux 6.18.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type PlanOptions,
  planRestore,
  type RestorePlan,
  readCheckpoint,
  type TakenNumber,
} from '@idspace/restore-planner';
import { describe, expect, test } from 'vitest';
import { checkpointOf, timerOf } from './support/checkpoints.ts';
import { FIELD, FIELD_CASES } from './support/given-images.ts';

const IDS = join(import.meta.dirname, 'ground-truth', 'criu-ids');
const TODAY = { kernel: '6.18', criu: '4.2' };

interface Recorded {
  outcome: 'ok' | 'fails';
  errors: string[];
}

const recorded = JSON.parse(readFileSync(join(FIELD, 'expected.json'), 'utf8')) as Record<string, Recorded>;

/** The machine on which they were recorded, where it matters, and what is said then instead of `ok` or `fails`. */
const CASES: Record<string, { target?: Partial<PlanOptions>; outcome?: string; warning?: string }> = {
  zombie: {},
  'shared-limit': { outcome: 'exceeds-limit', warning: 'shared-limit' },
  'limit-soft-above-hard': { target: { sigq: 3 }, outcome: 'exceeds-limit' },
  'alarm-clock': { target: { rtc: false }, warning: 'alarm-clock' },
  'clock-10': { warning: 'timerless-clock' },
  'cpu-kind-7': { warning: 'timerless-clock' },
  'signo-0': { warning: 'bad-signal' },
  'none-signo-0': {},
  'notify-3': { warning: 'bad-notify' },
  'same-id-twice': { warning: 'same-id' },
  'itimer-bad': { warning: 'bad-itimer' },
  'old-images': { warning: 'old-images' },
  'wall-clock': { warning: 'wall-clock' },
  // The process lived. It need not live elsewhere.
  'foreign-cpu-clock-alive': { outcome: 'depends', warning: 'dead-cpu-clock' },
};

async function planned(path: string, target: Partial<PlanOptions> = {}): Promise<RestorePlan> {
  return planRestore(await readCheckpoint(path), { ...TODAY, ...target });
}

const codesOf = ({ processes }: RestorePlan): string[] =>
  processes.flatMap(({ warnings }) => warnings.map(({ code }) => code));

test('every case is one of these', () => {
  expect(Object.keys(CASES)).toEqual(Object.keys(recorded));
  expect(Object.keys(CASES).sort()).toEqual(FIELD_CASES);
});

describe.each(Object.entries(CASES))('%s', (name, { target, outcome, warning }) => {
  test('ends as CRIU did, with its words', async () => {
    const plan = await planned(join(FIELD, name), target);
    const { outcome: was, errors } = recorded[name]!;
    expect(plan.outcome).toBe(outcome ?? was);
    const printed = plan.processes.find((process) => process.outcome === plan.outcome)?.error?.split('\n') ?? [];
    if (was === 'fails') expect(printed).toEqual(errors);
    if (warning !== undefined) expect(codesOf(plan)).toContain(warning);
  });
});

test('a zombie has no threads, whatever its first one says', async () => {
  const { processes } = await readCheckpoint(join(FIELD, 'zombie'));
  expect(processes).toMatchObject([
    { pid: 16378, threads: [16378], timers: [{ id: 20 }, { id: 21 }, { id: 22 }], pidNamespace: 'shared' },
    { pid: 16380, threads: [16380], timers: [], state: 'zombie', rlimitSigpending: null },
  ]);
});

test('with --deprecated, or by CRIU before 2.6, old images are restored', async () => {
  const old = join(FIELD, 'old-images');
  expect(await planned(old, { deprecated: true })).toMatchObject({ outcome: 'ok', totals: { timers: 2, creates: 2 } });
  for (const criu of ['1.8', '2.5']) expect((await planned(old, { criu, kernel: '4.4' })).outcome).toBe('ok');
  for (const criu of ['2.6', '3.18', '4.1'])
    expect((await planned(old, { criu, kernel: '4.4' })).outcome).toBe('fails');
  expect((await planned(old, { criu: 'native' })).outcome).toBe('ok');
});

test('alarm clocks depend on the chip first, then on the capability', async () => {
  const alarm = (target: Partial<PlanOptions>) => planned(join(FIELD, 'alarm-clock'), target);
  const refused = (errno: number) => `Can't create posix timer - 1: -${errno}\nCan't restore posix timers -1`;
  const cases: [Partial<PlanOptions>, string, number | null][] = [
    [{}, 'depends', 95],
    [{ rtc: true }, 'depends', 1],
    [{ capWakeAlarm: true }, 'depends', 95],
    [{ rtc: false, capWakeAlarm: true }, 'fails', 95],
    [{ rtc: false, capWakeAlarm: false }, 'fails', 95],
    [{ rtc: true, capWakeAlarm: false }, 'fails', 1],
    [{ rtc: true, capWakeAlarm: true }, 'ok', null],
  ];
  for (const [target, outcome, errno] of cases) {
    const plan = await alarm(target);
    expect(plan, JSON.stringify(target)).toMatchObject({
      outcome,
      processes: [{ error: errno === null ? null : refused(errno) }],
    });
    expect(codesOf(plan).includes('alarm-clock')).toBe(outcome !== 'ok');
  }
});

test.each<[Partial<PlanOptions>, RegExp, RegExp]>([
  [{ rtc: false }, /as the target has no real-time clock that can wake it \(most/, /^restore on a machine with a real/],
  [{ rtc: false, capWakeAlarm: true }, /has no real-time clock/, /^restore on a machine with a real-time clock$/],
  [
    { rtc: true, capWakeAlarm: false },
    /as the target does not give CRIU CAP_WAKE_ALARM$/,
    /^give CRIU CAP_WAKE_ALARM$/,
  ],
  [{ capWakeAlarm: false }, /as the target does not give CRIU CAP_WAKE_ALARM$/, /^give CRIU CAP_WAKE_ALARM$/],
  [
    { rtc: false, capWakeAlarm: false },
    /no real-time clock .*, and does not give CRIU/,
    /clock, and give CRIU CAP_WAKE/,
  ],
  [{ rtc: true }, /depend on whether the target gives CRIU CAP_WAKE_ALARM \(else EPERM\)$/, /CAP_WAKE_ALARM/],
  [{ capWakeAlarm: true }, /depend on whether the target has a real-time clock .*EOPNOTSUPP\)$/, /real-time clock/],
  [{}, /need a real-time clock .* and CRIU needs CAP_WAKE_ALARM/, /CAP_WAKE_ALARM/],
])('of an alarm clock it is said what is missing: %j', async (target, why, wayOut) => {
  const { reasons, processes } = await planned(join(FIELD, 'alarm-clock'), target);
  const [reason] = reasons.filter(({ space }) => space === 'timers');
  expect(reason).toMatchObject({ text: expect.stringMatching(why), remedy: expect.stringMatching(wayOut) });
  const { rtc, capWakeAlarm } = target;
  const isCertain = rtc === false || capWakeAlarm === false;
  const { text } = processes[0]!.warnings.find(({ code }) => code === 'alarm-clock')!;
  const said = [/real-time/, /CAP_WAKE_ALARM/].map((word) => word.test(text));
  expect(said).toEqual(isCertain ? [rtc === false, capWakeAlarm === false] : [rtc !== true, capWakeAlarm !== true]);
});

test.each([
  [[{ clock: -1 }], /^timers of process 1: There is no clock -1$/],
  [[{ clock: 12 }], /There is no clock 12$/],
  [[{ clock: 5 }], /There are no timers on CLOCK_REALTIME_COARSE$/],
  [[{ clock: 5 }, { clock: -1 }, { clock: 99 }], /on CLOCK_REALTIME_COARSE, and there is no clock -1, 99$/],
])('clocks without timers, and clocks that do not exist: %j', (clocks, text) => {
  const checkpoint = checkpointOf([[]]);
  checkpoint.processes[0]!.timers = clocks.map((clock, id) => timerOf(id, clock));
  expect(planRestore(checkpoint, TODAY).reasons[0]!.text).toMatch(text);
});

test('where CRIU does not start nothing is made, and that is said once', async () => {
  for (const name of ['zombie', 'shared-limit', '../criu-ids/mixed', '../criu-ids/aio', '../criu-ids/pty-40']) {
    const plan = await planned(join(FIELD, name), { criu: '3.18' });
    expect(plan).toMatchObject({ outcome: 'fails', totals: { creates: 0, seconds: 0 } });
    const { length } = plan.reasons.filter(({ text }) => text.includes('does not start'));
    expect(length, name).toBe(1);
    expect(plan.reasons[0]!.text).toMatch(/^CRIU before 4\.1 does not start on this kernel$/);
    expect(plan.spaces.length).toBeGreaterThan(1);
    for (const space of plan.spaces) {
      expect(space).toMatchObject({ asks: 0, creates: 0, deletes: 0, seconds: 0 });
      expect(space.atMost).toBeUndefined();
    }
  }
});

test('that CRIU does not start is said once of all containers', () => {
  const checkpoint = checkpointOf([[1], [], [2]]);
  for (const [index, process] of checkpoint.processes.entries()) process.container = `c${index}`;
  const { reasons } = planRestore(checkpoint, { ...TODAY, criu: '3.18' });
  expect(reasons).toMatchObject([{ text: 'CRIU before 4.1 does not start on this kernel', ids: [] }]);
  expect(reasons[0]).not.toHaveProperty('container');
});

test('a CPU clock of a process outside is certain if it is known which processes live on the target', async () => {
  const stranger = (taken: TakenNumber[]) => planned(join(FIELD, 'foreign-cpu-clock-alive'), { target: { taken } });
  const [alive, zombie] = [
    await stranger([{ number: 18368, as: 'pid' }]),
    await stranger([{ number: 18368, as: 'zombie' }]),
  ];
  for (const plan of [alive, zombie]) {
    expect(plan.processes[0]).toMatchObject({ outcome: 'ok', error: null, creates: 1 });
    expect(plan.processes[0]!.warnings[0]).toMatchObject({
      code: 'dead-cpu-clock',
      text: expect.stringContaining('lives'),
    });
  }
  for (const taken of [[], [{ number: 18368, as: 'tid' }], [{ number: 18369, as: 'pid' }]] as TakenNumber[][]) {
    // biome-ignore format: what belongs together stands in a row
    expect((await stranger(taken)).processes[0]).toMatchObject({
      outcome: 'fails', error: "Can't create posix timer - 0: -22\nCan't restore posix timers -1",
    });
  }
});

test('the charge of the user who runs CRIU counts: with two signals before, two processes of six timers fit into 30 and not into 10', async () => {
  const [little, enough] = ['timers-two-processes-limit', 'timers-two-processes-limit-enough'];
  for (const sigq of [1, 2]) {
    const plan = await planned(join(IDS, little!), { sigq });
    expect(plan.outcome).toBe('exceeds-limit');
    expect(plan.processes.map(({ outcome }) => outcome)).toEqual(['ok', 'exceeds-limit', 'exceeds-limit']);
    expect(plan.processes[2]!.error).toBe("Can't create posix timer - N: -11\nCan't restore posix timers -1");
  }
  expect((await planned(join(IDS, enough!), { sigq: 2 })).outcome).toBe('ok');
  expect((await planned(join(IDS, enough!), { sigq: 18 })).outcome).toBe('ok');
  expect((await planned(join(IDS, enough!), { sigq: 19 })).outcome).toBe('exceeds-limit');
});
