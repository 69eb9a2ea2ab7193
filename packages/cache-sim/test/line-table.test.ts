import { random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { LineTable } from '../src/line-table.ts';

test('a Map numbers the same', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const rng = random(seed);
    const table = new LineTable();
    const map = new Map<number, number>();
    for (let step = 0; step < 5000; step++) {
      const line = rng.below(4000) * rng.pick([1, 64, 2 ** 32, 2 ** 37]);
      expect(table.find(line), `seed ${seed}, step ${step}`).toBe(map.get(line) ?? -1);
      if (!map.has(line)) map.set(line, map.size);
      expect(table.add(line), `seed ${seed}, step ${step}`).toBe(map.get(line));
    }
    expect([...table.lines.subarray(0, table.size)]).toEqual([...map.keys()]);
    table.clear();
    expect([table.find(0), table.size]).toEqual([-1, 0]);
  }
});
