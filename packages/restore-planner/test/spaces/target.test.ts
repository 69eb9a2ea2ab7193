// The file of a target: every key may be missing, none may be wrong.
import { CheckpointError, parseTarget } from '@idspace/restore-planner';
import { describe, expect, test } from 'vitest';

const HEAD = { format: 'idspace-target', version: 1 };
const parse = (data: object): object => parseTarget(JSON.stringify({ ...HEAD, ...data }), 'node.json');

// biome-ignore format: what belongs together stands in a row
const WHOLE = {
  kernel: '6.18', criu: '4.2', pidMax: 32_768, pidMaxWhereCriuRuns: 32_768, lastPid: 7, criuPid: 9, criuSid: 9,
  taken: [
    { number: 5003, as: 'pid', command: 'postgres', pid: 5003 },
    { number: 2, as: 'pid', command: 'kthreadd', pid: 2, kernelThread: true },
    { number: 5004, as: 'zombie' },
    { number: 5005, as: 'tid' },
    { number: 5006, as: 'pgid' },
    { number: 5007, as: 'sid' },
  ],
  shellJob: false, cannotAsk: ['clone3-set-tid'], ptysTaken: [0, 3],
  joinedIpc: { shm: [{ id: 32_774, key: 1 }], sem: [], msg: [] },
  ipcmniExtend: false, shmmniMax: 32_768, aioNr: 0, aioMaxNr: 65_536, possibleCpus: 2, rtc: true,
  capWakeAlarm: true, sigqOfCriuUser: 2, criuRlimitSigpending: 100, maxUserWatches: 8192,
  maxUserInstances: 128, userWatches: 0,
};

test('every key comes through, each may be missing or null, and remarks are passed over', () => {
  expect(parse(WHOLE)).toEqual(WHOLE);
  for (const key of Object.keys(WHOLE)) {
    const { [key]: _, ...rest } = WHOLE as Record<string, unknown>;
    expect(parse(rest)).toEqual(rest);
    expect(parse({ ...WHOLE, [key]: null })).toEqual(rest);
  }
  expect(parse({ unseen: [{ key: 'rtc', why: 'x' }], assumed: [] })).toEqual({});
});

describe('is refused', () => {
  test.each([
    ['no JSON', 'x', /JSON of a target/],
    ['nothing', '', /JSON of a target/],
    ['a list', '[]', /"idspace-target", version 1/],
    ['null', 'null', /"idspace-target", version 1/],
    ['another version', '{"format":"idspace-target","version":2}', /version 2, expected "idspace-target", version 1/],
  ])('%s', (_, text, message) => {
    expect(() => parseTarget(text, 'node.json')).toThrow(message);
    expect(() => parseTarget(text, 'node.json')).toThrow(CheckpointError);
  });

  test.each([
    [{ pidMax: '5' }, 'pidMax: got "5", expected a whole number, 1…4194304'],
    [{ pidMax: 0 }, 'pidMax: got 0'],
    [{ pidMax: 2 ** 22 + 1 }, 'pidMax: got 4194305'],
    [{ possibleCpus: 1.5 }, 'possibleCpus: got 1.5'],
    [{ shellJob: 'yes' }, 'shellJob: got "yes", expected true or false'],
    [{ kernel: 6.18 }, 'kernel: got 6.18, expected a text'],
    [{ taken: '5003' }, 'taken: got "5003", expected a list'],
    [{ taken: [5003] }, 'taken[0]: got 5003, expected an object such as'],
    [{ taken: [{ number: 5003, as: 'held' }] }, 'taken[0].as: got "held", expected pid, zombie, tid, pgid, sid'],
    [{ taken: [{ number: -1, as: 'pid' }] }, 'taken[0].number: got -1'],
    [{ ptysTaken: [0, 2 ** 31] }, 'ptysTaken[1]: got 2147483648'],
    [{ joinedIpc: [] }, 'joinedIpc: got [], expected an object with shm, sem, msg'],
    [{ joinedIpc: { shm: [{ id: 1 }] } }, 'joinedIpc.shm[0].key: got undefined'],
    [{ kernal: '6.18' }, 'the key "kernal", expected kernel (did you mean that?), or another one of kernel, criu, '],
    [{ pidmax: 5 }, 'the key "pidmax", expected pidMax (did you mean that?)'],
    [{ pid_max: 5 }, 'the key "pid_max", expected pidMax (did you mean that?)'],
    [{ maxUserWatchs: 5 }, 'the key "maxUserWatchs", expected maxUserWatches (did you mean that?)'],
    [{ later: 1 }, 'the key "later", expected one of kernel, criu, '],
    [{ '\u001b[2J': 1 }, 'the key "\\u001b[2J", expected one of '],
    [{ ['x'.repeat(100_000)]: 1 }, `the key "${'x'.repeat(59)}…, expected one of `],
    [JSON.parse('{"__proto__":1}'), 'the key "__proto__", expected one of'],
    [{ taken: [{ number: 5, as: 'pid', comand: 'x' }] }, 'taken[0]: got the key "comand", expected command (did'],
    [{ joinedIpc: { smh: [] } }, 'joinedIpc: got the key "smh", expected one of shm, sem, msg'],
    [
      { joinedIpc: { shm: [{ id: 1, key: 1, size: 4 }] } },
      'joinedIpc.shm[0]: got the key "size", expected one of id, key',
    ],
    [
      { taken: [{ number: 5, as: 'pid', kernelThread: 'yes' }] },
      'taken[0].kernelThread: got "yes", expected true or false',
    ],
    [
      { cannotAsk: ['clone3_set_tid'] },
      'cannotAsk[0]: got "clone3_set_tid", expected clone3-set-tid (did you mean that?)',
    ],
    [{ cannotAsk: Array(100).fill('x') }, 'cannotAsk: got "100 items", expected at most 64'],
  ])('%o', (data, message) => {
    expect(() => parse(data)).toThrow(`node.json: got ${message}`);
  });
});
