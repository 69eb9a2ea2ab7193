// A writer that dies at any one of its writes: readers see the array before or after its call, and so does every other thread
// once the next writer has repaired it.
import { budget, type Random, random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { SharedXArray } from '../../src/shared/index.ts';
import { LOCK } from '../../src/shared/layout.ts';
import type { SharedTree } from '../../src/shared/shared-tree.ts';
import { contents, expectSound } from '../sound.ts';

const DEAD = 9;
const KEYS = [0, 1, 2, 63, 64, 4095, 4096, 262_143, 262_144, 2 ** 24, 2 ** 30, 2 ** 31, 2 ** 32 - 1];

class Died extends Error {}

/** The arrays behind stand-ins: Atomics take nothing else. */
const behind = new WeakMap<object, Int32Array>();

/** Stands in for an Int32Array: the writes that are left are made, the next one ends its thread. */
function mortal(words: Int32Array, left: { writes: number }): Int32Array {
  const proxy = new Proxy(words, {
    get: (target, key) => {
      const value = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set: (target, key, value) => {
      if (left.writes-- === 0) throw new Died();
      return Reflect.set(target, key, value);
    },
  });
  behind.set(proxy, words);
  return proxy;
}

/** Runs a task with Atomics that read and write stand-ins, where ordered reads and writes are theirs. */
function withMortalAtomics(task: () => void): void {
  const { load, store } = Atomics;
  Object.assign(Atomics, {
    load: (words: Int32Array, index: number) => load(behind.get(words) ?? words, index),
    store: (words: Int32Array, index: number, value: number) =>
      behind.has(words) ? (words[index] = value) : store(words, index, value),
  });
  try {
    task();
  } finally {
    Object.assign(Atomics, { load, store });
  }
}

type Call = (tree: SharedTree) => unknown;
type Arrays = Record<'slots' | 'meta' | 'header', Int32Array>;

/** Makes a call as owner 9 up to a number of writes; says whether it died. */
function makeAndDie(array: SharedXArray, writes: number, call: Call): boolean {
  const victim = SharedXArray.attach(array.handle, { owner: DEAD });
  const { tree } = victim.attachment;
  const arrays = tree as unknown as Arrays;
  const { header } = arrays;
  const left = { writes };
  tree.enter();
  for (const name of ['slots', 'meta', 'header'] as const) arrays[name] = mortal(arrays[name], left);
  header[LOCK] = DEAD;
  try {
    withMortalAtomics(() => {
      call(tree);
      tree.leave();
    });
  } catch (error) {
    if (!(error instanceof Died)) throw error;
    return true;
  }
  return false;
}

function anyCall(rng: Random): [name: string, call: Call] {
  const index = rng.pick(KEYS);
  const entry = rng.between(1, 1000);
  const mark = rng.below(3);
  return rng.pick<[string, Call]>([
    [`store(${index}, ${entry})`, (tree) => tree.store(index, entry)],
    [`store(${index}, ${entry})`, (tree) => tree.store(index, entry)],
    [`erase(${index})`, (tree) => tree.erase(index)],
    [`erase(${index})`, (tree) => tree.erase(index)],
    [`alloc(${entry})`, (tree) => tree.alloc(entry)],
    [`setMark(${index}, ${mark})`, (tree) => tree.setMark(index, mark)],
    ['clear()', (tree) => (rng.chance(0.2) ? tree.clear() : undefined)],
  ]);
}

test('clear is one change, also to a reader that remembers some leaves', () => {
  for (let writes = 0; ; writes++) {
    const array = new SharedXArray({ capacity: 126 });
    const all = [5, 70, 4096];
    for (const index of all) array.store(index, index);
    array.load(70); // remembers its leaf
    const died = makeAndDie(array, writes, (tree) => tree.clear());
    const seen = all.map((index) => array.load(index));
    expect([all, [0, 0, 0]], `dead at write ${writes}`).toContainEqual(seen);
    expect(array.bury(DEAD)).toBe(true);
    expect(all.map((index) => array.load(index))).toEqual(seen);
    if (!died) break;
  }
});

const STEPS = budget(150, 40);

test(`at every write of ${STEPS} random calls`, () => {
  const rng = random(62);
  const array = new SharedXArray({ alloc: 'from0', capacity: 126 });
  let deaths = 0;
  for (let step = 0; step < STEPS; step++) {
    const [name, call] = anyCall(rng);
    const before = contents(array);
    for (let writes = 0; ; writes++) {
      const where = `seed ${rng.seed}, step ${step}, ${name}, dead at write ${writes} of ${JSON.stringify(before)}`;
      const died = makeAndDie(array, writes, call);
      const seen = KEYS.map((index) => array.load(index));
      expect(array.bury(DEAD), where).toBe(true);
      expectSound(array);
      expect(seen, where).toEqual(KEYS.map((index) => array.load(index)));
      if (!died) break;
      deaths++;
      const changed = JSON.stringify(contents(array)) !== JSON.stringify(before);
      // It happened, or it did not; go on with the next call once it has.
      if (changed && name !== 'clear()')
        expect(Math.abs(contents(array).length - before.length), where).toBeLessThan(2);
      if (changed) break;
    }
  }
  expect(deaths).toBeGreaterThan(2 * STEPS);
});
