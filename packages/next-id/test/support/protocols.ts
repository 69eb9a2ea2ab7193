// SharedNextId and SharedIdPool between threads, for the explorer: the shipped code, called by two or three actors.
import type { Protocol } from '@idspace/testkit/explore';
import { SharedIdPool, SharedNextId } from '../../src/shared/index.ts';

const INT_MAX = 2 ** 31 - 1;

/** As a Buffer: it reads and writes the memory itself, where other views would make an access of every byte. */
const bytes = (memory: SharedArrayBuffer): Buffer => Buffer.from(memory);

/** Threads that take an ID each. */
function taking(threads: number, next: number, max: number, expected: number[]): Protocol {
  const made = new SharedNextId(next, max);
  const take = (memory: SharedArrayBuffer): number => SharedNextId.attach(memory).take();
  return {
    bytes: made.handle.byteLength,
    setup: (memory) => void bytes(memory).set(bytes(made.handle)),
    actors: Object.fromEntries(Array.from({ length: threads }, (_, i) => [`thread ${i + 1}`, take])),
    check: (memory, results) => {
      const got = (Object.values(results) as number[]).sort((a, b) => expected.indexOf(a) - expected.indexOf(b));
      if (String(got) !== String(expected)) throw new Error(`the IDs are ${got}, expected ${expected}`);
      const after = SharedNextId.attach(memory.slice(0)).next;
      const last = expected.at(-1)!;
      if (after !== (last === max ? 0 : last + 1)) throw new Error(`${after} is next after ${last}`);
    },
  };
}

interface Scene {
  reuse?: 'lowest' | 'cyclic';
  /** Highest ID. */
  max: number;
  /** IDs taken at first, by nobody in particular. */
  taken: number[];
  /** What each thread does: allocates an ID, or frees one. */
  calls: (number | 'allocate')[][];
  mortal?: boolean;
}

function pooling({ reuse = 'lowest', max, taken, calls, mortal = false }: Scene): Protocol {
  const made = new SharedIdPool({ max, reuse });
  // Allocated, not reserved: the hint has followed.
  for (let id = 0; id <= Math.max(...taken, -1); id++) made.allocate();
  for (let id = 0; id <= max; id++) if (!taken.includes(id)) made.free(id);
  const act = (list: Scene['calls'][number]) => (memory: SharedArrayBuffer) => {
    const pool = SharedIdPool.attach(memory);
    return list.map((call) => (call === 'allocate' ? pool.allocate() : Number(pool.free(call))));
  };
  const names = calls.map((_, i) => `thread ${i + 1}`);
  return {
    bytes: made.handle.byteLength,
    setup: (memory) => void bytes(memory).set(bytes(made.handle)),
    actors: Object.fromEntries(calls.map((list, i) => [names[i]!, act(list)])),
    killed: mortal ? { [names[0]!]: () => {} } : {},
    check: (memory, results) => {
      const held = new Set(taken);
      const answers = names.map((name) => results[name] as number[] | undefined);
      for (const call of calls.flat()) if (call !== 'allocate') held.delete(call);
      calls.forEach((list, i) => {
        list.forEach((call, n) => {
          const id = answers[i]?.[n];
          if (call !== 'allocate' || id === undefined) return;
          if (id < 0) throw new Error('allocate finds no ID');
          if (held.has(id)) throw new Error(`ID ${id} is with two`);
          held.add(id);
        });
      });
      const pool = SharedIdPool.attach(memory.slice(0));
      const free = Array.from({ length: max + 1 }, (_, id) => id).filter((id) => !pool.has(id));
      for (const id of held) if (free.includes(id)) throw new Error(`ID ${id} is free, and was not given back`);
      if (mortal) return;
      if (free.length + held.size !== max + 1) throw new Error(`${free.length} IDs are free, ${held.size} are held`);
      if (pool.size !== held.size) throw new Error(`the size is ${pool.size}, expected ${held.size}`);
      const next = pool.allocate();
      if (reuse === 'lowest' && free.length > 0 && next !== free[0]) throw new Error(`${next} comes before ${free[0]}`);
    },
  };
}

/** IDs 0…n − 1 but one. */
const allBut = (n: number, hole: number): number[] =>
  Array.from({ length: n }, (_, id) => id).filter((id) => id !== hole);

/** What holds, and is soon explored. */
export const PROTOCOLS: Record<string, Protocol> = {
  'three take the next ID': taking(3, 2, 9, [2, 3, 4]),
  'three take the next ID around the end of a short lap': taking(3, 3, 4, [3, 4, 0]),
  'three take the next ID around the end of the longest lap': taking(3, INT_MAX, INT_MAX, [INT_MAX, 0, 1]),
  'three allocate the lowest ID': pooling({ max: 3, taken: [0], calls: [['allocate'], ['allocate'], ['allocate']] }),
  'two allocate twice, cyclic': pooling({
    reuse: 'cyclic',
    max: 3,
    taken: [],
    calls: [
      ['allocate', 'allocate'],
      ['allocate', 'allocate'],
    ],
  }),
  'one frees while the hint passes by': pooling({ max: 95, taken: allBut(32, 40), calls: [['allocate'], [3]] }),
  'one frees twice while another allocates twice': pooling({
    max: 95,
    taken: allBut(64, 5),
    calls: [
      ['allocate', 'allocate'],
      [40, 3],
    ],
  }),
  'two allocate, one may be killed': pooling({ max: 3, taken: [0], calls: [['allocate'], ['allocate']], mortal: true }),
};
