// The fuzzer itself: instrumented code does what it did, planted faults are found, the same seed makes the same run.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { withinBudget } from '../src/budget.ts';
import { type BundleFacts, bundleTargets } from '../src/fuzz/bundle.ts';
import { placesOf, readCases, readCorpus, writeCase, writeCorpus } from '../src/fuzz/corpus.ts';
import { Coverage, countersFor } from '../src/fuzz/coverage.ts';
import { COUNTERS, instrumentEdges } from '../src/fuzz/edges.ts';
import { Fuzzer } from '../src/fuzz/fuzzer.ts';
import { finished, image, json, jsonLines, lines, protobuf, tar, words } from '../src/fuzz/index.ts';
import { minimised } from '../src/fuzz/minimise.ts';
import { type RunOptions, type RunResult, repeatInput, runTarget } from '../src/fuzz/run.ts';
import { random } from '../src/random.ts';

let folder: string;
let bundle: string;
let facts: BundleFacts;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'idspace-fuzz-test-'));
  const module = join(folder, 'planted.js');
  writeFileSync(module, PLANTED);
  bundle = join(folder, 'planted.mjs');
  facts = await bundleTargets(module, bundle);
});
afterAll(() => rmSync(folder, { recursive: true }));

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
const world = globalThis as Record<string, unknown>;

/** Runs code that returns something, and the same instrumented. */
function both(code: string): { plain: unknown; instrumented: unknown; counts: Uint8Array; edges: number } {
  const made = instrumentEdges(code, 'code.js', 0);
  const counts = countersFor(made.next);
  const before = world[COUNTERS];
  world[COUNTERS] = counts;
  const run = (body: string): unknown => new Function(body)();
  try {
    return {
      plain: run(code),
      instrumented: run(made.code),
      counts,
      edges: made.next,
    };
  } finally {
    world[COUNTERS] = before;
  }
}

describe('instrumented code', () => {
  test.each([
    'if (1) if (0) return 1; else return 2; return 3',
    'let s = ""; for (const a of [0, 1, 2]) if (a) s += a; else s += "-"; return s',
    'const f = (a, b = a || 5) => ({ a, b }); return [f(0), f(1, 2), f(3)]',
    'const f = (n) => n < 2 ? n : f(n - 1) + f(n - 2); return f(10)',
    'const r = []; for (const x of [1, 2, 3, 4]) switch (x) { case 1: case 2: r.push("low"); break; case (3): r.push("three"); } return r',
    'switch (7) { default: return "none"; case 1: return 1 }',
    'let a, b = null, c = 0; a ??= 1; b ||= 2; c &&= 3; return [a, b, c, a?.b ?? 4]',
    'try { null.x } catch { return "caught" } finally { 1 }',
    'class A { #x = 1; get x() { return this.#x } static s = (() => 2)(); *g() { yield this.x } } class B extends A { constructor() { super(); this.y = 3 } } return [...new B().g(), A.s, new B().y]',
    'outer: for (let i = 0; i < 3; i++) { do { if (i === 1) continue outer; } while (false); if (i === 2) return i } return -1',
    'const { a = 1, ...rest } = { b: 2 }; return [a, rest, ((x, y) => (x, y))(1, 2)]',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is code
    'return `${[1, 2].map((x) => x % 2 ? `odd` : `even`)}` + (() => { "use strict"; return this === undefined })()',
    'let i = 0; while (i < 5) i++; return i',
  ])('%s', (code) => {
    const { plain, instrumented } = both(code);
    expect(instrumented).toEqual(plain);
  });

  test('counts each arm, written or not', () => {
    const { counts, edges } = both(
      'const f = (a) => { if (a) return 1; return a ?? 2 }; f(1); f(0); f(null); return 0',
    );
    expect(edges).toBe(4); // the function, if, else, ??
    expect([...counts.subarray(0, edges)].sort()).toEqual([1, 1, 2, 3]);
  });

  test('TypeScript, its types left alone; constants are told', () => {
    const source = `interface A { readonly b?: 'never' | 5 }\ndeclare const c: A;\nfunction f(this: A, x: number): x is 7;\nfunction f(x: unknown): boolean { return (x as number) === 4711 && typeof x === 'number'; }\nexport const g = <T,>(x: T): T => x satisfies T;`;
    const { code, next, numbers, texts } = instrumentEdges(source, 'code.ts', 10);
    expect(next).toBe(13);
    expect(code).toContain("b?: 'never' | 5");
    expect(numbers).toEqual([4711]);
    expect(texts).toContain('number');
  });
});

test('coverage tells a new edge from a new count', () => {
  const counters = countersFor(6);
  const coverage = new Coverage(counters);
  const run = (counts: number[]): string => {
    coverage.clear();
    counters.set(counts);
    return coverage.take();
  };
  expect(run([0, 1])).toBe('edge');
  expect(run([0, 1])).toBe('nothing');
  expect(run([0, 2])).toBe('count');
  expect(run([0, 4])).toBe('count');
  expect(run([0, 7])).toBe('nothing');
  expect(run([0, 1, 0, 0, 0, 9])).toBe('edge');
  expect([coverage.reached, coverage.edges()]).toEqual([2, [1, 5]]);
});

/** Faults behind conditions that no random input meets. */
const PLANTED = `
const text = (input) => new TextDecoder('latin1').decode(input);
const seeds = () => [new Uint8Array(8)];
export const TARGETS = {
  nested: { seeds, run: (input) => {
    if (input[0] === 0x7f) if (input[1] === 0x45) if (input[2] === 0x4c) if (input[3] === 0x46) throw new Error('found ' + input.length);
  } },
  word: { seeds, run: (input) => { if (text(input).includes('open sesame')) throw new TypeError('said it'); } },
  hang: { seeds, run: (input) => { if (input[0] === 0xee) for (;;); } },
  abort: { seeds, run: (input) => { if (input[0] === 0xaa) { const all = []; for (;;) all.push(new Array(1000).fill(0)); } } },
  grows: { seeds, mebibytes: 16, run: (input) => { if (input[0] === 0xbb) globalThis.kept = new Uint8Array(2 ** 26).fill(1); } },
  slow: { seeds, milliseconds: 20, run: (input) => { if (input[0] === 0xcc) for (const start = process.cpuUsage(); process.cpuUsage(start).user < 80_000; ); } },
  sound: { seeds, run: (input) => input.length > 3 && input[3] === 5 },
};`;

const run = (target: string, options: Partial<RunOptions> = {}): Promise<RunResult> =>
  runTarget(bundle, facts, target, { seed: 5, runs: 200_000, heapMebibytes: 128, first: true, ...options });

async function found(target: string, options: Partial<RunOptions> = {}): Promise<RunResult> {
  const result = await run(target, options);
  for (const finding of result.findings) {
    const again = await repeatInput(bundle, facts, target, finding.input, {
      seed: 1,
      heapMebibytes: 128,
      hangSeconds: options.hangSeconds ?? 20,
    });
    expect(again?.signature).toBe(finding.signature);
  }
  return result;
}

/** Faults of other kinds than an error at a place, each with processes that it ends. */
const DEADLY = withinBudget(['hang', 'abort', 'slow', 'memory'], { least: 2, seed: 16 });

describe('planted faults', () => {
  test('behind four comparisons: found step by step, and made small', async () => {
    const { findings } = await found('nested');
    expect(findings).toMatchObject([{ signature: expect.stringContaining('Error: found #') }]);
    expect([...findings[0]!.input]).toEqual([0x7f, 0x45, 0x4c, 0x46]);
  });

  test('behind a word of the code', async () => {
    const { findings } = await found('word');
    expect(findings.map(({ input }) => Buffer.from(input).toString())).toEqual(['open sesame']);
  });

  test.each(DEADLY)('%s: found, with the input', async (kind) => {
    const target = kind === 'memory' ? 'grows' : kind;
    const { findings } = await found(target, { runs: 20_000, ...(kind === 'hang' && { hangSeconds: 0.15 }) });
    expect(findings.map(({ signature }) => signature)).toEqual([kind]);
    if (kind !== 'memory') expect([0xee, 0xaa, 0xcc]).toContain(findings[0]!.input[0]);
  });
});

test('the same seed makes the same run, another one another', async () => {
  const told = ({ executions, lastNewEdge, reached, size, chosen }: RunResult): unknown => ({
    executions,
    lastNewEdge,
    reached,
    size,
    chosen,
  });
  const options = { runs: 2000, keep: true };
  const first = told(await run('nested', options));
  expect(told(await run('nested', options))).toEqual(first);
  expect(told(await run('nested', { ...options, seed: 6 }))).not.toEqual(first);
});

test('without coverage, inputs are changed all the same', async () => {
  const { TARGETS } = (await import(
    pathToFileURL(join(folder, 'planted.js')).href
  )) as typeof import('../src/fuzz/index.ts') & {
    TARGETS: import('../src/fuzz/index.ts').FuzzTargets;
  };
  const seen = new Set<string>();
  const fuzzer = new Fuzzer({ ...TARGETS.sound!, run: (input) => void seen.add(String(input)) }, { seed: 3 });
  await fuzzer.begin(TARGETS.sound!.seeds());
  for (let step = 0; step < 200; step++) await fuzzer.step();
  expect(seen.size).toBeGreaterThan(150);
});

describe('structures', () => {
  const draw = (seed: number, other: Uint8Array) => ({
    random: random(seed),
    other,
    words: { texts: ['a', 'key'], numbers: [77] },
  });
  /** What a structure makes of an input, many times. */
  const changes = (structure: typeof json, input: Uint8Array): Uint8Array[] =>
    Array.from({ length: 200 }, (_, seed) => structure(input, draw(seed, input))).filter((made) => made !== undefined);
  const varied = (made: readonly Uint8Array[]): number =>
    new Set(made.map((one) => Buffer.from(one).toString('latin1'))).size;

  test('JSON stays JSON', () => {
    const made = changes(json, encode('{"a":[1,2,{"b":"x"}],"c":null}'));
    for (const one of made) JSON.parse(Buffer.from(one).toString());
    expect(varied(made)).toBeGreaterThan(50);
    expect(json(encode('{'), draw(1, encode('{')))).toBeUndefined();
    for (const one of changes(jsonLines, encode('{"a":1}\n[2]')))
      for (const line of Buffer.from(one).toString().split('\n')) JSON.parse(line);
  });

  test('messages and images stay whole', () => {
    // 1: 5, 2: { 1: 300 }, 3: "hi"
    const message = Uint8Array.of(8, 5, 18, 3, 8, 172, 2, 26, 2, 104, 105);
    const made = changes(protobuf, message);
    for (const one of made) expect(protobuf(one, draw(1, one))).toBeDefined();
    expect(varied(made)).toBeGreaterThan(50);
    const entry = Uint8Array.of(11, 0, 0, 0, ...message);
    for (const one of changes(image, Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, ...entry, ...entry)))
      expect(image(one, draw(1, one))).toBeDefined();
  });

  test('archives keep the sizes and checksums of their members', () => {
    const header = new Uint8Array(512);
    header.set(encode('one.json'));
    header.set(encode('00000000007 '), 124);
    header.set(encode('0'), 156);
    const archive = Buffer.concat([header, encode('{"a":5}'), new Uint8Array(505 + 1024)]);
    const made = changes(
      tar((name) => (name.endsWith('.json') ? [json] : [])),
      archive,
    );
    expect(varied(made)).toBeGreaterThan(20);
    for (const one of made) {
      expect(one.length % 512).toBe(0);
      if (one[0] === 0) continue;
      const sum = one.subarray(0, 512).reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0);
      expect(Number.parseInt(Buffer.from(one.subarray(148, 154)).toString(), 8)).toBe(sum);
    }
  });

  test('words keep whole blocks, and are finished', () => {
    const finish = (bytes: Uint8Array): void => void (bytes[0] = 99);
    for (const one of changes(finished(words, finish), new Uint8Array(128)))
      expect([one.length % 64, one[0]]).toEqual([0, 99]);
    expect(varied(changes(lines, encode('a 1\nb 2')))).toBeGreaterThan(50);
  });
});

test('an input is made as small as it can be', async () => {
  const has = async (bytes: Uint8Array): Promise<boolean> => bytes.includes(7) && bytes.includes(9);
  expect([...(await minimised(Uint8Array.of(1, 7, 2, 3, 9, 4, 4, 4), has, 100))]).toEqual([7, 9]);
  expect((await minimised(Uint8Array.of(1, 7, 2, 9), has, 0)).length).toBe(4);
});

test('the corpus and the cases are files', () => {
  const places = placesOf(join(folder, 'fuzz'), 'some');
  expect([readCorpus(places), readCases(places).size]).toEqual([[], 0]);
  writeCorpus(places, [encode('longer'), encode('x'), new Uint8Array(0)]);
  expect(readCorpus(places).map((input) => Buffer.from(input).toString())).toEqual(['', 'x', 'longer']);
  writeCase(places, 'one', encode('y'));
  expect([...readCases(places)]).toEqual([['one', encode('y')]]);
});
