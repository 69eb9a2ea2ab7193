import { expect, test } from 'vitest';
import { AioContexts, aioRing, CyclicIds, PidNamespace, PtyIndices, SysvIds, WatchDescriptors } from '../src/index.ts';

const NUMBERS = [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, '3', null, 2 ** 40] as unknown as number[];

test.each(NUMBERS)('%s is refused where a limit is wanted', (value) => {
  const calls = [
    () => new PidNamespace({ pidMax: value }),
    () => new WatchDescriptors({ max: value }),
    () => new SysvIds({ max: value }),
    () => new PtyIndices({ max: value }),
    () => new AioContexts({ max: value }),
    () => new AioContexts({ charged: value }),
    () => new AioContexts({ possibleCpus: value }),
    () => aioRing(value, 1),
    () => aioRing(1, value),
    () => new CyclicIds().moveTo(value),
  ];
  for (const call of calls) expect(call).toThrow(RangeError);
});

test('a process that does not live cannot fork', () => {
  const pids = new PidNamespace();
  const tid = pids.thread(1);
  expect(() => pids.fork(77)).toThrow('process: got 77, expected the PID of a living process');
  expect(() => pids.fork(tid)).toThrow(RangeError);
  expect(() => pids.exitThread(1)).toThrow(RangeError);
  expect(pids.reap(77)).toBe(-3);
});

test('the first ID of all can be asked for again, whatever has been given out since', () => {
  const ids = new SysvIds();
  let id = 0;
  while (id < 2 ** 15) {
    id = ids.create();
    ids.remove(id);
  }
  for (const wish of [0, 1, 2 ** 15]) {
    expect([ids.setNextId(wish), ids.create(), ids.nextId]).toEqual([0, wish, -1]);
    ids.remove(wish);
  }
});
