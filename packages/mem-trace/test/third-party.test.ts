// Structures of other libraries: flatbush, whose tree is two typed arrays over one buffer, and bitECS, whose components are typed
// arrays by entity.
import { readFileSync } from 'node:fs';
import { CacheSim } from '@idspace/cache-sim';
import { budget, random } from '@idspace/testkit';
import { addComponent, addEntity, createWorld, query, removeEntity } from 'bitecs';
import Flatbush from 'flatbush';
import { describe, expect, test } from 'vitest';
import { regionsOf, type Trace, trace } from '../src/index.ts';
import { accessCounts } from './support/access-log.ts';

test('flatbush answers the same, traced or not', () => {
  for (let seed = 1; seed <= budget(5); seed++) {
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
    let tracing: Trace | undefined;
    const traced = build((tree) => {
      tracing = trace({ tree }, sink);
    });
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
    // Until then ArrayBuffer.isView is another, for the tests of other files in this process, too.
    tracing!.stop();
    expect(new Uint8Array(traced.data)).toEqual(new Uint8Array(plain.data));
  }
});

describe('bitECS', () => {
  const ENTITIES = 100;
  const vector = () => ({ x: new Float32Array(ENTITIES + 1), y: new Float32Array(ENTITIES + 1) });

  /** A world where every other entity moves; `step` moves them once. */
  function makeWorld(): { position: ReturnType<typeof vector>; velocity: ReturnType<typeof vector>; step(): number } {
    const [position, velocity] = [vector(), vector()];
    const world = createWorld({ components: { position, velocity } });
    const rng = random(1);
    for (let i = 0; i < ENTITIES; i++) {
      const entity = addEntity(world);
      addComponent(world, entity, position);
      if (i % 2 === 0) addComponent(world, entity, velocity);
      velocity.x[entity] = rng.below(10);
      velocity.y[entity] = rng.below(10);
      if (i % 10 === 0) removeEntity(world, entity);
    }
    const step = (): number => {
      const moving = query(world, [position, velocity]);
      for (const entity of moving) {
        position.x[entity] += velocity.x[entity];
        position.y[entity] += velocity.y[entity];
      }
      return moving.length;
    };
    return { position, velocity, step };
  }

  test('a system answers the same, traced or not, and its accesses are those counted by hand', () => {
    const [plain, traced] = [makeWorld(), makeWorld()];
    const { take, sink } = accessCounts();
    const tracing = trace({ position: traced.position, velocity: traced.velocity }, sink);
    for (let round = 0; round < 10; round++) {
      const moved = traced.step();
      expect(moved).toBe(plain.step());
      // Each component of each vector: one read of the velocity, one read and one write of the position.
      const each = ['x', 'y'].flatMap((part) => [
        `reads position.${part}`,
        `writes position.${part}`,
        `reads velocity.${part}`,
      ]);
      expect(take()).toEqual(Object.fromEntries(each.map((name) => [name, moved])));
    }
    tracing.stop();
    expect(traced.position).toEqual(plain.position);
  });
});

test.each(['mem-trace/README.md', 'cache-sim/docs/examples.md'])('%s: misses by field are as printed', (path) => {
  const readme = readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
  const code = [...readme.matchAll(/^```ts\n(.*?)^```$/gms)]
    .map(([, code]) => code!)
    .find((one) => one.includes('regionsOf'))!;
  const said = [...code.matchAll(/^\/\/ (.*)$/gm)].map(([, line]) => line);
  expect(said.length).toBeGreaterThan(1);
  const printed: string[] = [];
  const program = code.replaceAll(/^import .*$/gm, '');
  new Function('CacheSim', 'trace', 'regionsOf', 'Flatbush', 'console', program)(CacheSim, trace, regionsOf, Flatbush, {
    log: (line: string) => printed.push(line),
  });
  expect(printed).toEqual(said);
});
