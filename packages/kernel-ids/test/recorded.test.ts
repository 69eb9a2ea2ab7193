// What Linux 6.18 and 6.1 were seen to do (recorded on x86-64 with 2 CPUs, and with 16 possible CPUs in a virtual machine).
import { expect, test } from 'vitest';
import {
  AioContexts,
  aioRing,
  EAGAIN,
  EEXIST,
  EINVAL,
  ENOSPC,
  PidNamespace,
  PtyIndices,
  SysvIds,
  WatchDescriptors,
} from '../src/index.ts';

test('PIDs: after the highest comes 300, and one below can be asked for', () => {
  const pids = new PidNamespace({ pidMax: 1000 });
  pids.setLastPid(998);
  expect([pids.fork(1), pids.fork(1), pids.fork(1)]).toEqual([999, 300, 301]);
  expect(pids.fork(1, 50)).toBe(50);
});

test('PIDs: asking does not move the counter', () => {
  const pids = new PidNamespace();
  pids.setLastPid(5);
  expect(pids.fork(1, 5000)).toBe(5000);
  expect([pids.lastPid, pids.fork(1)]).toEqual([5, 6]);
});

test('PIDs: what is below pid_max can be asked for, if nothing has its number', () => {
  const pids = new PidNamespace({ pidMax: 1000 });
  expect([pids.fork(1, 0), pids.fork(1, 1000), pids.fork(1, 999)]).toEqual([-EINVAL, -EINVAL, 999]);
  const leader = pids.fork(1, 500);
  const thread = pids.thread(leader, 501);
  expect([pids.fork(1, 500), pids.fork(1, 501)]).toEqual([-EEXIST, -EEXIST]);
  expect([pids.holderOf(500), pids.holderOf(thread), pids.holderOf(502)]).toEqual(['pid', 'tid', null]);
  pids.exit(leader);
  expect([pids.holderOf(500), pids.holderOf(501)]).toEqual(['zombie', null]);
  expect(pids.fork(1, 500)).toBe(-EEXIST);
  pids.reap(leader);
  expect(pids.fork(1, 500)).toBe(500);
});

test('PIDs: a session or group keeps the number of its dead leader', () => {
  const pids = new PidNamespace();
  const leader = pids.fork(1, 600);
  pids.setsid(leader);
  const member = pids.fork(leader, 601);
  pids.exit(leader);
  pids.reap(leader);
  expect([pids.holderOf(600), pids.fork(1, 600)]).toEqual(['sid', -EEXIST]);
  pids.setpgid(member, member);
  expect(pids.holderOf(600)).toBe('sid');
  pids.setsid(pids.fork(member, 602));
  pids.exit(member);
  pids.reap(member);
  expect(pids.holderOf(600)).toBeNull();
});

test('PIDs: what the two sysctls take', () => {
  const pids = new PidNamespace({ pidMax: 1000 });
  expect([300, 301, 4_194_304, 5_000_000].map((max) => pids.setPidMax(max))).toEqual([-EINVAL, 0, 0, -EINVAL]);
  pids.setPidMax(1000);
  expect([-1, 0, 1000, 1001].map((pid) => pids.setLastPid(pid))).toEqual([-EINVAL, 0, 0, -EINVAL]);
});

test('watch descriptors: from 1, none twice until 2³¹−1, then 1', () => {
  const wds = new WatchDescriptors();
  expect([wds.add(), wds.add(), wds.remove(1), wds.add()]).toEqual([1, 2, 0, 3]);
  expect([wds.setNextId(2 ** 31 - 1), wds.add(), wds.add()]).toEqual([0, 2 ** 31 - 1, 1]);
  expect([wds.setNextId(0), wds.setNextId(2 ** 31), wds.remove(77)]).toEqual([-EINVAL, -EINVAL, -EINVAL]);
});

test('wds: a watch that is refused for the limit has used up its wd', () => {
  const wds = new WatchDescriptors({ max: 1 });
  expect([wds.add(), wds.size, wds.add(), wds.size]).toEqual([1, 1, -ENOSPC, 1]);
  expect([wds.remove(1), wds.size, wds.add()]).toEqual([0, 0, 3]);
});

test('System V: 64 slots in a circle, and the sequence grows with each round', () => {
  const ids = new SysvIds();
  const rounds = Array.from({ length: 66 }, () => {
    const id = ids.create();
    ids.remove(id);
    return id;
  });
  expect(rounds).toEqual([...Array.from({ length: 64 }, (_, slot) => slot), 32_768, 32_769]);
});

test('System V: a wish brings its sequence and the first free slot from its own up, and moves nothing', () => {
  const ids = new SysvIds();
  const ask = (id: number): number => {
    ids.setNextId(id);
    return ids.create();
  };
  expect([ask(32_774), ask(32_774), ask(2_147_483_647), ids.create()]).toEqual([32_774, 32_775, 2_147_483_647, 0]);
  expect([ask(32_767), ids.nextId, ids.create()]).toEqual([-ENOSPC, -1, 1]);
  expect([ids.setNextId(-1), ids.setNextId(2 ** 31)]).toEqual([-EINVAL, -EINVAL]);
});

test('System V: two IDs of one slot fit only where the slot has more bits', () => {
  for (const [extended, second] of [
    [false, 65_543],
    [true, 65_542],
  ] as const) {
    const ids = new SysvIds({ extended });
    ids.setNextId(32_774);
    expect(ids.create()).toBe(32_774);
    ids.setNextId(65_542);
    expect(ids.create()).toBe(second);
  }
});

test('System V: the limit', () => {
  const ids = new SysvIds({ max: 1 });
  expect([ids.create(), ids.create(), ids.remove(0), ids.remove(0)]).toEqual([0, -ENOSPC, 0, -EINVAL]);
});

test('ptys: the lowest free index', () => {
  const ptys = new PtyIndices({ max: 3 });
  expect([ptys.open(), ptys.open(), ptys.open(), ptys.open()]).toEqual([0, 1, 2, -ENOSPC]);
  expect([ptys.close(1), ptys.close(1), ptys.open()]).toEqual([true, false, 1]);
});

test('AIO: the ring grows with the CPUs that the machine may have', () => {
  const events = (cpus: number, ...requests: number[]): number[] => requests.map((nr) => aioRing(nr, cpus).events);
  expect(events(1, 62)).toEqual([127]);
  expect(events(16, 1, 62, 63, 64, 126, 127, 190, 1022)).toEqual([255, 255, 255, 255, 255, 383, 383, 2047]);
});

test('AIO: a context is charged what it was asked for', () => {
  const contexts = new AioContexts({ possibleCpus: 2, max: 65_536, charged: 65_500 });
  expect(contexts.setUp(62)).toBe(-EAGAIN);
  expect(contexts.setUp(36)).toEqual({ pages: 1, events: 127 });
  expect([contexts.nr, contexts.setUp(0), contexts.setUp(1)]).toEqual([65_536, -EINVAL, -EAGAIN]);
  contexts.destroy(36);
  expect(contexts.nr).toBe(65_500);
});
