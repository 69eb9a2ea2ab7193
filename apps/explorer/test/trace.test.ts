// Traces and classes, measured as the page's worker does: the counts of the packages and of the command line.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { CacheSim, parseGeometry } from '@idspace/cache-sim';
import { trace } from '@idspace/mem-trace';
import { IdPool } from '@idspace/next-id';
import { describe, expect, test } from 'vitest';
import { zstdStored } from '../../../packages/restore-planner/test/support/archives.ts';
import { AllocatorError, runAllocator } from '../src/trace/allocator-run.ts';
import { USUAL_CACHES } from '../src/trace/meter.ts';
import { PASTED, pastedScript } from '../src/trace/pasted.ts';
import { traceCalls } from '../src/trace/trace-calls.ts';

const RECORDED = join(import.meta.dirname, '../../../packages/cache-sim/test/ground-truth');

interface Recorded {
  traces: Record<string, { file: string; expected: { I1: string; D1: string; LL: string; counts: number[] }[] }>;
}

const CACHES = USUAL_CACHES;
const LACKEY = 'I  04001000,5\n L 1ffefff0,8\n S 1ffeffe8,8\n M 1ffeffe8,4\n L 1fff0000,8\n';
const DIN = '2 4001000\n0 1ffefff0\n1 1ffeffe8\n';
const blob = (bytes: string | Uint8Array): Blob => new Blob([bytes as Uint8Array<ArrayBuffer>]);
const nothing = (): void => {};

describe('a trace', () => {
  test.each([
    ['plain', LACKEY],
    ['in gzip', gzipSync(LACKEY)],
    ['in zstd', zstdStored(Buffer.from(LACKEY))],
  ])('of lackey, %s', async (_, bytes) => {
    const result = await traceCalls().playTrace({ file: blob(bytes), name: 'ls.trace', caches: CACHES }, nothing);
    expect(result).toMatchObject({ format: 'lackey', read: { accesses: 5, lines: 5 }, fetches: 1, i1Misses: 1 });
    expect(result).toMatchObject({ reads: 3, writes: 1, d1Misses: 2, llMisses: 2, dataLines: 2 });
  });

  test('of din', async () => {
    const result = await traceCalls().playTrace({ file: blob(DIN), name: 'x.din', caches: CACHES }, nothing);
    expect(result).toMatchObject({ format: 'din', read: { accesses: 3 }, reads: 1, writes: 1, fetches: 1 });
  });

  test('recorded, has the counts of cachegrind', async () => {
    const { traces } = JSON.parse(readFileSync(join(RECORDED, 'expected-cachegrind.json'), 'utf8')) as Recorded;
    for (const { file, expected } of Object.values(traces)) {
      // The page takes D1's geometry for I1, too.
      const [{ D1, LL, counts }] = expected.filter(({ I1, D1 }) => I1 === D1) as [
        Recorded['traces'][string]['expected'][0],
      ];
      const [Ir, I1mr, , Dr, D1mr, DLmr, Dw, D1mw, DLmw] = counts as [number, ...number[]];
      const caches = { d1: D1, ll: LL };
      const result = await traceCalls().playTrace(
        { file: blob(readFileSync(join(RECORDED, file))), name: file, caches },
        nothing,
      );
      expect(result, file).toMatchObject({ fetches: Ir, i1Misses: I1mr, reads: Dr, writes: Dw });
      expect([result.d1Misses, result.llMisses]).toEqual([D1mr! + D1mw!, DLmr! + DLmw!]);
    }
  });

  test.each([
    ['text that is none', 'hello\nworld\n', /expected/],
    ['gzip that is cut', gzipSync(LACKEY.repeat(1000)).subarray(0, -20), /expected more of its gzip data/],
    ['xz', Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0), /xz compression/],
    ['nothing', '', /got no access/],
  ])('refuses %s', async (_, bytes, message) => {
    await expect(traceCalls().playTrace({ file: blob(bytes), name: 'x', caches: CACHES }, nothing)).rejects.toThrow(
      message,
    );
  });

  test('refuses caches that are none', async () => {
    const caches = { ...CACHES, d1: '32768,7,64' };
    await expect(traceCalls().playTrace({ file: blob(LACKEY), name: 'x', caches }, nothing)).rejects.toThrow(/D1/);
  });
});

class Lowest {
  words: Int32Array = new Int32Array(8);

  allocate(): number {
    for (let at = 0; ; at++) {
      if (at === this.words.length) {
        const grown = new Int32Array(at * 2);
        grown.set(this.words);
        this.words = grown;
      }
      if (this.words[at] === 0) {
        this.words[at] = 1;
        return at;
      }
    }
  }

  free(id: number): void {
    this.words[id] = 0;
  }
}

const CALLS = { live: 100, pairs: 50, seed: 7 };

describe('a class', () => {
  test('has the counts of mem-trace and cache-sim, by field', () => {
    const result = runAllocator('Lowest', () => new Lowest(), { ...CALLS, pairs: 0 }, CACHES);
    // The same by hand.
    const sim = new CacheSim({ levels: [parseGeometry(CACHES.d1, 'D1'), parseGeometry(CACHES.ll, 'LL')] });
    const one = new Lowest();
    const lines = new Set<number>();
    const tracing = trace({ one }, (_array, _element, isWrite, raw, address) => {
      lines.add(Math.floor(address / 64));
      if (isWrite) sim.write(address, raw.BYTES_PER_ELEMENT);
      else sim.read(address, raw.BYTES_PER_ELEMENT);
    });
    for (let call = 0; call < CALLS.live; call++) one.allocate();
    tracing.stop();
    const { Dr, Dw, D1mr, D1mw } = sim.stats();
    expect(Dr).toBeGreaterThan(5000);
    expect(result).toMatchObject({ name: 'Lowest', calls: 100, reads: Dr, writes: Dw, d1Misses: D1mr + D1mw });
    expect(result.dataLines).toBe(lines.size);
    expect(result.fields.map(({ name }) => name)).toEqual(['Lowest.words']);
    expect(result.fields[0]).toMatchObject({ reads: Dr, writes: Dw, d1Misses: D1mr + D1mw });
    expect(result.curve.at(-1)!.missRatio).toBeCloseTo(lines.size / (Dr + Dw), 12);
  });

  test('ours have the counts that they have alone, and the same calls give the same again', () => {
    const ours = traceCalls().runOurs({ calls: CALLS, caches: CACHES });
    expect(ours.map(({ name }) => name)).toEqual(['IdPool', 'Ida']);
    expect(ours[0]).toEqual(runAllocator('IdPool', () => new IdPool({ reuse: 'lowest' }), CALLS, CACHES));
    for (const { dataLines, reads, calls } of ours) {
      expect(dataLines).toBeGreaterThan(0);
      expect(reads).toBeGreaterThan(calls / 2);
    }
  });

  test.each([
    [
      'an ID twice',
      { words: new Int32Array(1), allocate: () => 0, free: nothing },
      'X.allocate() returned 0, which is in use',
    ],
    [
      'no ID',
      { words: new Int32Array(1), allocate: () => -1, free: nothing },
      'returned -1 with 0 IDs live, expected an integer',
    ],
    ['nothing', { words: new Int32Array(1), allocate: nothing, free: nothing }, 'returned undefined with 0 IDs live'],
  ])('that gives %s is told', (_, allocator, message) => {
    const run = (): unknown => runAllocator('X', () => allocator, CALLS, CACHES);
    expect(run).toThrow(AllocatorError);
    expect(run).toThrow(message);
  });

  test('that throws, has no array, or holds too much is told', () => {
    const words = new Int32Array(1);
    const fails = { words, allocate: () => { throw new TypeError('no more'); }, free: nothing }; // biome-ignore format: short
    expect(() => runAllocator('X', () => fails, CALLS, CACHES)).toThrow('no more');
    expect(() => runAllocator('X', () => ({ allocate: () => 1, free: nothing }), CALLS, CACHES)).toThrow(RangeError);
    const grows = {
      words,
      next: 0,
      allocate() {
        this.words = new Int32Array(2 ** 24);
        return this.next++;
      },
      free: nothing,
    };
    expect(() => runAllocator('X', () => grows, CALLS, CACHES)).toThrow(/typed arrays of more than/);
    expect(() => runAllocator('X', () => grows, { ...CALLS, live: 0 }, CACHES)).toThrow('IDs: got 0, expected');
  });
});

describe('what is pasted', () => {
  const run = (code: string): Record<string, unknown> => {
    const scope: Record<string, Record<string, unknown>> = {};
    new Function('globalThis', pastedScript(code))(scope);
    return scope[PASTED]!;
  };

  test('leaves its classes, exported or not', () => {
    expect(Object.keys(run('class A {}\nexport default class B { allocate() {} }\n// class C\n'))).toEqual(['A', 'B']);
    expect(run('function f() { class Inner {} }\nclass Outer {}')).toMatchObject({
      Inner: undefined,
      Outer: expect.any(Function),
    });
  });

  test('keeps its lines', () => {
    const code = 'class A {\n  allocate() { return 1; }\n}';
    expect(pastedScript(code).split('\n').slice(0, 3)).toEqual([
      `'use strict';class A {`,
      '  allocate() { return 1; }',
      '}',
    ]);
  });

  test('without a class, or with an import, is refused', () => {
    expect(() => pastedScript('let x = 1')).toThrow('got no class with a name');
    expect(() => pastedScript("import x from 'y';\nclass A {}")).toThrow('this page loads nothing');
  });
});
