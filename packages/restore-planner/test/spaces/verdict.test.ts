// One verdict: what counts with a target and without, what is said of what was not read, of several containers, of every code.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Checkpoint,
  type CheckpointIds,
  planRestore,
  REASON_CODES,
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
  test('is said, and counts where a target is given', () => {
    const without = plan({ inotify: { missing: 'files.img' } });
    expect(without.outcome).toBe('ok');
    expect(without.reasons).toContainEqual(expect.objectContaining({ space: 'inotify', code: 'not-read' }));
    expect(plan({ inotify: { missing: 'files.img' } }, KNOWN).outcome).toBe('depends');
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
});

test('the README explains every code and space', () => {
  const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
  for (const code of Object.keys(REASON_CODES)) expect(readme).toContain(`\`${code}\``);
  for (const { name } of SPACES) expect(readme).toContain(`\`${name}\``);
});

test('a target or IDs of another shape are refused at the door', () => {
  const wrong = { pidMax: 'many' } as unknown as Target;
  expect(() => plan({}, wrong)).toThrow(/^target\.pidMax: got "many", expected a whole number/);
  expect(() => plan({}, 5 as unknown as Target)).toThrow(/^target: got 5, expected a Target/);
  expect(() => plan({ aio: undefined as never })).toThrow(/^checkpoint\.ids\[0\]\.aio: got undefined/);
});
