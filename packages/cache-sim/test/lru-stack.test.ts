import { budget, random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { LruStack } from '../src/lru-stack.ts';

test('a list in the order of use says the same', () => {
  for (let seed = 1; seed <= budget(100); seed++) {
    const rng = random(seed);
    const capacity = rng.between(1, 20);
    const stack = new LruStack(capacity);
    let list: number[] = [];
    for (let step = 0; step < 1000; step++) {
      const line = rng.below(30) * rng.pick([1, 2 ** 40]);
      const insert = rng.chance(0.8);
      const hit = list.includes(line);
      expect(stack.use(line, insert), `seed ${seed}, step ${step}`).toBe(hit);
      if (hit || insert) list = [...list.filter((other) => other !== line), line].slice(-capacity);
    }
  }
});
