// The traces of the benchmark: reads and, one access in four, writes, of 8 bytes.
import type { AccessBatch } from '../src/index.ts';

/** Accesses in a trace. */
export const LENGTH: number = 1 << 21;
const SEED = 1;

/** A linear congruential generator: 0 ≤ value < 1. */
function generator(): () => number {
  let state = SEED;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Slots of a node, and bytes from one node to the next: a radix tree of three levels over 2¹⁸ indices. */
const SLOTS = 64;
const NODE = 576;

/** Lookups of random indices: a slot of the root, one of a middle node, one of a leaf. */
function* descents(): Generator<number> {
  const next = generator();
  for (;;) {
    const index = Math.floor(next() * SLOTS ** 3);
    const [top, middle] = [index >>> 12, index >>> 6];
    yield 8 * top;
    yield NODE * (1 + top) + 8 * (middle % SLOTS);
    yield NODE * (1 + SLOTS + middle) + 8 * (index % SLOTS);
  }
}

function* sequential(): Generator<number> {
  for (let at = 0; ; at = (at + 8) % 2 ** 26) yield at;
}

function* anywhere(bytes: number): Generator<number> {
  for (const next = generator(); ; ) yield Math.floor((next() * bytes) / 8) * 8;
}

/** Name → trace. */
export const TRACES: Readonly<Record<string, () => AccessBatch>> = {
  sequential: () => batch(sequential()),
  'random in 16 KiB': () => batch(anywhere(2 ** 14)),
  'random in 512 KiB': () => batch(anywhere(2 ** 19)),
  'random in 4 MiB': () => batch(anywhere(2 ** 22)),
  'random in 64 MiB': () => batch(anywhere(2 ** 26)),
  'radix descents': () => batch(descents()),
};

function batch(source: Generator<number>): AccessBatch {
  return {
    addresses: Float64Array.from({ length: LENGTH }, () => source.next().value),
    bytes: new Int32Array(LENGTH).fill(8),
    kinds: Uint8Array.from({ length: LENGTH }, (_, at) => (at % 4 === 3 ? 2 : 1)),
    length: LENGTH,
  };
}
