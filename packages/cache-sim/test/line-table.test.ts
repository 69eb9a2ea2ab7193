import { random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { LineTable } from '../src/line-table.ts';

test('a Map numbers the same', () => {
  for (let seed = 1; seed <= 5; seed++) {
    const rng = random(seed);
    const table = new LineTable();
    const map = new Map<number, number>();
    for (let step = 0; step < 5000; step++) {
      const line = rng.below(4000) * rng.pick([1, 64, 2 ** 32, 2 ** 37]);
      const known = map.get(line) ?? -1;
      if (known < 0) map.set(line, map.size);
      const got = [table.find(line), table.add(line)];
      if (got[0] !== known || got[1] !== map.get(line)) throw new Error(`seed ${rng.seed}, step ${step}: got ${got}`);
    }
    expect([...table.lines.subarray(0, table.size)]).toEqual([...map.keys()]);
    table.clear();
    expect([table.find(0), table.size]).toEqual([-1, 0]);
  }
});
