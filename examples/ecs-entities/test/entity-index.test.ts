// The index against a plain record of what was added and removed, and bitECS beside it.
import { fileURLToPath } from 'node:url';
import { budget, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { runReadme } from '../../../test/support/readme-examples.ts';
import { EntityIndex } from '../src/entity-index.ts';
import { bitECS, type Entities } from './bitecs-entities.ts';

/** Answers about entities, and those that are wrong by the record. */
interface Answers {
  asked: number;
  /** Entities alive that do not exist. */
  missing: number;
  /** Entities removed that exist. */
  undead: number;
  negative: number;
}

/** Adds and removes at random, and asks for entities alive and removed all the while. */
function play(entities: Entities, steps: number): Answers {
  const rng = random(31);
  const alive: number[] = [];
  const removed: number[] = [];
  const answers: Answers = { asked: 0, missing: 0, undead: 0, negative: 0 };
  for (let step = 0; step < steps; step++) {
    if (alive.length < 20 || rng.chance(alive.length < 60 ? 0.5 : 0.2)) {
      const entity = entities.add();
      if (entity < 0) answers.negative++;
      alive.push(entity);
    } else {
      const [entity] = alive.splice(rng.below(alive.length), 1);
      entities.remove(entity!);
      // What was removed before under the same number is no answer that can be right.
      removed.push(entity!);
    }
    const live = rng.pick(alive);
    answers.asked++;
    if (!entities.has(live)) answers.missing++;
    if (removed.length === 0) continue;
    const stale = rng.pick(removed.slice(-100));
    answers.asked++;
    if (!alive.includes(stale) && entities.has(stale)) answers.undead++;
  }
  return answers;
}

const STEPS = budget(30_000);

test('every answer is right, and no entity is negative', () => {
  const steps = STEPS;
  const index = new EntityIndex();
  expect(play(index, steps)).toMatchObject({ missing: 0, undead: 0, negative: 0 });
});

test('bitECS without versions says the same of what is alive', () => {
  expect(play(bitECS(), STEPS)).toMatchObject({ missing: 0, undead: 0 });
});

test('bitECS without versions takes a stale entity for the one that came after it; the index does not', () => {
  for (const [entities, expected] of [
    [bitECS(), true],
    [new EntityIndex(), false],
  ] as const) {
    const stale = entities.add();
    entities.remove(stale);
    entities.add();
    expect(entities.has(stale)).toBe(expected);
  }
});

describe('bitECS 0.4.0 with versions', () => {
  test.each([4, 8, 12])(
    'of %i bits denies entities that are alive: it keeps places by handle and looks them up by row',
    (bits) => {
      const { asked, missing } = play(bitECS(bits), STEPS);
      expect(missing).toBeGreaterThan(asked / 10);
    },
  );

  test('hands out negative entities after half of the versions', () => {
    const entities = bitECS(8);
    let entity = entities.add();
    for (let life = 0; life < 128; life++) {
      entities.remove(entity);
      entity = entities.add();
    }
    expect(entity).toBeLessThan(0);
  });
});

test('alive entities are listed, each once, whatever order they go in', () => {
  const index = new EntityIndex({ rowBits: 10 });
  const rng = random(32);
  const record = new Set<number>();
  for (let step = 0; step < budget(20_000); step++) {
    if (rng.chance(0.55)) {
      const entity = index.add();
      if (record.size === 1024) expect(entity).toBe(-1);
      else record.add(entity);
    } else if (record.size > 0) {
      const entity = rng.pick(index.alive);
      record.delete(entity);
      if (!index.remove(entity)) throw new Error(`${entity} was not alive`);
    }
    if (index.size !== record.size) throw new Error(`step ${step}: ${index.size} alive, expected ${record.size}`);
  }
  expect(new Set(index.alive)).toEqual(record);
  expect(new Set([...record].map((entity) => index.row(entity))).size).toBe(record.size);
});

test('an entity ends once, and what is none is not alive', () => {
  const index = new EntityIndex();
  const entity = index.add();
  expect([index.remove(entity), index.remove(entity), index.size]).toEqual([true, false, 0]);
  for (const none of [-1, 0.5, Number.NaN, 2 ** 31, entity]) {
    expect([index.has(none), index.row(none), index.remove(none)]).toEqual([false, -1, false]);
  }
});

test('a stale handle comes back after 2^(31 − rowBits) lives of a row, and a delay makes them more', () => {
  const lives = (delay: number): number => {
    const index = new EntityIndex({ rowBits: 26, delay });
    const first = index.add();
    let count = 0;
    for (let entity = first; count === 0 || entity !== first; count++) {
      index.remove(entity);
      entity = index.add();
    }
    return count;
  };
  expect([lives(0), lives(3)]).toEqual([32, 128]);
});

test('the README tells the truth', () => runReadme(fileURLToPath(new URL('..', import.meta.url))));

test('options that there are not are refused by their own names', () => {
  expect(() => new EntityIndex({ rowBit: 3 } as never)).toThrow(
    "new EntityIndex: options: got the key 'rowBit', expected some of rowBits, delay",
  );
  expect(() => new EntityIndex({ rowBits: 40 })).toThrow('new EntityIndex: rowBits: got 40, expected an integer 1…30');
  expect(() => new EntityIndex({ rowBits: 3, delay: 8 })).toThrow(
    'new EntityIndex: delay: got 8, expected an integer 0…7',
  );
  expect(() => new EntityIndex({ delay: -1 })).toThrow('new EntityIndex: delay: got -1');
  expect(new EntityIndex({ rowBits: 3, delay: 7 }).add()).toBe(0);
});
