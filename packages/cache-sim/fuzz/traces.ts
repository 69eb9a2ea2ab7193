// Recorded traces in every format, plain and in gzip: read and played, or refused with their place.
import { deepStrictEqual } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type FuzzTargets, lines } from '@idspace/testkit/fuzz';
import { CacheSim } from '../src/index.ts';
import { type Replayed, replay, TRACE_FORMATS, TraceError, type TraceFormat } from '../src/trace.ts';

const GROUND_TRUTH = join(import.meta.dirname, '..', 'test', 'ground-truth');
const HEAD = 1200; // bytes of a trace to begin with

/** A few lines of the formats of which there is no recording here. */
const LINES: readonly string[] = [
  '0x401000: R 0x7ffe1000 8 0x5\n0x401004: W 0x7ffe1008 4 0x6\n',
  '0 401000 4\n1 7ffe1000 8\n2 401004 3\n',
  '==12== Lackey\nI  04000000,3\n L 1ffeff000,8\n M 1ffeff008,4\n S 1ffeff010,8\n',
  '12: system.cpu: A0 T0 : 0x401000 @main : mov\n',
  '           1           0:     3256418 <marker: version 3>\n           2           1:     3256418 ifetch 4 byte(s) @ 0x0000000000401000\n',
];

function* recorded(): Generator<Uint8Array> {
  for (const name of readdirSync(GROUND_TRUTH)
    .filter((name) => name.endsWith('.gz'))
    .sort()) {
    yield gunzipSync(readFileSync(join(GROUND_TRUTH, name))).subarray(0, HEAD);
  }
  for (const text of LINES) yield new TextEncoder().encode(text);
}

async function* pieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function outcome(source: Uint8Array | AsyncIterable<Uint8Array>, format: TraceFormat | 'auto'): Promise<unknown> {
  const sim = new CacheSim({ levels: [{ name: 'L1', size: 1024, ways: 2, line: 64 }] });
  try {
    const read: Replayed = await replay(source, format, sim);
    return { read, stats: sim.stats() };
  } catch (error) {
    if (error instanceof TraceError && error.line >= 1 && error.offset >= 0) return error.message;
    throw error;
  }
}

export const TARGETS: FuzzTargets = {
  trace: {
    seeds: recorded,
    structures: [lines],
    run: async (input) => {
      const [whole, cut] = [await outcome(input, 'auto'), await outcome(pieces(input, 7), 'auto')];
      // In whatever pieces it comes, it is the same trace. What is none may be noticed in another place.
      if (typeof whole !== 'string' || typeof cut !== 'string') deepStrictEqual(cut, whole);
    },
  },
  'trace-as': {
    seeds: function* () {
      for (const trace of recorded())
        for (let format = 0; format < TRACE_FORMATS.length; format++)
          yield Buffer.concat([Buffer.from([format]), trace]);
    },
    structures: [
      (input, draw) => {
        const changed = lines(input.subarray(1), { ...draw, other: draw.other.subarray(1) });
        return changed && Buffer.concat([input.subarray(0, 1), changed]);
      },
    ],
    run: (input) => outcome(input.subarray(1), TRACE_FORMATS[(input[0] ?? 0) % TRACE_FORMATS.length]!),
  },
  'trace-gzip': {
    seeds: function* () {
      for (const trace of recorded()) yield gzipSync(trace);
    },
    run: (input) => outcome(input, 'auto'),
  },
};
