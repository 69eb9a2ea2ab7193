import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Mutex, Roster, SpinLock } from '../src/index.ts';

const roster = (seats = 3): [Roster, Int32Array] => {
  const words = new Int32Array(new SharedArrayBuffer((seats + 2) * 4));
  return [new Roster(words, 1, seats), words];
};

/** Numbers that have no seat in a roster of three, whatever their kind. */
const NO_SEAT: unknown[] = [
  0,
  -1,
  -5,
  4,
  9,
  1.5,
  Number.NaN,
  Infinity,
  2 ** 31,
  2 ** 32 + 1,
  undefined,
  null,
  '1',
  [1],
];

describe('Roster', () => {
  test('gives the lowest free seat, or the one asked for, and 0 when there is none', () => {
    const [here, words] = roster();
    expect([here.join(2), here.join(), here.join(2), here.join(), here.join()]).toEqual([2, 1, 0, 3, 0]);
    expect(here.size).toBe(3);
    here.leave(2);
    expect([here.join(), here.join()]).toEqual([2, 0]);
    expect([words[0], words[4]]).toEqual([0, 0]);
  });

  test('knows the living from the dead; a dead one keeps its seat until it leaves', () => {
    const [here] = roster();
    here.join();
    expect([here.alive(1), here.dead(1), here.alive(2), here.dead(2)]).toEqual([true, false, undefined, false]);
    expect([here.bury(1), here.bury(1), here.bury(2)]).toEqual([true, false, false]);
    expect([here.alive(1), here.dead(1), here.join(1), here.size]).toEqual([false, true, 0, 1]);
    here.leave(1);
    expect([here.alive(1), here.dead(1), here.size]).toEqual([false, false, 0]);
    expect([here.join(1), here.alive(1)]).toEqual([1, true]);
    here.leave(1);
    // It left by itself: what it holds all the same is not for others to take.
    expect([here.alive(1), here.dead(1)]).toEqual([undefined, false]);
  });

  test('of a number that has no seat it says neither that it lives nor that it is dead', () => {
    const [here, words] = roster();
    words.fill(-1, 0, 1).fill(-1, 4);
    for (const owner of NO_SEAT as number[]) {
      expect([here.alive(owner), here.dead(owner)], inspect(owner)).toEqual([undefined, false]);
    }
  });

  test.each([Mutex, SpinLock])('so no lock is taken from a holder that it does not know: %o', (Lock) => {
    const words = new Int32Array(new SharedArrayBuffer(64));
    const here = new Roster(words, 8, 3);
    const alive = (owner: number): boolean | undefined => here.alive(owner);
    const mine = new Lock(words, 0, here.join(1), { alive });
    for (const stranger of [2, 3, 4, 9, 2 ** 31 - 1]) {
      const theirs = new Lock(words, 0, stranger, { alive });
      theirs.lock();
      expect([mine.tryLock(), mine.lock(1), mine.holder], `${stranger}`).toEqual([false, false, stranger]);
      theirs.unlock();
    }
    // One who was on the roster, and was buried: from its number all know that it is dead.
    here.join(2);
    new Lock(words, 0, 2, { alive }).lock();
    here.bury(2);
    here.leave(2);
    expect(mine.tryLock()).toBe('owner-died');
  });

  test('is told by the generation of a thread that left, not of the one that sits there now', () => {
    const [here] = roster();
    expect([here.generation(2), here.join(2), here.generation(2)]).toEqual([0, 2, 1]);
    here.leave(2, 1);
    expect([here.join(2), here.generation(2)]).toEqual([2, 2]);
    expect([here.bury(2, 1), here.alive(2)]).toEqual([false, true]);
    expect(() => here.leave(2, 1)).toThrow('owner: got 2, expected one that takes part');
    expect([here.bury(2, 2), here.dead(2), here.generation(2)]).toEqual([true, true, 2]);
    here.leave(2, 2);
    expect([here.alive(2), here.generation(2), here.join(), here.join(), here.generation(2)]).toEqual([
      false,
      2,
      1,
      2,
      3,
    ]);
  });

  test('counts generations past the last one, and keeps the states apart from them', () => {
    const [here, words] = roster();
    words[1] = -4; // the last generation, gone by itself
    expect([here.generation(1), here.join(1), here.generation(1), here.alive(1)]).toEqual([2 ** 30 - 1, 1, 0, true]);
  });

  test('is the same for every handle on the same words', () => {
    const [mine, words] = roster();
    const theirs = new Roster(words, 1, 3);
    expect([mine.join(), theirs.join(), theirs.alive(1), mine.bury(2), theirs.dead(2)]).toEqual([
      1,
      2,
      true,
      true,
      true,
    ]);
  });

  test('refuses misuse, naming it', () => {
    const [here, words] = roster();
    for (const owner of [0, 4, 1.5, Number.NaN]) {
      const message = `owner: got ${owner}, expected an integer 1…3`;
      expect(() => here.join(owner)).toThrow(message);
      for (const call of ['leave', 'bury', 'generation'] as const) expect(() => here[call](owner)).toThrow(message);
    }
    expect(() => here.leave(1)).toThrow('owner: got 1, expected one that takes part');
    here.join(1);
    here.bury(1);
    here.leave(1);
    expect(() => here.leave(1)).toThrow('owner: got 1, expected one that takes part');
    expect(() => new Roster(words, 5, 1)).toThrow('index: got 5');
    expect(() => new Roster(words, 1, 5)).toThrow('seats: got 5, expected an integer 1…4');
    expect(() => new Roster(new Int32Array(4), 0, 4)).toThrow('expected a SharedArrayBuffer');
  });

  test('shows itself in one line', () => {
    const [here] = roster();
    here.join();
    expect(inspect(here)).toBe('Roster { size: 1, seats: 3 }');
  });
});
