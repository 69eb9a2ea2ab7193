// The conformance runner: every recording, what it says about differences, and its command line.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withinBudget } from '@idspace/testkit';
import { FROM_SOURCES } from '@idspace/testkit/sources';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Observation,
  parseRecording,
  RecordingError,
  runRecording,
  runScenario,
  type Scenario,
  type Step,
} from '../src/conformance/index.ts';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const load = (name: string): ReturnType<typeof parseRecording> => {
  const path = at(`ground-truth/${name}`);
  return parseRecording(readFileSync(path, 'utf8'), name);
};
const NAMES = ['linux-6.1.json', 'linux-6.18.json'];
/** Those that need signals to be delivered. */
const BEYOND = ['signal-overrun', 'delete-with-pending-signal'];

/** Builds a scenario from steps and what is expected of them. */
function scenario(
  ...played: [step: Omit<Step, 'who'> & { op: string; who?: string }, observed: Observation][]
): Scenario {
  const steps = played.map(([step]) => ({ who: 'main', ...step }) as Step);
  return { scenario: 'made-up', steps, observed: played.map(([, observed]) => observed) };
}

const NONE = { notify: 1, signo: 0 };
const create = (fields: object = {}): Omit<Step, 'who'> & { op: string } => ({
  op: 'timer_create',
  clockid: 1,
  sigevent: NONE,
  ...fields,
});
const on = { op: 'prctl', arg2: 1 };
const off = { op: 'prctl', arg2: 0 };
const ok = { ret: 0 };
const failed = (errno: string, after: unknown = 'unchanged'): Observation => ({ ret: -1, errno, id_buf_after: after });

describe.each(NAMES)('%s', (name) => {
  const recording = load(name);
  const { release } = recording.kernel;

  it.each(recording.scenarios.filter((entry) => entry.environment_dependent !== true))('$scenario', (entry) => {
    expect(runScenario(entry, release)).toBeNull();
  });

  it('notices a change in any compared value', () => {
    let changes = 0;
    for (const entry of recording.scenarios.filter((one) => one.environment_dependent !== true)) {
      for (const [step, observed] of entry.observed.entries()) {
        for (const key of Object.keys(observed).filter((one) => one !== 'pid' && one !== 'text')) {
          const changed = entry.observed.with(step, { ...observed, [key]: 'changed' });
          expect(runScenario({ ...entry, observed: changed }, release)).toMatchObject({
            step,
            op: entry.steps[step].op,
          });
          changes++;
        }
      }
    }
    expect(changes).toBeGreaterThan(200);
  });

  it('passes as a whole, but for what depends on the environment', () => {
    const report = runRecording(recording, name);
    expect(report).toMatchObject({
      passed: 24,
      failed: [],
      skipped: ['clock-table', 'rlimit-sigpending-root', ...BEYOND],
    });
  });
});

it('matches clock-table on both machines, the one with a clock chip and the one without', () => {
  for (const [name, rtc] of [
    ['linux-6.1.json', true],
    ['linux-6.18.json', false],
  ] as const) {
    const { scenarios, kernel } = load(name);
    const table = scenarios.find((entry) => entry.scenario === 'clock-table') as Scenario;
    expect(runScenario(table, kernel.release, { rtc })).toBeNull();
    expect(runScenario(table, kernel.release, { rtc: !rtc })).toMatchObject({ step: 8, op: 'timer_create' });
  }
});

describe('ops that the given recordings do not have', () => {
  it('create_delete_pairs, getoverrun, an armed timer', () => {
    const steps = scenario(
      [
        { op: 'create_delete_pairs', count: 1000 },
        { last_id: 999, failures: 0 },
      ],
      [create(), { ret: 0, id: 1000 }],
      [{ op: 'timer_settime', id: 1000, flags: 0, value_ms: 1500, interval_ms: 1250 }, ok],
      [
        { op: 'timer_gettime', id: 1000 },
        { ret: 0, armed: true, interval_ns: 1_250_000_000 },
      ],
      [{ op: 'timer_getoverrun', id: 1000 }, ok],
      [
        { op: 'timer_settime', id: 1000, flags: 0, value_ms: -5, interval_ms: 0 },
        { ret: -1, errno: 'EINVAL' },
      ],
      [{ op: 'setrlimit', resource: 'RLIMIT_SIGPENDING', value: 1 }, ok],
      [
        { op: 'create_delete_pairs', count: 3 },
        { last_id: -1, failures: 3 },
      ],
      [{ op: 'setrlimit', resource: 'RLIMIT_SIGPENDING', value: -1 }, ok],
      [
        { op: 'glibc_timer_create', notify: 'SIGEV_SIGNAL' },
        { ret: 0, timer_t: 1001, sizeof_timer_t: 8 },
      ],
    );
    expect(runScenario(steps, '6.18')).toBeNull();
    expect(runScenario(steps, '6.1')).toBeNull();
  });

  it('bad pointers, in restore mode and out of it', () => {
    const steps = scenario(
      [create({ sigevent: 'bad-pointer' }), failed('EFAULT')],
      [create({ id_ptr: 'NULL' }), failed('EFAULT')],
      [create({ id_ptr: 'unmapped' }), failed('EFAULT')],
      [create({ id_ptr: 'read-only' }), failed('EFAULT')],
      [create(), { ret: 0, id: 3 }],
      [on, ok],
      [create({ id_ptr: 'NULL' }), failed('EFAULT')],
      [create({ id_ptr: 'read-only', id_in: 3 }), failed('EBUSY')],
      [create({ id_ptr: 'read-only', id_in: 70 }), failed('EFAULT')],
      [create({ clockid: -33_552_006, id_in: 80 }), failed('EINVAL', 80)],
      [create({ clockid: -33_552_006, id_in: 90 }), failed('EINVAL')],
      [off, ok],
      [create({ clockid: 8 }), failed('EOPNOTSUPP', 91)],
      [create(), { ret: 0, id: 92 }],
    );
    expect(runScenario(steps, '6.18')).toBeNull();
  });

  it('a limit that children share, and that their exit gives back whole', () => {
    const steps = scenario(
      [{ op: 'setuid', uid: 7 }, ok],
      [{ op: 'setrlimit', resource: 'RLIMIT_SIGPENDING', value: 3 }, ok],
      [create(), { ret: 0, id: 0 }],
      [{ op: 'fork' }, ok],
      [
        { who: 'child', ...create() },
        { ret: 0, id: 0 },
      ],
      [
        { who: 'child', ...create() },
        { ret: 0, id: 1 },
      ],
      [create(), failed('EAGAIN')],
      [{ op: 'waitpid' }, { status: 0 }],
      [create(), { ret: 0, id: 1 }],
      [create(), { ret: 0, id: 2 }],
      [create(), failed('EAGAIN')],
    );
    expect(runScenario(steps, '6.18')).toBeNull();
  });

  it('children of children, threads that exec', () => {
    const steps = scenario(
      [create(), { ret: 0, id: 0 }],
      [{ op: 'fork' }, ok],
      [{ who: 'child', op: 'setuid', uid: 7 }, ok],
      [{ who: 'child', op: 'setrlimit', resource: 'RLIMIT_SIGPENDING', value: 1 }, ok],
      [{ who: 'child', op: 'fork' }, ok],
      [
        { who: 'grandchild', ...create() },
        { ret: 0, id: 0 },
      ],
      [{ who: 'child', ...create() }, failed('EAGAIN')],
      [{ who: 'child', op: 'waitpid' }, { status: 0 }],
      [
        { who: 'child', ...create() },
        { ret: 0, id: 0 },
      ],
      [{ who: 'child', ...create() }, failed('EAGAIN')],
      [{ op: 'waitpid' }, { status: 0 }],
      [{ op: 'pthread_create' }, ok],
      [
        { who: 'thread1', ...create({ sigevent: { notify: 4, signo: 34, tid: 'self' } }) },
        { ret: 0, id: 1 },
      ],
      [{ who: 'thread1', op: 'execve' }, ok],
      [
        { who: 'exec', op: 'timer_delete', id: 0 },
        { ret: -1, errno: 'EINVAL' },
      ],
      [
        { who: 'exec', ...create() },
        { ret: 0, id: 2 },
      ],
      [{ who: 'exec', op: 'read', path: '/proc/self/timers' }, { id_order: [2] }],
    );
    expect(runScenario(steps, '6.18')).toBeNull();
  });

  it.each([
    [{ op: 'timer_explode' }, /^unknown op "timer_explode", expected one of timer_create, /],
    [{ op: 'timer_delete' }, 'id: expected an integer, got undefined'],
    [{ op: 'timer_delete', id: 2 ** 40 }, /id: got 1099511627776, expected/],
    [create({ id_ptr: 'soft' }), 'id_ptr: expected one of "ok", "NULL", "unmapped", "read-only", got "soft"'],
    [create({ sigevent: 5 }), 'sigevent: expected null, "bad-pointer" or an object, got 5'],
    [create({ sigevent: { notify: 4, signo: 34, tid: 'x' } }), /^tid: expected one of "self"/],
    [{ op: 'setrlimit', resource: 'RLIMIT_NOFILE', value: 3 }, /^resource: expected one of/],
    [{ op: 'fork', who: 'child' }, 'actor "child" was never started'],
  ])('a step that cannot be played fails the scenario: %j', (step, got) => {
    const difference = runScenario(scenario([create(), { ret: 0, id: 0 }], [step as Step, ok]), '6.18');
    expect(difference).toMatchObject({ scenario: 'made-up', step: 1, op: step.op, expected: ok });
    expect(difference?.got).toMatch(got);
  });

  it('an actor that has exited fails the scenario', () => {
    const steps = scenario(
      [{ op: 'execve' }, ok],
      [{ op: 'fork' }, ok],
      [{ op: 'waitpid' }, { status: 0 }],
      [{ who: 'child', op: 'fork' }, ok],
    );
    expect(runScenario(steps, '6.18')).toMatchObject({ step: 3, got: 'actor "child" has exited' });
  });
});

describe('a file that is not a recording', () => {
  it.each([
    ['{', /^x.json: expected JSON, got /],
    ['[]', 'x.json: expected an object, got []'],
    ['{"kernel":{}}', 'x.json: kernel.release: expected a string, got nothing'],
    ['{"kernel":{"release":"6.18"}}', 'x.json: scenarios: expected an array, got nothing'],
    [
      '{"kernel":{"release":"6.18"},"scenarios":[{"scenario":"a","steps":[{"who":"main"}]}]}',
      /steps\[0\].op: expected a string/,
    ],
    [
      '{"kernel":{"release":"6.18"},"scenarios":[{"scenario":"a","steps":[],"observed":[{}]}]}',
      'x.json: scenarios[0].observed: expected 0 entries, one for each step, got 1',
    ],
    [JSON.stringify('x'.repeat(58)), `x.json: expected an object, got "${'x'.repeat(58)}"`],
    [JSON.stringify('x'.repeat(59)), `x.json: expected an object, got "${'x'.repeat(59)}…`],
  ])('%s is refused', (text, message) => {
    expect(() => parseRecording(text, 'x.json')).toThrow(RecordingError);
    expect(() => parseRecording(text, 'x.json')).toThrow(message);
  });

  it('an option that there is not is refused', () => {
    const options = { rct: true } as object;
    expect(() => runScenario(scenario([create(), { ret: 0, id: 0 }]), '6.18', options)).toThrow(
      "options: got the key 'rct', expected some of rtc",
    );
  });

  it('names an unknown release', () => {
    const recording = parseRecording('{"kernel":{"release":"BSD"},"scenarios":[]}', 'x.json');
    expect(() => runRecording(recording, 'x.json')).toThrow(
      "x.json: kernel.release: expected a known release, got 'BSD'",
    );
  });
});

// Its command line is Node's.
describe.skipIf('Bun' in globalThis || 'Deno' in globalThis)('the command line', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'conformance-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
    const script = at('../scripts/conformance.ts');
    const node = [...FROM_SOURCES, script, ...args];
    return spawnSync(process.execPath, node, { encoding: 'utf8', env: { ...process.env, INIT_CWD: folder } });
  }

  it('plays the given recordings', () => {
    const { status, stdout } = run();
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('48 passed, 0 failed, 8 skipped');
    expect(stdout).toContain('skip linux-6.18.json signal-overrun: depends on the machine or on time\n');
    expect(status).toBe(0);
  });

  it('tells what differs, in files relative to where the user stands', () => {
    const entry = scenario([create(), { ret: 0, id: 0 }], [create(), { ret: 0, id: 7 }]);
    writeFileSync(join(folder, 'made.json'), JSON.stringify({ kernel: { release: '6.18.1' }, scenarios: [entry] }));
    const { status, stdout } = run('made.json', at('ground-truth/linux-6.1.json'));
    expect(stdout.split('\n')[0]).toBe(
      'FAIL made.json made-up, step 1, timer_create: expected {"ret":0,"id":7}, got {"ret":0,"id":1}',
    );
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('24 passed, 1 failed, 4 skipped');
    expect(status).toBe(1);
  });

  it('refuses what it cannot read', () => {
    writeFileSync(join(folder, 'broken.json'), '{"kernel":');
    const unreadable = [
      ['gone.json', 'gone.json: expected a recording, got no file'],
      ['broken.json/x', 'got no file'],
      ['broken.json', 'broken.json: expected JSON'],
      ['--fast', 'unknown option --fast'],
      [folder, `conformance: ${folder}: expected a recording, got a directory`],
    ] as const;
    for (const [arg, text] of withinBudget(unreadable, { least: 2 })) {
      const { status, stdout, stderr } = run(arg);
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).toContain(text);
      expect(stderr).not.toMatch(/ENO|EIS/);
    }
  });
});
