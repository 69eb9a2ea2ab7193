// The ID spaces of a machine as modelIds makes them, with what is in use there already; and the limits of the models behind.
import { describe, expect, test } from 'vitest';
import {
  aioRing,
  CyclicIds,
  EAGAIN,
  EEXIST,
  EINVAL,
  ENOSPC,
  EPERM,
  ESRCH,
  modelIds,
  PidNamespace,
  PtyIndices,
  SysvIds,
} from '../src/index.ts';

const ERANGE = 34;

test('errors have the numbers of asm-generic/errno-base.h', () => {
  expect({ EPERM, ESRCH, EAGAIN, EEXIST, EINVAL, ENOSPC }).toEqual({
    ...{ EPERM: 1, ESRCH: 3, EAGAIN: 11, EEXIST: 17, EINVAL: 22, ENOSPC: 28 },
  });
});

test('each inotify file counts its own watches', () => {
  const { inotify } = modelIds();
  const [one, other] = [inotify.open(), inotify.open()];
  expect([one, other]).toEqual([0, 1]);
  expect([inotify.add(one), inotify.add(one), inotify.add(other)]).toEqual([1, 2, 1]);
  expect([inotify.setNextId(one, 10), inotify.add(one), inotify.add(other)]).toEqual([0, 10, 2]);
  expect([inotify.setNextId(one, 0), inotify.remove(one, 1), inotify.remove(one, 1)]).toEqual([-EINVAL, 0, -EINVAL]);
});

describe('System V objects', () => {
  test('keys are taken once in each kind; key 0 is none', () => {
    const { sysv } = modelIds({ joinedIpc: { shm: [{ id: 32_768 + 5, key: 7 }] } });
    expect([sysv.create('shm', 7), sysv.create('shm', 8), sysv.create('shm', 8)]).toEqual([-EEXIST, 0, -EEXIST]);
    expect([sysv.create('msg', 7), sysv.create('sem', 0), sysv.create('sem', 0)]).toEqual([0, 0, 1]);
    // The slot of the object that was there is taken.
    expect([sysv.setNextId('shm', 5), sysv.create('shm', 0)]).toEqual([0, 6]);
  });

  test('a limit holds its kind, and a create beyond it takes no key', () => {
    const { sysv } = modelIds();
    expect([sysv.setLimit('msg', 1), sysv.create('msg', 1), sysv.create('msg', 2)]).toEqual([0, 0, -ENOSPC]);
    expect(sysv.create('sem', 2)).toBe(0);
    expect([sysv.setLimit('msg', 2), sysv.create('msg', 2)]).toEqual([0, 1]);
  });

  test.each([
    [{}, 32_768, 32_768],
    [{ ipcmniExtend: true }, 2 ** 24, 2 ** 24],
    [{ shmmniMax: 100 }, 32_768, 100],
  ])('of %j, limits go up to the slots that there are', (facts, most, ofShm) => {
    const { sysv } = modelIds(facts);
    expect([sysv.setLimit('msg', most), sysv.setLimit('sem', most), sysv.setLimit('shm', ofShm)]).toEqual([0, 0, 0]);
    const beyond = [sysv.setLimit('msg', most + 1), sysv.setLimit('sem', most + 1), sysv.setLimit('shm', ofShm + 1)];
    expect(beyond).toEqual([-EINVAL, -ERANGE, -EINVAL]);
  });

  test('extended IDs go round 4,096 slots before the next of 128 sequence numbers', () => {
    const ids = new SysvIds({ extended: true });
    // Most of the slots stay taken: the free ones are gone round in fewer calls.
    const stay = 2730;
    for (let slot = 0; slot < stay; slot++) expect(ids.create()).toBe(slot);
    const free = 4096 - stay;
    for (let made = 0; made < 129 * free; made++) {
      const id = ids.create();
      const expected = stay + (made % free) + 2 ** 24 * (Math.floor(made / free) % 128);
      if (id !== expected) expect(id, String(made)).toBe(expected);
      ids.remove(id);
    }
  });
});

test('a terminal takes the lowest index that none has', () => {
  const { pty } = modelIds({ ptysTaken: [0, 2, 5, 2 ** 20] });
  expect(pty.mount()).toBe(0);
  expect([pty.open(), pty.open(), pty.open(), pty.open()]).toEqual([1, 3, 4, 6]);
  pty.close(2);
  expect([pty.open(), pty.open()]).toEqual([2, 7]);
  const empty = modelIds().pty;
  expect([empty.mount(), empty.open(), empty.open()]).toEqual([0, 0, 1]);
  expect(new PtyIndices({ max: 0 }).open()).toBe(-ENOSPC);
  const few = new PtyIndices({ max: 3 });
  expect([few.open(), few.open(), few.open(), few.open()]).toEqual([0, 1, 2, -ENOSPC]);
  expect([few.size, few.has(1), few.has(3)]).toEqual([3, true, false]);
  expect([few.close(1), few.size, few.has(1), few.close(1), few.open()]).toEqual([true, 2, false, false, 1]);
});

describe('AIO rings', () => {
  test('are charged to the machine, and go round', () => {
    const { aio } = modelIds({ possibleCpus: 4, aioNr: 65_530 });
    if ('why' in aio) return expect.unreachable(aio.why);
    expect([aio.setUp(7), aio.setUp(2), aio.setUp(4), aio.setUp(1)]).toEqual([-EAGAIN, 0, 1, -EAGAIN]);
    const { nr, tail } = aio.read(0);
    expect([nr, tail]).toEqual([aioRing(2, 4).events, 0]);
    expect([aio.submit(0, 3), aio.read(0).tail, aio.read(1).tail]).toEqual([3, 3, 0]);
    expect([aio.submit(0, nr), aio.read(0).tail]).toEqual([nr, 3]);
  });

  test('without facts none is charged, and 65,536 are the most', () => {
    const { aio } = modelIds();
    if ('why' in aio) return expect.unreachable(aio.why);
    expect([aio.setUp(65_536), aio.setUp(1), aio.read(0).nr]).toEqual([0, -EAGAIN, aioRing(65_536, 1).events]);
  });

  test('are not known for more CPUs than 8,192', () => {
    expect(modelIds({ possibleCpus: 8192 }).aio).not.toHaveProperty('why');
    expect(modelIds({ possibleCpus: 8193 }).aio).toEqual({
      why: 'No ring was made: the model has 8,192 possible CPUs at most.',
    });
  });
});

describe('processes', () => {
  const facts = { taken: [{ number: 500 }], criuPid: 600, criuSid: 601, pidMax: 1000, lastPid: 700 };

  test('go on behind the last number, and none takes what is in use', () => {
    const { pids } = modelIds(facts);
    expect([500, 600, 601, 602, 1000].map((ask) => pids.fork(1, ask))).toEqual([
      ...[-EEXIST, -EEXIST, -EEXIST, 602, -EINVAL],
    ]);
    expect([pids.first, pids.fork(1), pids.thread(602)]).toEqual([1, 701, 702]);
  });

  test('lead sessions and groups, and leave at their end', () => {
    const { pids } = modelIds();
    const [one, other] = [pids.fork(1), pids.fork(1)];
    expect([one, other, pids.sidOf(one), pids.pgidOf(one)]).toEqual([2, 3, 1, 1]);
    expect([pids.setsid(one), pids.sidOf(one), pids.pgidOf(one), pids.setsid(one)]).toEqual([one, one, one, -EPERM]);
    expect([pids.setpgid(other, other), pids.pgidOf(other), pids.sidOf(other)]).toEqual([0, other, 1]);
    expect([pids.setpgid(other, one), pids.pgidOf(other)]).toEqual([-EPERM, other]);
    expect(pids.fork(1, other)).toBe(-EEXIST);
    pids.end(1, other);
    expect(pids.fork(1, other)).toBe(other);
  });

  test('are numbered from where ns_last_pid says, below pid_max', () => {
    const { pids } = modelIds({ pidMax: 400 });
    expect([pids.setLastPid(398), pids.fork(1), pids.fork(1)]).toEqual([0, 399, 300]);
    expect([pids.setLastPid(401), pids.setLastPid(-1)]).toEqual([-EINVAL, -EINVAL]);
    expect([pids.fork(1, 400), pids.raisePidMax(500), pids.fork(1, 400)]).toEqual([-EINVAL, 0, 400]);
    expect([pids.fork(1, 499), pids.fork(1, 500)]).toEqual([499, -EINVAL]);
  });

  test('of a namespace of their own begin at 2', () => {
    const { pids } = modelIds(facts, true);
    expect([pids.fork(1), pids.fork(1, 500), pids.fork(1, 1000)]).toEqual([2, 500, 1000]);
  });

  test('a pid_max below 301 is taken for 301', () => {
    const { pids } = modelIds({ pidMax: 200 });
    expect([pids.fork(1, 300), pids.fork(1, 301)]).toEqual([300, -EINVAL]);
  });

  test('a pid_max that is written holds from then on', () => {
    const pids = new PidNamespace();
    expect([pids.setPidMax(1000), pids.pidMax, pids.fork(1, 1000), pids.fork(1, 999)]).toEqual([0, 1000, -EINVAL, 999]);
  });

  test('the search goes back to 1 as long as it has not passed 300', () => {
    const pids = new PidNamespace({ pidMax: 301 });
    expect(pids.fork(1, 300)).toBe(300);
    pids.setLastPid(299);
    expect(pids.fork(1)).toBe(2);
  });

  test('the last of a session and group leaves no number taken', () => {
    const pids = new PidNamespace();
    const other = pids.fork(1);
    pids.setsid(other);
    for (const pid of [other, 1]) {
      pids.exit(pid);
      pids.reap(pid);
      expect(pids.holderOf(pid)).toBeNull();
    }
  });
});

test('a cursor goes up to 2³¹', () => {
  const ids = new CyclicIds();
  ids.moveTo(2 ** 31);
  expect([ids.next, ids.allocate(0, 9), ids.has(0), ids.has(1)]).toEqual([2 ** 31, 0, true, false]);
  expect(() => ids.moveTo(2 ** 31 + 1)).toThrow('id: got 2147483649');
});
