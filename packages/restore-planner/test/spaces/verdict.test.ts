// One verdict: what counts with a target and without, what is said of what was not read, of several containers, of every code.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Checkpoint,
  type CheckpointIds,
  decisiveReason,
  decisiveSpace,
  MATRIX_CRIUS,
  MATRIX_KERNELS,
  planRestore,
  REASON_CODES,
  readCheckpoint,
  SPACES,
  type Target,
} from '@idspace/restore-planner';
import { describe, expect, test } from 'vitest';
import { checkpointOf } from '../support/checkpoints.ts';

const NOTHING: CheckpointIds = { pids: { missing: 'x' }, inotify: [], sysv: null, pty: [], aio: [] };
const TREE = { namespace: 'shared', tasks: [{ pid: 7, ppid: 0, pgid: 7, sid: 7, threads: [7] }] } as const;
const KNOWN: Target = { taken: [], pidMax: 32_768 };

const checkpoint = (...ids: Partial<CheckpointIds>[]): Checkpoint => {
  return { ...checkpointOf([[0]]), ids: ids.map((one) => ({ ...NOTHING, pids: TREE, ...one })) };
};
const plan = (ids: Partial<CheckpointIds>, target?: Target) =>
  planRestore(checkpoint(ids), { kernel: '6.18', criu: '4.2', ...(target && { target }) });

describe('without a target', () => {
  test('what merely depends on it is said and does not count', () => {
    const { outcome, reasons, spaces } = plan({});
    expect(outcome).toBe('ok');
    expect(reasons.map(({ code }) => code)).toEqual(['numbers-unknown', 'pid-max-unknown']);
    expect(spaces.map(({ space, outcome }) => [space, outcome])).toEqual([
      ['timers', 'ok'],
      ['pids', 'depends'],
    ]);
  });

  test('what fails everywhere counts', () => {
    const pty = [32, 0].map((index, fd) => ({ index, fd, pid: 7, fileId: fd, path: null }));
    expect(plan({ pty }).outcome).toBe('fails');
    expect(plan({ inotify: [{ id: 1, wds: [0] }] }).outcome).toBe('fails');
  });

  test('an empty target is one, of which nothing is known', () => {
    expect(plan({}, {}).outcome).toBe('depends');
    expect(plan({}, KNOWN).outcome).toBe('ok');
  });
});

describe('what was not read', () => {
  test('is said last and has no outcome, with a target or without', () => {
    const unread = { inotify: { missing: 'files.img' }, sysv: { missing: 'ids-7.img' } };
    for (const target of [undefined, {}, KNOWN]) {
      const { outcome, reasons } = plan(unread, target);
      expect(outcome).toBe(target !== undefined && target.taken === undefined ? 'depends' : 'ok'); // of PIDs
      expect(reasons.slice(-2)).toMatchObject([
        { space: 'inotify', code: 'not-read' },
        { space: 'sysv', code: 'not-read' },
      ]);
    }
  });

  test('never stands for what decides', () => {
    const planned = plan({ inotify: { missing: 'files.img' } }, {});
    expect([planned.outcome, decisiveSpace(planned), decisiveReason(planned)?.code]).toEqual([
      'depends',
      'pids',
      'numbers-unknown',
    ]);
    const taken = plan({ inotify: { missing: 'files.img' } }, { ...KNOWN, taken: [{ number: 7, as: 'pid' }] });
    expect([taken.outcome, decisiveSpace(taken)]).toEqual(['fails', 'pids']);
    expect(decisiveReason(plan({ inotify: { missing: 'files.img' } }, KNOWN))).toBeUndefined();
  });

  test('in one container does not hide what is known of another', () => {
    const aio = [{ pid: 7, nrReq: 62, ringLen: 4096, head: null, tail: null }];
    const pod = checkpoint({ container: 'a', aio: { missing: 'mm-7.img' } }, { container: 'b', aio });
    const at = (possibleCpus: number) =>
      // biome-ignore format: what belongs together stands in a row
      planRestore(pod, {
        kernel: '6.18', criu: '4.2',
        target: { ...KNOWN, possibleCpus, aioNr: 0, aioMaxNr: 65_536 },
      });
    expect(at(2).outcome).toBe('ok');
    expect([at(64).outcome, decisiveReason(at(64))?.container]).toEqual(['fails', 'b']);
  });

  test('a listing of timers is judged for timers alone', () => {
    const { outcome, spaces } = planRestore(checkpointOf([[0, 5]]), { kernel: '6.18', criu: '4.2', target: KNOWN });
    expect([outcome, spaces.map(({ space }) => space)]).toEqual(['ok', ['timers']]);
  });
});

test('containers are judged each for itself and named', () => {
  const aio = [{ pid: 7, nrReq: 62, ringLen: 4096, head: null, tail: null }];
  const pod = checkpoint({ container: 'a' }, { container: 'b', aio });
  const { reasons, spaces } = planRestore(pod, {
    kernel: '6.18',
    criu: '4.2',
    target: { ...KNOWN, possibleCpus: 64, aioNr: 0, aioMaxNr: 9 },
  });
  expect(reasons.map(({ code, container }) => [code, container])).toEqual([
    ['aio-limit', 'b'],
    ['ring-size', 'b'],
  ]);
  expect(spaces.find(({ space }) => space === 'pids')?.asks).toBe(2);
});

test('the worst reason stands first', () => {
  const outcomes = plan({ inotify: [{ id: 1, wds: [0] }] }, {}).reasons.map(({ outcome }) => outcome);
  expect(outcomes).toEqual([...outcomes].sort((a, b) => (a === 'fails' ? 0 : 1) - (b === 'fails' ? 0 : 1)));
});

test('a number held by a process is said with its name', () => {
  const taken = [{ number: 7, as: 'pid', command: 'postgres', pid: 7 }] as const;
  expect(plan({}, { ...KNOWN, taken: [...taken] }).reasons[0]).toMatchObject({
    text: 'PID 7 is held by postgres (pid 7) on the target',
    words: "Can't fork for 7: File exists",
  });
  const bare = [{ number: 7, as: 'pid', command: 'postgres' }] as const;
  expect(plan({}, { ...KNOWN, taken: [...bare] }).reasons[0]!.text).toBe(
    'PID 7 is held by postgres (pid 7) on the target',
  );
});

test('an input of timers alone has other IDs, too, and a reason for each space that it does not show', () => {
  const input = { source: '/proc/7', format: 'proc-timers' as const, complete: false, processes: [] };
  const { outcome, reasons, spaces } = planRestore(input, { kernel: '6.18', criu: '4.2', target: KNOWN });
  expect({ outcome, spaces }).toEqual({ outcome: 'ok', spaces: [] });
  expect(reasons.map(({ space, code, outcome }) => [space, code, outcome])).toEqual(
    SPACES.map(({ name }) => [name, 'not-read', 'depends']),
  );
});

test('the docs explain every code and space', () => {
  const readme = readFileSync(join(import.meta.dirname, '..', '..', 'docs/verdict.md'), 'utf8');
  for (const code of Object.keys(REASON_CODES)) expect(readme).toContain(`\`${code}\``);
  for (const { name } of SPACES) expect(readme).toContain(`\`${name}\``);
});

test('a target or IDs of another shape are refused', () => {
  const wrong = { pidMax: 'many' } as unknown as Target;
  expect(() => plan({}, wrong)).toThrow(/^target\.pidMax: got "many", expected a whole number/);
  expect(() => plan({}, 5 as unknown as Target)).toThrow(/^target: got 5, expected a Target/);
  expect(() => plan({ aio: undefined as never })).toThrow(/^checkpoint\.ids\[0\]\.aio: got undefined/);
});

describe('why timers are not restored', () => {
  test.each(['criu/ids-1e6-2e6', 'criu/int-max', 'criu/sparse', 'criu-field/wall-clock'])(
    '%s: the reason is never a warning of restores that succeed',
    async (name) => {
      const checkpoint = await readCheckpoint(join(import.meta.dirname, '../ground-truth', name));
      let failing = 0;
      for (const kernel of MATRIX_KERNELS) {
        for (const criu of MATRIX_CRIUS) {
          const reason = decisiveReason(planRestore(checkpoint, { kernel, criu }));
          if (reason === undefined) continue;
          failing++;
          expect(reason.text, `CRIU ${criu} on ${kernel}`).not.toMatch(/counter had come|restore mode|wall clock/);
          expect(reason.remedy).not.toBe('see the warnings of the process');
        }
      }
      expect(failing).toBeGreaterThan(3);
    },
  );

  test('a kernel with dense IDs does not hand out what CRIU wants', async () => {
    const checkpoint = await readCheckpoint(join(import.meta.dirname, '../ground-truth/criu/ids-1e6-2e6'));
    expect(decisiveReason(planRestore(checkpoint, { kernel: 'dense', criu: '4.2' }))).toMatchObject({
      code: 'timers-fail',
      text: expect.stringMatching(/^process \d+ has timers whose IDs this kernel does not hand out to this CRIU/),
      remedy: 'use CRIU 4.2 or later on Linux 6.15 or later',
      ids: [],
    });
  });
});
