// `pnpm bench next-id`: SlotMap against a Map with a counter, and against an array of values that tells nothing of stale handles.
// Each figure is the least of some rounds, in which the contestants take turns; ns per operation.
import { cpus } from 'node:os';
import { SlotMap } from '@idspace/next-id';
import { random } from '@idspace/testkit';
import { scriptFlags } from '@idspace/testkit/script-flags';

scriptFlags('pnpm bench next-id: it has no flags', {});

interface Store {
  insert(value: object): number;
  get(handle: number): object | undefined;
  delete(handle: number): boolean;
  each(fn: (value: object) => void): void;
}

/** What programs write by hand: a Map, and a number that goes up. */
class CountedMap implements Store {
  private readonly map = new Map<number, object>();
  private next = 0;
  insert(value: object): number {
    this.map.set(this.next, value);
    return this.next++;
  }
  get(handle: number): object | undefined {
    return this.map.get(handle);
  }
  delete(handle: number): boolean {
    return this.map.delete(handle);
  }
  each(fn: (value: object) => void): void {
    for (const value of this.map.values()) fn(value);
  }
}

/** An array and a stack of free places: a stale number gives the value that came after. */
class FreeList implements Store {
  private readonly values: (object | undefined)[] = [];
  private readonly free: number[] = [];
  insert(value: object): number {
    const place = this.free.pop() ?? this.values.length;
    this.values[place] = value;
    return place;
  }
  get(handle: number): object | undefined {
    return this.values[handle];
  }
  delete(handle: number): boolean {
    this.values[handle] = undefined;
    this.free.push(handle);
    return true;
  }
  each(fn: (value: object) => void): void {
    for (const value of this.values) if (value !== undefined) fn(value);
  }
}

class Slots implements Store {
  private readonly map: SlotMap<object>;
  constructor(bits: number) {
    this.map = new SlotMap({ bits });
  }
  insert(value: object): number {
    return this.map.insert(value);
  }
  get(handle: number): object | undefined {
    return this.map.get(handle);
  }
  delete(handle: number): boolean {
    return this.map.delete(handle);
  }
  each(fn: (value: object) => void): void {
    this.map.forEach(fn);
  }
}

const CONTESTANTS: Record<string, () => Store> = {
  SlotMap: () => new Slots(31),
  'SlotMap, 53 bits': () => new Slots(53),
  'Map + counter': () => new CountedMap(),
  'array + free list': () => new FreeList(),
};

const N = 100_000;
const ROUNDS = 15;
const VALUE = {};

/** One round of all operations; ns per operation, by name. */
function round(store: Store, order: Int32Array): Record<string, number> {
  const times: Record<string, number> = {};
  const timed = (name: string, run: () => void): void => {
    const start = process.hrtime.bigint();
    run();
    times[name] = Number(process.hrtime.bigint() - start) / N;
  };
  const handles = new Float64Array(N);
  let met = 0;
  timed('insert', () => {
    for (let i = 0; i < N; i++) handles[i] = store.insert(VALUE);
  });
  timed('get, at random', () => {
    for (let i = 0; i < N; i++) if (store.get(handles[order[i]!]!) === VALUE) met++;
  });
  timed('delete and insert, at random', () => {
    for (let i = 0; i < N; i++) {
      const at = order[i]!;
      store.delete(handles[at]!);
      handles[at] = store.insert(VALUE);
    }
  });
  timed('visit', () => store.each(() => met++));
  timed('delete, at random', () => {
    for (let i = 0; i < N; i++) store.delete(handles[order[i]!]!);
  });
  if (met !== 2 * N) throw new Error(`met ${met} values, expected ${2 * N}`);
  return times;
}

const order = random(1).shuffle(Int32Array.from({ length: N }, (_, i) => i));
const best: Record<string, Record<string, number>> = {};
for (let n = 0; n < ROUNDS; n++) {
  for (const [name, make] of Object.entries(CONTESTANTS)) {
    for (const [operation, time] of Object.entries(round(make(), order))) {
      best[operation] = {
        ...best[operation],
        [name]: Math.min(best[operation]?.[name] ?? Number.POSITIVE_INFINITY, time),
      };
    }
  }
}

const names = Object.keys(CONTESTANTS);
console.log(
  `${cpus()[0]!.model} · Node ${process.version} · ${N.toLocaleString('en')} values · least of ${ROUNDS} rounds, ns`,
);
console.log(['', ...names].map((text, i) => (i === 0 ? text.padEnd(30) : text.padStart(18))).join(''));
for (const [operation, row] of Object.entries(best)) {
  console.log([operation.padEnd(30), ...names.map((name) => row[name]!.toPrecision(3).padStart(18))].join(''));
}
