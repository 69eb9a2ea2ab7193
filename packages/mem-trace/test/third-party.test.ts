// A structure of somebody else's: flatbush, whose tree is two typed arrays over one buffer.
import { readFileSync } from 'node:fs';
import { CacheSim } from '@idspace/cache-sim';
import { random } from '@idspace/testkit';
import Flatbush from 'flatbush';
import { expect, test } from 'vitest';
import { trace } from '../src/index.ts';
import { accessCounts } from './support/access-log.ts';

test('flatbush answers the same, traced or not', () => {
  for (let seed = 1; seed <= 5; seed++) {
    const build = (watch: (tree: Flatbush) => void): Flatbush => {
      const rng = random(seed);
      const tree = new Flatbush(500);
      watch(tree);
      for (let i = 0; i < 500; i++) tree.add(rng.below(100), rng.below(100));
      tree.finish();
      return tree;
    };
    const { take, sink } = accessCounts();
    const plain = build(() => {});
    const traced = build((tree) => trace({ tree }, sink));
    expect(take()).toMatchObject({
      'writes tree._boxes': expect.any(Number),
      'writes tree._indices': expect.any(Number),
    });
    const rng = random(seed);
    for (let query = 0; query < 50; query++) {
      const [x, y] = [rng.below(100), rng.below(100)];
      expect(traced.search(x, y, x + 9, y + 9), `seed ${seed}`).toEqual(plain.search(x, y, x + 9, y + 9));
      expect(traced.neighbors(x, y, 5), `seed ${seed}`).toEqual(plain.neighbors(x, y, 5));
    }
    expect(new Uint8Array(traced.data)).toEqual(new Uint8Array(plain.data));
  }
});

test('the ten lines of the README print what it says', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  const code = /^```ts\n(.*?)^```$/ms.exec(readme)![1]!;
  const said = /console\.log\(.*\); \/\/ (.*)/.exec(code)![1];
  const printed: string[] = [];
  const program = code.replaceAll(/^import .*$/gm, '');
  new Function('CacheSim', 'trace', 'Flatbush', 'console', program)(CacheSim, trace, Flatbush, {
    log: (line: string) => printed.push(line),
  });
  expect(printed).toEqual([said]);
});
