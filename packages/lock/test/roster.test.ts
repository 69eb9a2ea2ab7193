import { describe, expect, test } from 'vitest';
import { Roster } from '../src/index.ts';

const roster = (seats = 3): [Roster, Int32Array] => {
  const words = new Int32Array(new SharedArrayBuffer((seats + 2) * 4));
  return [new Roster(words, 1, seats), words];
};

describe('Roster', () => {
  test('gives the lowest free seat, or the one asked for, and 0 when there is none', () => {
    const [here, words] = roster();
    expect([here.join(2), here.join(), here.join(2), here.join(), here.join()]).toEqual([2, 1, 0, 3, 0]);
    expect(here.taken).toBe(3);
    here.leave(2);
    expect([here.join(), here.join()]).toEqual([2, 0]);
    expect([words[0], words[4]]).toEqual([0, 0]);
  });

  test('knows the living from the dead; a dead one keeps its seat until it leaves', () => {
    const [here] = roster();
    here.join();
    expect([here.alive(1), here.dead(1), here.alive(2), here.dead(2)]).toEqual([true, false, false, false]);
    expect([here.bury(1), here.bury(1), here.bury(2)]).toEqual([true, false, false]);
    expect([here.alive(1), here.dead(1), here.join(1), here.taken]).toEqual([false, true, 0, 1]);
    here.leave(1);
    expect([here.dead(1), here.join(1), here.alive(1)]).toEqual([false, 1, true]);
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
    for (const owner of [0, 4, 1.5]) {
      expect(() => here.join(owner)).toThrow(`lock: owner is ${owner}, expected an integer 1…3`);
      expect(() => here.leave(owner)).toThrow(RangeError);
      expect(() => here.bury(owner)).toThrow(RangeError);
    }
    expect(() => here.leave(1)).toThrow('lock: owner is 1, expected one that takes part');
    expect(() => new Roster(words, 5, 1)).toThrow('index is 5');
    expect(() => new Roster(words, 1, 5)).toThrow('seats is 5, expected an integer 1…4');
    expect(() => new Roster(new Int32Array(4), 0, 4)).toThrow('expected a SharedArrayBuffer');
  });
});
