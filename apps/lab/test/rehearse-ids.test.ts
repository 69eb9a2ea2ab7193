// Rehearsals of IDs other than timers: on models, held to what a real CRIU did, and in namespaces of their own on the running kernel.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelIds } from '@idspace/kernel-ids';
import { LiveKernelError, openLiveIds } from '@idspace/live-kernel';
import {
  type Checkpoint,
  type CheckpointIds,
  type IdStage,
  playSpaces,
  readCheckpoint,
  type SpaceReport,
  type Target,
} from '@idspace/restore-planner';
import { budget, HANG_MS, random } from '@idspace/testkit';
import { FROM_SOURCES } from '@idspace/testkit/sources';
import { describe, expect, test } from 'vitest';
import {
  RECORDED,
  RESTORES,
  targetOf as recordedTarget,
} from '../../../packages/restore-planner/test/spaces/recorded.ts';
import { rehearse } from '../src/rehearse/command.ts';
import { rehearseIdsOnLive, rehearseIdsOnModel } from '../src/rehearse/ids/rehearse-ids.ts';
import type { Rehearsal } from '../src/rehearse/rehearsal.ts';
import { targetOf } from '../src/rehearse/target.ts';
import { randomRestore } from './support/random-ids.ts';
import { Collector, idspace } from './support/run.ts';

const CASES = readdirSync(RECORDED, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);
const NEVER = new AbortController().signal;
const PLAYED = { kernel: '6.18', criu: '4.2', signal: NEVER };
const HOW = { ...PLAYED, deprecated: false };
const SEED = Number(process.env.TEST_SEED ?? 20_261_130);
const MADE = budget(100);
type InotifyFiles = Exclude<CheckpointIds['inotify'], { missing: string }>;
/** A dance to it ends soon. */
const isNear = (wd: number): boolean => wd <= 1000;
const NOT_THERE = /^What is in the way on the target was not there|^The tail of a ring/;
const MEMORY = /^The tail of a ring of process \d+ was not played: its memory is not in the checkpoint\.$/;

async function idsOf(name: string): Promise<Checkpoint & { ids: CheckpointIds[] }> {
  const checkpoint = await readCheckpoint(join(RECORDED, name));
  return { ...checkpoint, ids: checkpoint.ids! };
}

/** IDs of one space, and a process 5001. */
function made(ids: Partial<CheckpointIds>): Checkpoint {
  const task = { pid: 5001, ppid: 0, pgid: 5001, sid: 5001, threads: [5001] };
  const none = { pids: { tasks: [task], namespace: 'shared' }, inotify: [], sysv: null, pty: [], aio: [] } as const;
  return { source: 'test', format: 'criu-v1.1', processes: [], ids: [{ ...none, ...ids }] };
}

describe('on models', () => {
  const given = RESTORES.filter(({ case: name }) => !name.startsWith('timers')).map(
    (restore) => [`${restore.case}: ${restore.mode}`, restore] as const,
  );

  test.each(given)('%s: every ID comes, or does not, as with a real CRIU', async (_, restore) => {
    const checkpoint = await idsOf(restore.case);
    const target = recordedTarget(restore, checkpoint);
    const stage = modelIds(target, isOwn(checkpoint));
    const reports = await playSpaces(
      checkpoint.ids[0]!,
      { ...PLAYED, target, signal: AbortSignal.timeout(HANG_MS) },
      stage,
    );
    const isIntMax = restore.verdict === 'does not finish';
    const of = (name: string) => reports.find(({ space }) => space === name);
    if (isIntMax) return;
    // Where CRIU stops before its first fork, there is nothing to play.
    const played = reports.filter(({ ending }) => ending !== 'not-played');
    expect(played.map(({ difference }) => difference)).toEqual(played.map(() => null));
    const isWhole = reports.every(({ ids, restored }) => ids === restored);
    expect(isWhole).toBe(restore.verdict === 'ok');
    if (restore.verdict !== 'ok') return;
    const { calls } = restore;
    if (calls.inotify_add_watch !== undefined) {
      const { inotify_add_watch: creates, inotify_rm_watch: deletes = 0 } = calls;
      expect(of('inotify')).toMatchObject({ creates, deletes });
    }
    if (calls.shmget !== undefined) expect(of('sysv')?.creates).toBe(calls.shmget + calls.semget! + calls.msgget!);
    // One clone3 more is CRIU's own, which tries it out when its cache is cold.
    if (calls.clone3 !== undefined && calls['ioctl SETNEXTWD'] !== undefined)
      expect(of('pids')?.asks).toBe(calls.clone3 - 1);
  });

  test('a stage that gives another ID is found out, in each space at the ID', async () => {
    const { ids } = await idsOf('mixed');
    const wrong = (result: number): number => result + 1;
    const honest = (): IdStage => modelIds(FREE, false);
    const liars: [SpaceReport['space'], (stage: IdStage) => void, string][] = [
      ['inotify', (stage) => twist(stage.inotify, 'add', wrong), 'inotify_add_watch gave'],
      ['sysv', (stage) => twist(stage.sysv, 'create', wrong), 'shmget gave'],
      ['pty', (stage) => twist(stage.pty, 'open', wrong), 'open of ptmx gave'],
      ['aio', (stage) => twist(stage.aio, 'read', () => ({ nr: 255, tail: 0 })), 'slots of the ring gave 255'],
      ['pids', (stage) => twist(stage.pids, 'thread', wrong), 'clone3 for a thread gave'],
      ['pids', (stage) => twist(stage.pids, 'sidOf', wrong), 'session of process'],
    ];
    for (const [space, lie, words] of liars) {
      const stage = honest();
      lie(stage);
      const reports = await playSpaces(ids[0]!, { ...PLAYED, target: FREE }, stage);
      for (const report of reports) {
        const isLie = report.space === space;
        expect([report.space, report.ending]).toEqual([report.space, isLie ? 'differs' : 'as-planned']);
        if (isLie) expect(report.difference).toContain(words);
      }
    }
  });

  test('where pid_max cannot be raised, no process is made, and that is said', async () => {
    const target: Target = { ...FREE, pidMax: 5000 };
    const ids = made({}).ids![0]!;
    const stage = modelIds(target, false);
    twist(stage.pids, 'raisePidMax', () => -13); // EACCES
    const [pids] = await playSpaces(ids, { ...PLAYED, target }, stage);
    expect(pids).toMatchObject({ space: 'pids', restored: 0, creates: 0 });
    expect(pids!.unverified).toEqual(['kernel.pid_max was not raised to 5002, so no process was made.']);
    const [raised] = await playSpaces(ids, { ...PLAYED, target }, modelIds(target, false));
    expect(raised).toMatchObject({ ending: 'as-planned', restored: 1, unverified: [] });
  });

  test('a failure that does not come is found out', async () => {
    const { ids } = await idsOf('pids');
    const taken: Target = { ...FREE, taken: [{ number: 5001, as: 'pid' }] };
    const [report] = await playSpaces(ids[0]!, { ...PLAYED, target: taken }, modelIds(FREE, false));
    expect(report).toMatchObject({ space: 'pids', outcome: 'fails', ending: 'differs' });
    expect(report!.difference).toMatch(/^every ID came, and the plan says: PID 5001 is held by/);
  });

  test('what has no answer is not played, and never verified', async () => {
    const { ids } = await idsOf('mixed');
    const nothing = { why: 'There is no kernel.' };
    const stage = { inotify: nothing, sysv: nothing, pty: nothing, aio: nothing, pids: nothing };
    for (const report of await playSpaces(ids[0]!, { ...PLAYED, target: FREE }, stage)) {
      expect(report).toMatchObject({ ending: 'not-played', restored: 0, unverified: ['There is no kernel.'] });
    }
  });

  test('a group whose leader has left it does not come, as planned', async () => {
    const task = (pid: number, ppid: number, pgid: number) => ({ pid, ppid, pgid, sid: 10, threads: [pid] });
    const tasks = [task(10, 0, 10), task(11, 10, 12), task(12, 10, 12), task(13, 10, 11)];
    const checkpoint = made({ pids: { tasks, namespace: 'shared' } });
    const [pids] = await rehearseIdsOnModel(checkpoint, undefined, HOW);
    expect(pids).toMatchObject({ outcome: 'hangs', ending: 'as-planned' });
    expect(pids!.checks[0]!.text).toMatch(/; then setpgid was refused \(EPERM\), as planned$/);
  });

  test('where CRIU does not start, nothing is played, and that is said', async () => {
    const checkpoint = await idsOf('mixed');
    const spaces = await rehearseIdsOnModel(checkpoint, undefined, { ...HOW, criu: '3.18' });
    expect(spaces.length).toBeGreaterThan(3);
    for (const space of spaces) {
      expect(space).toMatchObject({ ending: 'not-played', restored: 0, asks: 0, creates: 0, verified: false });
      expect(space.unverified).toEqual(['CRIU 3.18 does not start on Linux 6.18: it asks for no ID.']);
    }
  });

  test('a dance to INT_MAX is stopped', async () => {
    const checkpoint = made({ inotify: [{ id: 1, wds: [2 ** 31 - 1] }] });
    const options = { ...HOW, kernel: '5.4', criu: '3.8', signal: AbortSignal.timeout(100) };
    const [, inotify] = await rehearseIdsOnModel(checkpoint, undefined, options);
    expect(inotify).toMatchObject({ space: 'inotify', ending: 'stopped', restored: 0, verified: false });
    expect(inotify!.checks).toMatchObject([{ check: 'ids', ok: null }]);
  });

  test('more processes than are played are told, not verified', async () => {
    const threads = Array.from({ length: 10_001 }, (_, at) => 5001 + at);
    const task = { pid: 5001, ppid: 0, pgid: 5001, sid: 5001, threads };
    const [pids] = await rehearseIdsOnModel(made({ pids: { tasks: [task], namespace: 'shared' } }), undefined, HOW);
    expect(pids).toMatchObject({ verified: false, restored: 0, ids: 10_001 });
    expect(pids!.unverified).toEqual(['Its 10001 processes and threads were not made: 10000 are the most.']);
  });
});

const FREE: Target = {
  taken: [],
  pidMax: 2 ** 22,
  ptysTaken: [],
  ipcmniExtend: false,
  possibleCpus: 1,
  aioNr: 0,
  aioMaxNr: 65_536,
};

function isOwn({ ids }: { ids: CheckpointIds[] }): boolean {
  const { pids } = ids[0]!;
  return 'namespace' in pids && pids.namespace === 'own';
}

/** Lets a method answer something else. */
function twist<Calls extends object>(calls: Calls, name: string, change: (result: never) => unknown): void {
  const honest = (calls as Record<string, (...args: unknown[]) => unknown>)[name]!;
  Object.assign(calls, { [name]: (...args: unknown[]) => change(honest.apply(calls, args) as never) });
}

describe('the command', () => {
  const onModel = (...args: string[]) =>
    idspace(['rehearse', ...args, '--max-seconds', `${HANG_MS / 1000}`], { folder: RECORDED });
  const jsonOf = async (...args: string[]): Promise<Rehearsal> => JSON.parse((await onModel(...args, '--json')).out);

  test('tells of each space what came', async () => {
    const { spaces } = await jsonOf('mixed', '--on', 'model:6.18');
    expect(
      spaces.map(({ space, ids, restored, asks, creates, ending }) => [space, ids, restored, asks, creates, ending]),
    ).toEqual([
      ['pids', 4, 4, 4, 4, 'as-planned'],
      ['inotify', 2, 2, 2, 2, 'as-planned'],
      ['sysv', 6, 6, 6, 6, 'as-planned'],
      ['pty', 2, 2, 0, 3, 'as-planned'],
      ['aio', 2, 2, 0, 0, 'as-planned'],
    ]);
    expect(spaces.at(-1)).toMatchObject({
      verified: false,
      unverified: [expect.stringMatching(MEMORY), expect.anything()],
    });
    expect(spaces[0]).toMatchObject({
      verified: true,
      open: [expect.stringContaining('is not known'), expect.anything()],
    });
  });

  test('a PID that the target has in use is in the way, whatever the timers do', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'idspace-target-'));
    try {
      const file = join(folder, 'node.json');
      const target = { format: 'idspace-target', version: 1, pidMax: 4_194_304 };
      writeFileSync(
        file,
        JSON.stringify({ ...target, taken: [{ number: 5001, as: 'pid', command: 'postgres', pid: 5001 }] }),
      );
      const taken = await onModel('pids', '--on', 'model:6.18', '--target', file);
      expect(taken.out).toContain('! target     PID 5001 is held by postgres (pid 5001) on the target');
      expect(taken.out).toContain('clone3 gave EEXIST instead of 5001, as planned');
      expect(taken.out.replace(/\s+/g, ' ')).toMatch(
        /The restore fails, as planned: PID 5001 is held by postgres \(pid 5001\) on the target\. $/,
      );
      expect(taken.exitCode).toBe(0);
      const json = await jsonOf('pids', '--on', 'model:6.18', '--target', file);
      expect(json).toMatchObject({ outcome: 'fails', verified: true });
      writeFileSync(file, JSON.stringify({ ...target, taken: [{ number: 4711, as: 'sid' }] }));
      const free = await jsonOf('pids', '--on', 'model:6.18', '--target', file);
      expect(free).toMatchObject({ verified: true, spaces: [{ space: 'pids', verified: true, open: [] }] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('how many are temporary is told where all went on to the end', async () => {
    const { out, exitCode } = await onModel('pids-shell-job', '--on', 'model:6.18');
    expect(exitCode).toBe(0);
    expect(out).toMatch(/3 asked for, 3 made; then setpgid was refused \(\w+\), which the plan leaves open/);
    const { out: whole } = await onModel('pty', '--on', 'model:6.18');
    expect(whole).toMatch(/✓ IDs {8}0 asked for, \d+ made, \d+ of them temporary: all as planned/);
  });

  test('a limit of the target that a model does not have is told as not seen', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'idspace-target-'));
    try {
      const file = join(folder, 'node.json');
      writeFileSync(file, JSON.stringify({ format: 'idspace-target', version: 1, maxUserWatches: 0, userWatches: 0 }));
      const { out, exitCode } = await onModel('mixed', '--on', 'model:6.18', '--target', file);
      expect(exitCode).toBe(0);
      expect(out).toContain('– not seen   What is in the way on the target was not there when the IDs were asked for.');
      expect(out.replace(/\s+/g, ' ')).toMatch(
        /Not all could be played, .* nothing differed, and by the plan the restore fails: /,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a target is for models', async () => {
    const { exitCode, err } = await onModel('pids', '--on', 'live', '--target', 'node.json');
    expect(exitCode).toBe(2);
    expect(err).toContain('--target: got it with --on live, which looks at this machine itself');
  });
});

const WHY_SKIPPED = await whySkipped();
if (WHY_SKIPPED !== null) console.warn(`SKIPPED: IDs on the running kernel: ${WHY_SKIPPED}`);

async function whySkipped(): Promise<string | null> {
  try {
    (await openLiveIds()).close();
    return null;
  } catch (error) {
    if (error instanceof LiveKernelError) return error.message;
    throw error;
  }
}

describe.skipIf(WHY_SKIPPED !== null)('on the running kernel, in namespaces of their own', () => {
  const child = { execArgv: FROM_SOURCES };

  test('of every recorded checkpoint every ID comes, or does not, as planned', async () => {
    const ids: CheckpointIds[] = [];
    for (const name of CASES) for (const one of (await idsOf(name)).ids) ids.push({ ...one, container: name });
    const checkpoint: Checkpoint = { source: 'test', format: 'criu-v1.1', processes: [], ids };
    const spaces = await rehearseIdsOnLive(checkpoint, HOW, child);
    expect(new Set(spaces.map(({ container }) => container))).toEqual(new Set(CASES));
    for (const { space, container, ending, ids, restored, outcome, checks, unverified } of spaces) {
      const where = `${container}, ${space}: ${JSON.stringify(checks)}`;
      if (ending === 'not-played') {
        console.warn(`SKIPPED: ${where}: ${unverified[0]}`);
        continue;
      }
      expect(ending, where).toBe('as-planned');
      const isTaken = checks.some(({ check }) => check === 'target'); // in the whole machine's namespaces
      if (!isTaken) expect(restored === ids, where).toBe(outcome !== 'fails');
      expect(checks[0]).toMatchObject({ check: 'ids', ok: true });
      for (const text of unverified) expect(text).toMatch(isTaken ? NOT_THERE : MEMORY);
    }
  });

  test(`of ${MADE} random checkpoints every ID comes, or does not, as planned (seed ${SEED})`, async () => {
    const rng = random(SEED);
    const ids = Array.from({ length: MADE }, (_, index) => {
      const { ids } = randomRestore(rng);
      const near = (ids.inotify as InotifyFiles).map((file) => ({ ...file, wds: file.wds.filter(isNear) }));
      return { ...ids, inotify: near, container: `${index}` };
    });
    for (const criu of ['4.2', '3.8']) {
      const checkpoint: Checkpoint = { source: 'test', format: 'criu-v1.1', processes: [], ids };
      const spaces = await rehearseIdsOnLive(
        checkpoint,
        { ...HOW, kernel: criu === '3.8' ? '5.4' : HOW.kernel, criu },
        child,
      );
      expect(spaces.length).toBeGreaterThan(MADE);
      for (const { container, space, ending, checks } of spaces) {
        const where = `${container}, ${space}, CRIU ${criu}: ${JSON.stringify([checks, ids[Number(container)]![space]])}`;
        expect(ending, where).not.toBe('differs');
        expect(ending, where).not.toBe('stopped');
      }
    }
  });

  test('one that is stopped before it begins says so of each space', async () => {
    const stopped = { ...HOW, signal: AbortSignal.abort() };
    const spaces = await rehearseIdsOnLive(await idsOf('mixed'), stopped, child);
    expect(spaces.map(({ ending, verified, restored }) => [ending, verified, restored])).toEqual(
      Array(5).fill(['stopped', false, 0]),
    );
  });

  test('watches by the dance, and process numbers by moving the counter', async () => {
    const { ids } = await idsOf('pids');
    const checkpoint = made({ pids: ids[0]!.pids, inotify: [{ id: 1, wds: [300, 2, 7] }] });
    const [pids, inotify] = await rehearseIdsOnLive(checkpoint, { ...HOW, kernel: '5.4', criu: '3.8' }, child);
    expect(pids).toMatchObject({ ending: 'as-planned', restored: pids!.ids });
    expect(inotify).toMatchObject({ ending: 'as-planned', restored: 3, asks: 0, creates: 300, deletes: 297 });
  });

  test('the tail of a ring is where it was', async () => {
    for (const [head, tail] of [
      [0, 0],
      [100, 100],
      [7, 17],
      [120, 17],
    ] as const) {
      const checkpoint = made({ aio: [{ pid: 5001, nrReq: 62, ringLen: 4096, head, tail }] });
      const [, ring] = await rehearseIdsOnLive(checkpoint, HOW, child);
      const creates = tail >= head ? tail : 127 + tail;
      expect(ring).toMatchObject({ space: 'aio', ending: 'as-planned', restored: 1, creates, unverified: [] });
    }
  });

  test('a number that is in use on this machine is in the way', async () => {
    const pid = process.ppid; // the search leaves out the process that looks
    const task = { pid, ppid: 0, pgid: pid, sid: pid, threads: [pid] };
    const checkpoint = made({ pids: { tasks: [task], namespace: 'shared' } });
    const [taken] = await rehearseIdsOnLive(checkpoint, HOW, child);
    expect(taken).toMatchObject({ outcome: 'fails', verified: false, ending: 'as-planned', restored: 1 });
    expect(taken!.checks.at(-1)).toMatchObject({ check: 'target', ok: false });
    expect(taken!.checks.at(-1)!.text).toContain(`PID ${pid} is held by`);
    const own = made({ pids: { tasks: [{ ...task, pid: 1, pgid: 1, sid: 1, threads: [1] }], namespace: 'own' } });
    expect(await rehearseIdsOnLive(own, HOW, child)).toMatchObject([{ verified: true, restored: 1 }]);
  });

  test('nothing is left behind', async () => {
    const before = leftovers();
    const terminal = { out: new Collector(), err: new Collector(), folder: RECORDED, env: {} };
    await rehearse(
      'mixed',
      { on: targetOf('live'), criu: '4.2', maxSeconds: HANG_MS / 1000, json: true },
      terminal,
      child,
    );
    // Others on this machine may open a terminal meanwhile, and close it.
    await expect.poll(() => leftovers().filter((one) => !before.includes(one))).toEqual([]);
  });
});

/** Terminals and mounts here. */
function leftovers(): string[] {
  return ['/dev/pts', '/proc/sysvipc'].flatMap((folder) => readdirSync(folder).map((name) => `${folder}/${name}`));
}
