// Stand-ins and instrumented source on the same work: the same accesses, one by one, wherever both see.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { budget, type Random, random, withinBudget } from '@idspace/testkit';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AddressMap, trace } from '../src/index.ts';
import { instrumentWithEsbuild } from '../src/plugins.ts';
import { record } from '../src/recording.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mem-trace-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

// biome-ignore lint/suspicious/noExplicitAny: modules of several libraries, loaded by name
type Module = Record<string, any>;

let nextSite = 1_000_000;

/** Bundles a module, instrumented or as it is, and loads it. */
async function load({ specifier, source }: Subject, isInstrumented: boolean): Promise<Module> {
  const name = specifier.replaceAll('/', '-');
  if (source !== undefined) writeFileSync(join(folder, `${name}.js`), source);
  const { outputFiles } = await build({
    stdin: {
      contents: `export * as all from '${source === undefined ? specifier : `./${name}.js`}';`,
      resolveDir: source === undefined ? import.meta.dirname : folder,
    },
    nodePaths: [join(import.meta.dirname, '../node_modules')],
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    conditions: ['@idspace/source'],
    external: ['@idspace/mem-trace/recording'],
    logLevel: 'error',
    plugins: isInstrumented ? [instrumentWithEsbuild({ firstSite: (nextSite += 100_000) })] : [],
  });
  // The recording of this test: the bundle is not where the package is found.
  const code = outputFiles[0].text
    .replace(
      /import \{ hooks as (\S+) \} from "@idspace\/mem-trace\/recording";/g,
      'const $1 = globalThis[Symbol.for("@idspace/mem-trace")];',
    )
    .replace(
      /__require\("@idspace\/mem-trace\/recording"\)/g,
      '{ hooks: globalThis[Symbol.for("@idspace/mem-trace")] }',
    );
  const path = join(folder, `${name}-${isInstrumented}.mjs`);
  writeFileSync(path, code);
  const { all } = await import(/* @vite-ignore */ pathToFileURL(path).href);
  return all;
}

interface Subject {
  readonly specifier: string;
  /** What is bundled; default: the module as it is. */
  readonly source?: string;
  /** Makes what is worked on: objects with typed arrays in their fields, and a step that gives an answer. */
  make(module: Module, rng: Random): { objects: Record<string, object>; step(): unknown };
}

const SUBJECTS: readonly Subject[] = [
  {
    specifier: '@idspace/xarray',
    make({ XArray }, rng) {
      // With memory of its own: empty arrays without room share theirs, and what others do there is seen by instrumented code alone.
      const array = new XArray({ alloc: 'from0', capacity: 8 });
      const index = (): number => rng.pick([rng.below(200), rng.below(5000), rng.below(2 ** 32)]);
      const steps: (() => unknown)[] = [
        () => array.store(index(), rng.between(1, 9)),
        () => array.load(index()),
        () => array.erase(index()),
        () => array.alloc(5, 0, 5000),
        () => array.find(index()),
        () => array.setMark(index(), 1),
        () => array.storeRange(64, rng.between(65, 300), 3),
        () => [...array].length,
        () => array.find() >= 0 && array.compact(),
      ];
      return { objects: { array }, step: () => rng.pick(steps)() };
    },
  },
  {
    specifier: '@idspace/hash-table',
    make({ HashTable }, rng) {
      const table = new HashTable({ buckets: 16 });
      const steps: (() => unknown)[] = [
        () => table.insert(rng.below(5), 0, rng.below(99), rng.between(1, 999)),
        () => table.find(rng.below(5), 0, rng.below(99)),
        () => table.remove(rng.below(5), 0, rng.below(99)),
        () => table.chainLengths(),
      ];
      return { objects: { table }, step: () => rng.pick(steps)() };
    },
  },
  {
    specifier: '@idspace/next-id',
    make({ GenerationalId }, rng) {
      const pool = new GenerationalId();
      const live: number[] = [];
      const steps: (() => unknown)[] = [
        () => live.push(pool.allocate()),
        () => live.length > 0 && pool.free(rng.pick(live)),
        () => live.length > 0 && pool.has(rng.pick(live)),
      ];
      return { objects: { pool }, step: () => rng.pick(steps)() };
    },
  },
  {
    specifier: 'flatbush',
    make({ default: Flatbush }, rng) {
      const tree = new Flatbush(100, 4);
      for (let i = 0; i < 100; i++) tree.add(rng.below(100), rng.below(100));
      const steps: (() => unknown)[] = [
        () => tree.search(rng.below(50), rng.below(50), 60, 60),
        () => tree.neighbors(rng.below(100), rng.below(100), 5),
      ];
      let isFinished = false;
      return {
        objects: { tree },
        step: () => {
          if (isFinished) return rng.pick(steps)();
          isFinished = true;
          return tree.finish();
        },
      };
    },
  },
  {
    specifier: 'delaunator',
    make({ default: Delaunator }, rng) {
      const coords = Float64Array.from({ length: 60 }, () => rng.below(1000));
      const mesh = new Delaunator(coords);
      return {
        objects: { mesh },
        step: () => {
          coords[rng.below(60)] = rng.below(1000);
          return mesh.update();
        },
      };
    },
  },
  {
    specifier: 'typedfastbitset',
    make({ TypedFastBitSet }, rng) {
      const [one, two] = [new TypedFastBitSet(), new TypedFastBitSet()];
      const steps: (() => unknown)[] = [
        () => one.add(rng.below(3000)),
        () => two.add(rng.below(3000)),
        () => one.has(rng.below(3000)),
        () => one.union(two),
        () => one.difference_size(two),
        () => one.array(),
        () => two.remove(rng.below(3000)),
      ];
      return { objects: { one, two }, step: () => rng.pick(steps)() };
    },
  },
  {
    specifier: 'bitecs',
    source: `
      export * from 'bitecs';
      export function move(entities, { x, y }, speed) {
        for (const entity of entities) {
          x[entity] += speed.x[entity];
          y[entity] = Math.max(y[entity] - speed.y[entity], 0);
        }
        return x.at(-1);
      }`,
    make({ createWorld, addEntity, addComponent, removeEntity, query, move }, rng) {
      const [position, speed] = [0, 1].map(() => ({ x: new Float32Array(200), y: new Float32Array(200) }));
      const world = createWorld({ components: { position, speed } });
      const steps: (() => unknown)[] = [
        () => {
          const entity = addEntity(world);
          addComponent(world, entity, position);
          if (rng.chance(0.5)) addComponent(world, entity, speed);
          return entity;
        },
        () => removeEntity(world, rng.pick([...query(world, [position]), addEntity(world)])),
        () => move(query(world, [position, speed]), position, speed),
      ];
      return { objects: { position, speed }, step: () => rng.pick(steps)() };
    },
  },
];

/** The buffers that fields have held, numbered in the order in which they were seen there. */
class Buffers {
  private readonly numbers = new Map<object, number>();

  look(objects: Record<string, object>): void {
    for (const object of Object.values(objects)) {
      for (const value of Object.values(object)) {
        if (ArrayBuffer.isView(value) && !this.numbers.has(value.buffer))
          this.numbers.set(value.buffer, this.numbers.size);
      }
    }
  }

  get size(): number {
    return this.numbers.size;
  }

  number(buffer: object): number | undefined {
    return this.numbers.get(buffer);
  }

  /** Each buffer's number and the address at which it lies. */
  places(addresses: AddressMap): [place: number, number: number, bytes: number][] {
    return [...this.numbers].map(([buffer, number]) => [
      addresses.placeOf(buffer),
      number,
      (buffer as ArrayBuffer).byteLength,
    ]);
  }
}

const STEPS = 40;

/** What a step accessed: 'W 2+12' is a write at byte 12 of the buffer that was seen third. */
interface Step {
  readonly answer: unknown;
  readonly accesses: string[];
  /** Buffers that were there before the step. */
  readonly buffers: number;
}

/** Runs the subject with stand-ins. */
function withStandIns({ make }: Subject, module: Module, seed: number): Step[] {
  const { objects, step } = make(module, random(seed));
  const buffers = new Buffers();
  buffers.look(objects);
  let events: { buffer: object; text: string }[] = [];
  const tracing = trace(objects, (_array, element, isWrite, raw) => {
    const offset = raw.byteOffset + element * raw.BYTES_PER_ELEMENT;
    events.push({ buffer: raw.buffer, text: `${isWrite ? 'W' : 'R'} %+${offset}` });
  });
  const steps: Step[] = [];
  for (let i = 0; i < STEPS; i++) {
    const before = buffers.size;
    events = [];
    const answer = structured(step());
    tracing.pause();
    buffers.look(objects);
    tracing.resume();
    const accesses = events.flatMap(({ buffer, text }) => {
      const number = buffers.number(buffer);
      return number === undefined ? [] : [text.replace('%', String(number))];
    });
    steps.push({ answer, accesses, buffers: before });
  }
  tracing.stop();
  return steps;
}

/** Runs the subject instrumented. */
function byInstrumentedSource({ make }: Subject, module: Module, seed: number): Step[] {
  const { objects, step } = make(module, random(seed));
  const buffers = new Buffers();
  buffers.look(objects);
  const addresses = new AddressMap();
  let events: { address: number; kind: string }[] = [];
  const recording = record(
    ({ kinds, addresses: all, length }) => {
      for (let i = 0; i < length; i++) events.push({ address: all[i], kind: kinds[i] === 2 ? 'W' : 'R' });
    },
    { addresses },
  );
  const steps: Step[] = [];
  try {
    for (let i = 0; i < STEPS; i++) {
      const before = buffers.size;
      events = [];
      const answer = structured(step());
      recording.flush();
      buffers.look(objects);
      const places = buffers.places(addresses);
      const accesses = events.flatMap(({ address, kind }) => {
        const found = places.find(([start, , bytes]) => address >= start && address < start + bytes);
        return found === undefined ? [] : [`${kind} ${found[1]}+${address - found[0]}`];
      });
      steps.push({ answer, accesses, buffers: before });
    }
  } finally {
    recording.stop();
  }
  return steps;
}

describe('the same accesses, one by one', () => {
  test.each(withinBudget(SUBJECTS, { least: 3 }))('$specifier', async (subject) => {
    const plain = await load(subject, false);
    const instrumented = await load(subject, true);
    let compared = 0;
    for (let seed = 1; seed <= budget(8, 2); seed++) {
      const expected = withStandIns(subject, plain, seed);
      const found = byInstrumentedSource(subject, instrumented, seed);
      for (let i = 0; i < STEPS; i++) {
        const at = `seed ${seed}, step ${i}`;
        expect(found[i].answer, at).toEqual(expected[i].answer);
        // An array that is filled before it is put in its field is seen by its code alone.
        const isNew = (access: string): boolean => Number(/\d+/.exec(access)![0]) >= expected[i].buffers;
        const wanted = expected[i].accesses;
        const seen = found[i].accesses;
        expect(
          seen.filter((access) => !isNew(access)),
          at,
        ).toEqual(wanted.filter((access) => !isNew(access)));
        expect(isWithin(wanted, seen), at).toBe(true);
        compared += wanted.length;
      }
    }
    expect(compared).toBeGreaterThan(100);
  });
});

/** Whether all of `part` is in `whole`, in this order. */
function isWithin(part: readonly string[], whole: readonly string[]): boolean {
  let at = 0;
  for (const access of whole) if (access === part[at]) at++;
  return at === part.length;
}

/** An answer that can be compared: what is an object of the library is not. */
function structured(answer: unknown): unknown {
  if (typeof answer !== 'object' || answer === null) return answer;
  return ArrayBuffer.isView(answer) || Array.isArray(answer)
    ? [...(answer as unknown as Iterable<unknown>)]
    : 'an object';
}
