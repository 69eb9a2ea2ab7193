// What is called on each model while the engine has no memory; compared with the same model and all the memory there is.
import type { Operation, Random } from '@idspace/testkit';
import { type StarvedScene, scene } from '@idspace/testkit/starve-tests';
import { expect } from 'vitest';
import { CyclicIds, PidNamespace, PtyIndices, SysvIds, WatchDescriptors } from '../../src/index.ts';

type Call<T> = (model: T, ...args: number[]) => unknown;

const far = (r: Random): number[] => [r.below(2 ** r.below(31))];
const none = (): number[] => [];

/** A scene that makes the same calls on two of a kind. */
function twins<T>(
  make: () => T,
  show: (model: T) => unknown,
  calls: Record<string, [Call<T>, (r: Random) => number[]]>,
): StarvedScene {
  const operations: Record<string, Operation<T, T>> = {};
  for (const [name, [call, args]] of Object.entries(calls)) {
    operations[name] = { args, subject: call as never, oracle: call as never };
  }
  return scene<T, T>({
    runs: 30,
    steps: 150,
    make: () => ({
      subject: make(),
      oracle: make(),
      operations,
      check: (subject, oracle) => expect(show(subject)).toEqual(show(oracle)),
    }),
  });
}

export const SCENES: Record<string, StarvedScene> = {
  CyclicIds: twins(
    () => new CyclicIds(),
    (ids) => [ids.next, ids.size, [...ids]],
    {
      allocate: [(ids, min) => ids.allocate(min, 2 ** 31 - 1), far],
      claim: [(ids, from) => ids.claim(from), far],
      free: [(ids, nth) => ids.free([...ids][nth] ?? 0), (r) => [r.below(40)]],
      moveTo: [(ids, id) => void ids.moveTo(id), far],
    },
  ),
  PidNamespace: twins(
    () => new PidNamespace(),
    (pids) => [pids.lastPid, pids.pidMax, Array.from({ length: 400 }, (_, i) => pids.holderOf(i))],
    {
      'fork exit reap': [(pids) => pids.fork(1), none],
      'thread exitThread': [(pids) => pids.thread(1), none],
      'fork asked': [(pids, ask) => pids.fork(1, ask), (r) => [r.below(2 ** 22)]],
      'setsid setpgid': [(pids) => pids.setpgid(1, 1), none],
      setLastPid: [(pids, pid) => pids.setLastPid(pid), (r) => [r.below(2 ** 22)]],
      setPidMax: [(pids) => pids.setPidMax(2 ** 22), none],
    },
  ),
  SysvIds: twins(
    () => new SysvIds({ extended: true }),
    (ids) => [ids.size, ids.nextId],
    {
      create: [(ids) => ids.create(), none],
      setNextId: [(ids, id) => ids.setNextId(id), far],
      remove: [(ids, id) => ids.remove(id), far],
    },
  ),
  'PtyIndices and WatchDescriptors': twins(
    () => ({ ptys: new PtyIndices({ max: 2 ** 20 }), watches: new WatchDescriptors() }),
    ({ ptys, watches }) => [ptys.size, watches.size],
    {
      open: [
        ({ ptys }) => Array.from({ length: 400 }, () => ptys.has(ptys.size) || ptys.size).length + ptys.open(),
        none,
      ],
      close: [({ ptys }, index) => ptys.close(index), far],
      add: [({ watches }) => watches.add(), none],
      setNextId: [({ watches }, wd) => watches.setNextId(wd), far],
      remove: [({ watches }, wd) => watches.remove(wd), far],
    },
  ),
};
