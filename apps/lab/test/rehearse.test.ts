// Rehearsals: on models of every kind of kernel, and on the running one where that can be.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownSigq } from '@idspace/live-kernel';
import { planRestore, readCheckpoint } from '@idspace/restore-planner';
import { HANG_MS, pairsWithinBudget, withinBudget } from '@idspace/testkit';
import { FROM_SOURCES } from '@idspace/testkit/sources';
import { describe, expect, test } from 'vitest';
import { WHY_SKIPPED } from '../../../packages/live-kernel/test/support.ts';
import { factsHere } from '../src/plan/facts-here.ts';
import { rehearse } from '../src/rehearse/command.ts';
import { rehearseOnLive } from '../src/rehearse/on-live.ts';
import { rehearseOnModel } from '../src/rehearse/on-model.ts';
import { isRehearsed, isVerified, type Rehearsal } from '../src/rehearse/rehearsal.ts';
import { targetOf } from '../src/rehearse/target.ts';
import { madeCheckpoint, madeTimer } from './support/made-checkpoint.ts';
import { CHECKPOINTS, Collector, idspace } from './support/run.ts';

const CASES = readdirSync(CHECKPOINTS).sort();
const FIELD = `${CHECKPOINTS}/../criu-field`;
/** Those for which CRIU makes calls. */
const FIELD_CASES = readdirSync(FIELD, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() && !['itimer-bad', 'old-images'].includes(entry.name) ? [entry.name] : [],
);
const SHORT_CASES = CASES.filter((name) => name !== 'int-max');
const NEVER = { signal: new AbortController().signal, onProgress: () => {} };
const DEAD = (~99 << 3) | 2; // CPU time of a process that is not there

/** CRIU before 4.1 does not start on Linux 6.13 and later. */
const starts = (criu: string, kernel: string): boolean => criu !== '3.18' || !/^6\.1[3-9]$/.test(kernel);

/** In an order in which no kernel, where pairs are drawn, is with a CRIU that does not start on it alone. */
const PAIRS = pairsWithinBudget(['6.14', '6.1', '3.9', '6.17', '6.18', 'dense', 'xarray'], ['4.1', '4.2', '3.18']);

/** On a busy machine, the ten seconds that a rehearsal takes at most without this flag may pass. */
const PATIENT = ['--max-seconds', `${HANG_MS / 1000}`];
const onModel = (...args: string[]): ReturnType<typeof idspace> =>
  idspace(['rehearse', ...args, ...(args.includes('--max-seconds') ? [] : PATIENT)], { folder: CHECKPOINTS });

async function jsonOf(...args: string[]): Promise<Rehearsal> {
  return JSON.parse((await onModel(...args, '--json')).out);
}

describe('on a model', () => {
  test.each(SHORT_CASES)(
    '%s: what is planned happens, on every kind of kernel with every kind of CRIU',
    async (name) => {
      const checkpoint = await readCheckpoint(`${CHECKPOINTS}/${name}`);
      for (const [kernel, criu] of PAIRS) {
        if (!starts(criu, kernel)) continue;
        if (name === 'ids-1e6-2e6' && kernel + criu !== '6.184.2' && kernel + criu !== '6.14.1') continue; // two million pairs once
        const plan = planRestore(checkpoint, { kernel, criu });
        const [rehearsal] = await rehearseOnModel(kernel, checkpoint, plan, NEVER);
        const where = `${kernel} ${criu} ${JSON.stringify(rehearsal!.checks)}`;
        expect(isVerified([rehearsal!]), where).toBe(true);
        const { creates, deletes, prctls, outcome } = plan.totals;
        expect(rehearsal, where).toMatchObject({ creates, deletes, prctls, outcome, differences: [] });
        const checks = rehearsal!.checks.map(({ check }) => check);
        const settings = outcome === 'ok' ? ['settings'] : [];
        expect(checks).toEqual(['calls', 'listing', 'charges', ...settings, 'next-id', 'clean-up']);
        if (outcome === 'ok') expect(rehearsal!.restored).toEqual(plan.processes[0]!.timers.map(({ id }) => id));
      }
    },
  );

  test('what fails before the first call cannot be verified, and nothing is amiss', async () => {
    for (const [name, line] of [
      ['itimer-bad', 'Invalid timer value'],
      ['old-images', 'Deprecated functionality (Posix timers) rejected.'],
    ] as const) {
      const { out, exitCode } = await onModel(`${FIELD}/${name}`, '--on', 'model:6.18');
      expect(exitCode).toBe(0);
      expect(out).toContain(`CRIU stops before its first call (${line}): there is nothing to play.`);
      expect(out).toContain(
        'Not all could be played, as marked "not seen" above: nothing differed, and by the plan the restore\nfails: ',
      );
    }
    const given = await jsonOf(`${FIELD}/old-images`, '--on', 'model:6.18', '--deprecated');
    expect(given).toMatchObject({ verified: true, processes: [{ restored: [1000, 1001] }] });
  });

  test.each(FIELD_CASES)('%s, from the field: what is planned happens', async (name) => {
    const json = await jsonOf(`${FIELD}/${name}`, '--on', 'model:6.18');
    expect(json.verified, JSON.stringify(json.processes)).toBe(true);
  });

  test('the timers of all processes are charged to one user: of two with too many, the second is refused', async () => {
    const { processes } = await jsonOf(`${FIELD}/shared-limit`, '--on', 'model:6.18');
    expect(processes.map(({ restored, timers, outcome }) => [outcome, restored.length, timers])).toEqual([
      ['exceeds-limit', 3000, 3000],
      ['exceeds-limit', 1000, 3000],
    ]);
    expect(processes[1]!.checks[0]).toMatchObject({
      check: 'calls',
      ok: true,
      text: '1,001 creates, 0 deletes, 2 prctls: all as planned; 1,000 returned IDs compared',
    });
  });

  test('a plan that says too many where there is room is found out', async () => {
    const checkpoint = await readCheckpoint(`${FIELD}/shared-limit`);
    const plan = planRestore(checkpoint, { kernel: '6.18', criu: '4.2' });
    for (const process of checkpoint.processes) process.rlimitSigpending = 6000n;
    expect(isVerified(await rehearseOnModel('6.18', checkpoint, plan, NEVER))).toBe(false);
    const enough = planRestore(checkpoint, { kernel: '6.18', criu: '4.2' });
    expect(enough.outcome).toBe('ok');
    expect(isVerified(await rehearseOnModel('6.18', checkpoint, enough, NEVER))).toBe(true);
  });

  test('the model is like the target: its clock chip, the limit and the charges of its CRIU', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'idspace-target-'));
    const file = join(folder, 'node.json');
    const on = async (name: string, facts: object): Promise<{ out: string; exitCode: number; json: Rehearsal }> => {
      writeFileSync(file, JSON.stringify({ format: 'idspace-target', version: 1, ...facts }));
      const args = [`${FIELD}/${name}`, '--on', 'model:6.18', '--target', file];
      return { ...(await onModel(...args)), json: await jsonOf(...args) };
    };
    try {
      for (const [name, facts, outcome, restored] of [
        ['alarm-clock', { rtc: false }, 'fails', 1],
        ['alarm-clock', { rtc: true, capWakeAlarm: false }, 'fails', 1],
        ['alarm-clock', { rtc: true, capWakeAlarm: true }, 'ok', 2],
        ['limit-soft-above-hard', { sigqOfCriuUser: 1 }, 'exceeds-limit', 0],
        ['shared-limit', { sigqOfCriuUser: 900 }, 'exceeds-limit', 3100],
        ['shared-limit', { sigqOfCriuUser: 0, criuRlimitSigpending: 3500 }, 'exceeds-limit', 3500],
      ] as const) {
        const { out, exitCode, json } = await on(name, facts);
        expect(exitCode, out).toBe(0);
        const came = json.processes.reduce((sum, process) => sum + process.restored.length, 0);
        expect([name, json.processes[0]!.outcome, came], out).toEqual([name, outcome, restored]);
        const isPlannedToFail = outcome !== 'ok';
        expect(out.includes('The restore fails, as planned: ')).toBe(isPlannedToFail);
        expect(out.includes('Will fail: ')).toBe(isPlannedToFail);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a process without timers whose images CRIU refuses is told, not verified', async () => {
    const checkpoint = madeCheckpoint([]);
    checkpoint.processes[0]!.refused = ['Corrupted entry'];
    const plan = planRestore(checkpoint, { kernel: '6.18', criu: '4.2' });
    const rehearsed = await rehearseOnModel('6.18', checkpoint, plan, NEVER);
    expect(rehearsed).toMatchObject([
      { outcome: 'fails', timers: 0, unverified: [expect.stringContaining('Corrupted')] },
    ]);
    expect(isVerified(rehearsed)).toBe(false);
  });

  test('the command says what it is, what it did and what it saw', async () => {
    const { out, err, exitCode } = await onModel('sparse', '--on', 'model:6.1', '--criu', '3.17');
    expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 });
    expect(out.replace(/in \d\S* \S?s\n/g, 'in 1 ms\n')).toBe(
      `sparse: a rehearsal on a model of Linux 6.1 of what CRIU 3.17 would do. No container is restored.

Will restore timers. Whether processes come back depends on the machine.
  To find out: \`idspace probe --facts > node.json\` there, then \`--target node.json\`.
  Not judged: inotify watches, SysV IPC, terminals and AIO rings, whose images are not in the
    checkpoint.

process 11884: 3 timers, planned: ok
  ✓ calls      5,000 creates, 4,997 deletes, 0 prctls: all as planned; 5,000 returned IDs compared
  ✓ listing    /proc/PID/timers shows IDs 17, 1,000, 4,999
  ✓ charges    3 for 3 timers
  ✓ settings   0 armed, 3 disarmed
  ✓ next ID    5,000
  ✓ clean-up   3 timers deleted
  3 of 3 timers came back under their IDs, played in 1 ms

processes and threads: 1 ID, planned: ok
  ✓ IDs        1 asked for, 1 made: all as planned; 1 ID compared
  ~ open       which process numbers are in use on the target is not known (unless the checkpoint has a PID namespace of its own: its images do not say)
  ~ open       the target's kernel.pid_max is not known
  1 of 1 ID came, played in 1 ms

The restore works, as planned: every call, and what the kernel shows afterwards, is as the plan
says. What is marked "open" depends on the target: \`idspace plan --on\` judges it.
`,
    );
  });

  test('a failure that is planned is verified', async () => {
    const json = await jsonOf('sparse', '--on', 'model:dense');
    expect(json).toMatchObject({ on: 'model:dense', verified: true, stoppedBy: null, restoresContainer: false });
    expect(json.processes[0]).toMatchObject({ outcome: 'fails', ending: 'as-planned', restored: [], creates: 2 });
    const { out } = await onModel('sparse', '--on', 'model:dense');
    expect(out).toContain("planned: fails (CRIU prints: Can't create timers, kernel don't give them consequently;");
  });

  test('families, threads, refused timers, limits and system-wide IDs', async () => {
    const whom = { notify: 'thread-id', signo: 40 } as const;
    const checkpoint = madeCheckpoint(
      [
        madeTimer(0, { clock: (~8 << 3) | 2 }),
        madeTimer(1, { ...whom, notifyThreadId: 7 }),
        madeTimer(2, { clock: -2 }),
      ],
      [madeTimer(0), madeTimer(1, { clock: DEAD }), madeTimer(2)],
      [],
      [madeTimer(0, { clock: 9 }), madeTimer(1, { ...whom, notifyThreadId: 7 })],
    );
    checkpoint.processes[0]!.rlimitSigpending = 2n as never;
    for (const kernel of ['3.9', '6.1', '6.18', 'dense', 'xarray']) {
      for (const criu of ['3.18', '4.1', '4.2']) {
        if (!starts(criu, kernel)) continue;
        const plan = planRestore(checkpoint, { kernel, criu });
        const processes = await rehearseOnModel(kernel, checkpoint, plan, NEVER);
        expect(processes.map(({ pid }) => pid)).toEqual([6, 8, 10]);
        expect(processes[0]!.outcome).toBe('exceeds-limit');
        expect(isVerified(processes), `${kernel} ${criu} ${JSON.stringify(processes, null, 1)}`).toBe(true);
      }
    }
  });

  test('containers have process IDs of their own', async () => {
    const [one] = madeCheckpoint([madeTimer(3)]).processes;
    const pod = {
      source: 'pod',
      format: 'criu-v1.1',
      processes: ['a', 'b'].map((container) => ({ ...one!, container })),
    } as const;
    const checkpoint = { ...pod, processes: [...pod.processes] };
    const plan = planRestore(checkpoint, { kernel: '6.18', criu: '4.2' });
    expect(isVerified(await rehearseOnModel('6.18', checkpoint, plan, NEVER))).toBe(true);
    await expect(rehearseOnModel('3.9', checkpoint, plan, NEVER)).rejects.toThrow(
      'the model cannot hold this checkpoint',
    );
  });

  test('a listing does not tell who was there: whom it names is there', async () => {
    const timers = [
      madeTimer(1, { clock: (~50 << 3) | 6 }),
      madeTimer(2, { clock: DEAD }),
      madeTimer(3, { notify: 'thread-id', signo: 34, notifyThreadId: 51 }),
    ];
    const checkpoint = { ...madeCheckpoint(timers), complete: false };
    const plan = planRestore(checkpoint, { kernel: '6.18', criu: '4.2' });
    const rehearsed = await rehearseOnModel('6.18', checkpoint, plan, NEVER);
    expect(rehearsed[0]).toMatchObject({ outcome: 'ok', restored: [1, 2, 3] });
    expect(isVerified(rehearsed)).toBe(true);
  });

  test.each([
    'xarray-cyclic',
    'restricted:4096',
    'reversed',
    'cursor-sysctl',
    'create-at-id',
    'sigev-bit',
    'dense',
    '3.9',
  ])('the proposed kernel %s, by CRIU and by its own means', async (kernel) => {
    const own = madeCheckpoint([madeTimer(0), madeTimer(7), madeTimer(2)], [madeTimer(900)], [madeTimer(3)]);
    for (const process of own.processes) process.rlimitSigpending = 50n as never;
    for (const criu of ['3.18', '4.1', '4.2', 'native']) {
      const plan = planRestore(own, { kernel, criu });
      const rehearsed = await rehearseOnModel(kernel, own, plan, NEVER);
      expect(rehearsed).toHaveLength(3);
      expect(isVerified(rehearsed), `${criu} ${JSON.stringify(rehearsed.map(({ checks }) => checks))}`).toBe(true);
    }
  });

  test('a plan for another kernel is not verified', async () => {
    const checkpoint = await readCheckpoint(`${CHECKPOINTS}/sparse`);
    const plan = planRestore(checkpoint, { kernel: '6.18', criu: '4.2' });
    const rehearsed = await rehearseOnModel('6.1', checkpoint, plan, NEVER);
    expect(rehearsed[0]).toMatchObject({ ending: 'differs', restored: [] });
    expect(rehearsed[0]!.checks).toMatchObject([
      { check: 'calls', ok: false, text: 'prctl(PR_TIMER_CREATE_RESTORE_IDS, ON) (step 1) gave EINVAL, expected 0' },
      { check: 'clean-up', ok: true },
    ]);
    expect(isVerified(rehearsed)).toBe(false);
  });

  test('the budget stops the dance, and the rest is left out', async () => {
    const { out, exitCode } = await onModel('int-max', '--on', 'model:6.1', '--max-seconds', '0.2');
    expect(exitCode).toBe(1);
    expect(out.replace(/\s+/g, ' ')).toMatch(
      // On a machine that is very busy, the time may be over before the first call.
      /✓ clean-up 0 timers deleted stopped after (0|[\d,]+ of 4,294,967,295 calls in \S+ \S+; all of them would take about .* here)/,
    );
    expect(out).toContain('Stopped by --max-seconds 0.2: not verified');
    const json = await jsonOf('int-max', '--on', 'model:6.1', '--max-seconds', '0.1');
    expect(json).toMatchObject({ verified: false, stoppedBy: 'max-seconds', maxSeconds: 0.1 });
    expect(json.processes[0]).toMatchObject({ ending: 'stopped', ofCalls: 2 ** 32 - 1, restored: [] });
  });

  test('Ctrl-C ends it with what there is, and exit code 1', async () => {
    // Pressed when it listens, and has made some calls.
    const press = (event: string | symbol): unknown =>
      event === 'SIGINT' && setTimeout(() => process.off('newListener', press).emit('SIGINT'), 100);
    process.on('newListener', press);
    const { out, exitCode } = await onModel('int-max', '--on', 'model:6.1', '--max-seconds', '600', '--json');
    expect(JSON.parse(out)).toMatchObject({ verified: false, stoppedBy: 'interrupt' });
    expect(exitCode).toBe(1);
    expect(process.listenerCount('SIGINT')).toBe(0);
  });
});

test.each([
  ['live', 'live'],
  ['model:6.1', 'model'],
  ['model: v6.18', 'model'],
])('--on %s', (text, kind) => expect(targetOf(text).kind).toBe(kind));

test.each([
  ['nowhere', ['sparse'], /--on: got none, expected 'model:' and a kernel/],
  ['an unknown place', ['sparse', '--on', 'moon'], /--on: got 'moon', expected 'live', or 'model:' and a kernel/],
  ['an unknown kernel', ['sparse', '--on', 'model:minix'], /--on: got 'model:minix', expected a release/],
  ['a budget below 0', ['sparse', '--on', 'live', '--max-seconds', '-1'], /--max-seconds: got '-1', expected a number/],
])('misuse: %s', async (_, args, message) => {
  const { exitCode, out, err } = await onModel(...args);
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
  expect(err).toMatch(message);
});

describe.skipIf(WHY_SKIPPED !== null)('on the running kernel', () => {
  const child = { execArgv: FROM_SOURCES };

  async function live(
    name: string,
    criu: string,
    maxSeconds = HANG_MS / 1000,
  ): Promise<{ exitCode: number; json: Rehearsal }> {
    const out = new Collector();
    const terminal = { out, err: new Collector(), folder: CHECKPOINTS, env: {} };
    const exitCode = await rehearse(name, { on: targetOf('live'), criu, maxSeconds, json: true }, terminal, child);
    return { exitCode, json: JSON.parse(out.text) };
  }

  /** Expects that all was looked at and went as planned. A process of this machine may have the PID of a checkpoint: that alone may be in the way. */
  function expectVerified(json: Rehearsal): void {
    const checks = json.spaces.flatMap((space) => space.checks);
    const inTheWay = checks.filter(({ check, ok }) => check === 'target' && ok === false);
    for (const { text } of inTheWay) expect(text).toMatch(/^PID \d+ is held by /);
    const verified = inTheWay.length === 0;
    expect(json, JSON.stringify(json)).toMatchObject({ on: 'live', verified, stoppedBy: null });
    expect(isVerified(json.processes)).toBe(true);
  }

  // Each starts a process of its own.
  test.each(withinBudget(CASES))('%s by restore mode', async (name) => {
    const { exitCode, json } = await live(name, '4.2');
    expectVerified(json);
    const checkpoint = await readCheckpoint(`${CHECKPOINTS}/${name}`);
    expect(json.processes[0]!.restored).toEqual(
      checkpoint.processes[0]!.timers.map(({ id }) => id).sort((a, b) => a - b),
    );
    expect(json.processes[0]!.checks).toContainEqual(expect.objectContaining({ check: 'listing', ok: true }));
    expect(exitCode).toBe(0);
  });

  test.each(withinBudget(['sparse', 'clocks-and-notify-kinds']))('%s by the dance of CRIU 4.1', async (name) => {
    expectVerified((await live(name, '4.1')).json);
  });

  test('signals are replaced, and it says so', async () => {
    const { json } = await live('clocks-and-notify-kinds', '4.2');
    expect(json.processes[0]!.substitutions).toEqual([
      {
        ids: [0, 1, 3, 4, 5, 6, 7, 8, 9],
        text: 'SIGEV_NONE for 9 timers that send signals: they would hit the runtime',
      },
    ]);
    expect(json.processes[0]!.checks).toContainEqual({ check: 'settings', ok: true, text: '8 armed, 2 disarmed' });
  });

  test('the dance to INT_MAX is stopped by its budget', async () => {
    // On a busy machine, the time may be over before the first call: then it gets more.
    let seconds = 0.1;
    let { exitCode, json } = await live('int-max', '4.1', seconds);
    while ((json.processes[0]?.creates ?? 0) === 0 && (seconds *= 4) < 60) {
      ({ exitCode, json } = await live('int-max', '4.1', seconds));
    }
    expect(json).toMatchObject({ verified: false, stoppedBy: 'max-seconds' });
    expect(json.processes[0]).toMatchObject({ ending: 'stopped', restored: [], ofCalls: 2 ** 32 - 2 });
    expect(exitCode).toBe(1);
  });

  test('the dance is stopped within two paces, and what it made is deleted', async () => {
    const stop = new AbortController();
    const seen: number[] = [];
    const onProgress = ({ done, lastId }: { done: number; lastId: number }): void => {
      seen.push(done - 1 - 2 * lastId); // the first create stays, each later one goes
      if (seen.length === 3) stop.abort();
    };
    const checkpoint = madeCheckpoint([madeTimer(0), madeTimer(2 ** 31 - 1)]);
    const plan = planRestore(checkpoint, { kernel: '6.18', criu: '4.1' });
    const [rehearsal] = await rehearseOnLive(checkpoint, plan, {}, { signal: stop.signal, onProgress }, child);
    expect(rehearsal).toMatchObject({ ending: 'stopped', restored: [0], differences: [] });
    expect(new Set(seen)).toEqual(new Set([0]));
    expect(rehearsal!.creates).toBeGreaterThanOrEqual(3 * 2 ** 14);
    expect(rehearsal!.checks).toEqual([{ check: 'clean-up', ok: true, text: '1 timer deleted' }]);
  });

  test('what the kernel refuses in a timer is refused', async () => {
    const dead = [{ clock: DEAD }, { clock: (~99 << 3) | 6 }, { notify: 'thread-id', signo: 34 } as const];
    const family = madeCheckpoint(...dead.map((timer) => [madeTimer(2), madeTimer(5, timer)]));
    const rehearsed = await rehearseOnLive(
      family,
      planRestore(family, { kernel: '6.18', criu: '4.2' }),
      {},
      NEVER,
      child,
    );
    expect(rehearsed).toMatchObject(dead.map(() => ({ outcome: 'fails', ending: 'as-planned', restored: [2] })));
    expect(isVerified(rehearsed), JSON.stringify(rehearsed)).toBe(true);
  });

  // Another process of this user may make or delete timers meanwhile, and is charged to the same limit.
  test.each(withinBudget(FIELD_CASES, { least: 2 }))(
    '%s, from the field: what is planned happens, and nothing that was replaced counts as seen',
    { retry: 4 },
    async (name) => {
      const { exitCode, json } = await live(`${FIELD}/${name}`, '4.2');
      expect(exitCode, JSON.stringify(json.processes)).toBe(0);
      expect(json.processes.flatMap(({ unverified }) => unverified)).toEqual([]);
      const target = factsHere().target;
      const plan = planRestore(await readCheckpoint(`${FIELD}/${name}`), { kernel: json.kernel, criu: '4.2', target });
      expect(json.processes.map(({ outcome }) => outcome)).toEqual(
        plan.processes.filter(isRehearsed).map(({ outcome }) => outcome),
      );
    },
  );

  test('each process is played under the limit of its images, which they share', { retry: 4 }, async () => {
    const checkpoint = madeCheckpoint([madeTimer(1), madeTimer(2)], [madeTimer(1), madeTimer(2)]);
    for (const process of checkpoint.processes) process.rlimitSigpending = BigInt(ownSigq() + 3);
    const target = { sigqOfCriuUser: ownSigq() };
    const plan = planRestore(checkpoint, { kernel: '6.18', criu: '4.2', target });
    const rehearsed = await rehearseOnLive(checkpoint, plan, target, NEVER, child);
    expect(rehearsed.map(({ outcome, restored }) => [outcome, restored])).toEqual([
      ['exceeds-limit', [1, 2]],
      ['exceeds-limit', [1]],
    ]);
    expect(isVerified(rehearsed), JSON.stringify(rehearsed)).toBe(true);
  });

  test('a limit that is not there is found out', async () => {
    const checkpoint = madeCheckpoint([madeTimer(1), madeTimer(2)]);
    checkpoint.processes[0]!.rlimitSigpending = 1n;
    const plan = planRestore(checkpoint, { kernel: '6.18', criu: '4.2' });
    checkpoint.processes[0]!.rlimitSigpending = 50_000n;
    const rehearsed = await rehearseOnLive(checkpoint, plan, {}, NEVER, child);
    expect(rehearsed[0]).toMatchObject({ outcome: 'exceeds-limit', ending: 'differs' });
    expect(isVerified(rehearsed)).toBe(false);
  });

  test('each process of a family has a child of its own', async () => {
    const checkpoint = madeCheckpoint([madeTimer(4)], [], [madeTimer(4, { clock: (~6 << 3) | 2 })]);
    const rehearsed = await rehearseOnLive(
      checkpoint,
      planRestore(checkpoint, { kernel: '6.18', criu: '4.2' }),
      {},
      NEVER,
      child,
    );
    expect(isVerified(rehearsed)).toBe(true);
    expect(rehearsed.map(({ pid, restored }) => [pid, restored])).toEqual([
      [6, [4]],
      [9, [4]],
    ]);
    expect(rehearsed[1]!.substitutions).toMatchObject([
      { ids: [4], text: expect.stringContaining('CPU clock of this') },
    ]);
  });

  test('a plan for an older kernel is found out', async () => {
    const checkpoint = madeCheckpoint([madeTimer(4)]);
    const rehearsed = await rehearseOnLive(
      checkpoint,
      planRestore(checkpoint, { kernel: '6.1', criu: '4.2' }),
      {},
      NEVER,
      child,
    );
    expect(rehearsed[0]!.checks[0]!.text).toBe(
      'prctl(PR_TIMER_CREATE_RESTORE_IDS, ON) (step 1) gave 0, expected EINVAL',
    );
    expect(rehearsed[0]!.checks.at(-1)!.text).toBe('0 timers deleted, restore mode switched off');
  });
});
