// biome-ignore-all lint/suspicious/noTemplateCurlyInString: programs are strings here
// Instrumented programs: the same values, and every access reported, in order, with its place.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { instrument, SourceError } from '../src/instrument.ts';
import { makeHooks } from '../src/recording/hooks.ts';
import { hooks, record } from '../src/recording.ts';
import { instrumented, plainly, recorded } from './support/programs.ts';

/** Programs, and what they access: each on arrays of 4-byte elements, so byte 12 is element 3. */
const PROGRAMS: readonly [name: string, body: string, log: string[]][] = [
  ['a read', 'const a = new Int32Array(4); return a[2];', ['read a 1:8']],
  ['a write', 'const a = new Int32Array(4); a[3] = 5; return a.length;', ['write a 1:12']],
  [
    'past the end: nothing is there',
    'const a = new Int32Array(4); a[4] = 1; return [a[4], a[-1], a[1.5], a[NaN]];',
    [],
  ],
  ['minus zero is zero', 'const a = Int32Array.of(7, 8); return a[-0];', ['read a 1:0']],
  ['a key that is a string', 'const a = Int32Array.of(7, 8); return [a["1"], a["01"], a["x"]];', ['read a 1:4']],
  ['a key that is an object', 'const a = Int32Array.of(7, 8), k = [1]; a[k] = 3; return a[k];', []],
  ['compound', 'const a = Int32Array.of(7, 8); a[1] += 5; return a[1];', ['read a 1:4', 'write a 1:4', 'read a 1:4']],
  ['power', 'const a = Int32Array.of(7, 3); a[1] **= 2 + 1; return a[1];', ['read a 1:4', 'write a 1:4', 'read a 1:4']],
  [
    'update',
    'const a = Int32Array.of(7, 8); return [a[1]++, ++a[0], --a[1], a[0]--];',
    [
      'read a 1:4',
      'write a 1:4',
      'read a 1:0',
      'write a 1:0',
      'read a 1:4',
      'write a 1:4',
      'read a 1:0',
      'write a 1:0',
    ],
  ],
  [
    'update at a place that comes again, and past the end there',
    'const a = Int32Array.of(7, 8); for (const i of [0, 1, 2, -1]) a[i]++; return [...a];',
    ['read a 1:0', 'write a 1:0', 'read a 1:4', 'write a 1:4', 'read a 1:0', 'read a 1:4'],
  ],
  [
    'update of a bigint',
    'const a = BigInt64Array.of(7n, 8n); return [a[1]++, a[1]];',
    ['read a 1:8', 'write a 1:8', 'read a 1:8'],
  ],
  [
    'logical: only what is done',
    'const a = Int32Array.of(0, 8); a[0] ||= 3; a[1] ||= 4; a[0] &&= 6; a[9] ??= 2; return [...a];',
    ['read a 1:0', 'write a 1:0', 'read a 1:4', 'read a 1:0', 'write a 1:0', 'read a 1:0', 'read a 1:4'],
  ],
  [
    'one element names another',
    'const a = Int32Array.of(1, 0, 3); return a[a[a[0]]];',
    ['read a 1:0', 'read a 1:4', 'read a 1:0'],
  ],
  [
    'rows',
    'const rows = [Int32Array.of(1, 2), Int32Array.of(3, 4)]; return rows[1][rows[0][0]];',
    ['read rows[] 1:0', 'read rows[] 1:4'],
  ],
  [
    'a key that changes its array',
    'let a = Int32Array.of(1, 2), b = Int32Array.of(3, 4); return [a[(a = b, 0)], a[0]];',
    ['read a 1:0', 'read a 1:0'],
  ],
  [
    'a value that changes key and array',
    'let a = Int32Array.of(1, 2), i = 0, first = a; a[i] = (a = Int32Array.of(9), i = 1, 5); return [first[0], a[0], i];',
    ['write a 1:0', 'read a 1:0', 'read a 1:0'],
  ],
  [
    'a swap',
    'const a = Int32Array.of(1, 2, 3); [a[0], a[2]] = [a[2], a[0]]; return a.join();',
    ['read a 1:8', 'read a 1:0', 'write a 1:0', 'write a 1:8', 'read a 1:0', 'read a 1:4', 'read a 1:8'],
  ],
  [
    'destructuring',
    'const a = Int32Array.of(1, 2, 3); const [x, , y] = a; ({ p: a[0] = a[1] } = {}); return [x, y, a[0]];',
    ['read a 1:0', 'read a 1:4', 'read a 1:8', 'read a 1:4', 'write a 1:0', 'read a 1:0'],
  ],
  [
    'for of, ended early',
    'const a = Int32Array.of(1, 2, 3); let sum = 0; for (const v of a) { if (v === 3) break; sum += v; } return sum;',
    ['read a 1:0', 'read a 1:4', 'read a 1:8'],
  ],
  [
    'for into an element',
    'const a = Int32Array.of(1, 2, 3); for (a[1] of [7, 8]); for (a[0] in { 5: 1 }); return a[0] + a[1];',
    ['write a 1:4', 'write a 1:4', 'write a 1:0', 'read a 1:0', 'read a 1:4'],
  ],
  [
    'spread',
    'const a = Int32Array.of(1, 2); return Math.max(...a) + [...a].length;',
    ['read a 1:0', 'read a 1:4', 'read a 1:0', 'read a 1:4'],
  ],
  ['spread into an object', 'const a = Int32Array.of(1, 2); return { ...a, length: 1 };', []],
  [
    'class: fields, private ones, this',
    'class T { #s = Int32Array.of(4, 5); d = this.#s[0]; e = (this.#s[1] = 9); get(i = this.#s[0] - 4) { return this.#s[i]; } static z = Int32Array.of(3)[0]; static { T.y = T.z; } }\nconst t = new T(); return [t.d, t.e, t.get(), T.z, T.y];',
    ['read Int32Array.of(3) 1:0', 'read T.#s 1:0', 'write T.#s 1:4', 'read T.#s 1:0', 'read T.#s 1:0'],
  ],
  [
    'yield*',
    'const a = Int32Array.of(1, 2); function* g() { yield* a; } return [...g()];',
    ['read a 1:0', 'read a 1:4'],
  ],
  [
    'writes at a place that comes again, past the end and between elements, too',
    'const a = Int32Array.of(7, 8); for (const i of [0, 1, 2, -1, 0.5, 1]) a[i] = 3; return [...a];',
    ['write a 1:0', 'write a 1:4', 'write a 1:4', 'read a 1:0', 'read a 1:4'],
  ],
  [
    'a buffer that becomes shorter',
    'const b = new ArrayBuffer(8, { maxByteLength: 8 }), a = new Int32Array(b); for (const n of [8, 4, 0]) { b.resize(n); a[0] = 1; a[1] = 2; } return a.length;',
    ['write a 1:0', 'write a 1:4', 'write a 1:0'],
  ],
  [
    'an array with an iterator of its own',
    'const a = Int32Array.of(1, 2); a[Symbol.iterator] = function* () { yield 7; }; return [...a, Math.max(...a)];',
    [],
  ],
  [
    'a pattern whose value is used',
    'const a = Int32Array.of(1, 2); let x, y; const b = ([x, y] = a); return [b === a, x, y];',
    [],
  ],
  [
    'a static block with a place that comes twice',
    'class T { static y = Int32Array.of(1, 2); static { let i = 0; T.y[i++] += 2; } } return T.y[0];',
    ['read T.y 1:0', 'write T.y 1:0', 'read T.y 1:0'],
  ],
  [
    'a function of arrows',
    'const a = Int32Array.of(2, 1); const f = (i) => (j) => a[i] + a[j], g = (i) => ({ v: a[i + 0] });\nreturn f(0)(1) + g(1).v;',
    ['read a 1:0', 'read a 1:4', 'read a 1:4'],
  ],
  [
    'a generator keeps its operands',
    'const a = Int32Array.of(1, 2); function* g() { a[0] = yield a[1]; return a[0]; } const h = g(), i = g();\nreturn [h.next().value, i.next().value, h.next(7).value, i.next(8).value];',
    ['read a 1:4', 'read a 1:4', 'write a 1:0', 'read a 1:0', 'write a 1:0', 'read a 1:0'],
  ],
  [
    'no semicolon before an element',
    'const a = Int32Array.of(0)\nconst b = a\nb[0] ||= 3\na?.[0]\nreturn(a)[0]',
    ['read b 3:0', 'write b 3:0', 'read b 4:0', 'read b 5:0'],
  ],
  [
    'chains',
    'const a = Int32Array.of(1, 2), o = { a }, n = null; return [a?.[1], n?.[a[0]], o?.a.length, n?.a.b[a[0]], a?.fill(3).length];',
    ['read a 1:4', 'write a 1:0', 'write a 1:4'],
  ],
  ['a comment in a chain', 'const a = Int32Array.of(1, 2); return a?./* the second */[1];', ['read a 1:4']],
  [
    'what is constructed or called',
    'const a = Int32Array.of(1, 0), f = [class { constructor(x) { this.x = x; } }, function () { return this.length; }]; return [new f[a[1]](3).x, f[a[0]](), new (f[0])(4).x, delete f[a[1]]];',
    ['read a 1:4', 'read a 1:0', 'read a 1:4'],
  ],
  [
    'methods',
    'const a = Int32Array.of(3, 1, 2); a.set([8], 1); a.copyWithin(0, 1, 2); return [a.indexOf(8), a.at(-1), a.subarray(1)[0], a.find((v) => v < 8)];',
    [
      'write a 1:4',
      'read a 1:4',
      'write a 1:0',
      'read a 1:0',
      'read a 1:8',
      'read a.subarray(1) 1:4',
      'read a 1:0',
      'read a 1:4',
      'read a 1:8',
    ],
  ],
  [
    'methods give the array itself',
    'const a = Int32Array.of(3, 1); let seen; a.forEach((v, i, all) => { seen = all; }); return [a.fill(1) === a, a.sort() === a, a.reverse() === a, seen === a];',
    [
      'read a 1:0',
      'read a 1:4',
      'write a 1:0',
      'write a 1:4',
      'read a 1:0',
      'read a 1:4',
      'write a 1:0',
      'write a 1:4',
      'read a 1:0',
      'read a 1:4',
      'write a 1:0',
      'write a 1:4',
    ],
  ],
  [
    'a source is read, element by element',
    'const a = Int32Array.of(3, 1), b = new Int32Array(2); b.set(a); return b.length;',
    ['read a 1:0', 'write b 1:0', 'read a 1:4', 'write b 1:4'],
  ],
  [
    'copies',
    'const a = Int32Array.of(3, 1); return [new Float64Array(a).length, Array.from(a).length, Int32Array.from(a).length, new Int32Array(2).length];',
    ['read a 1:0', 'read a 1:4', 'read a 1:0', 'read a 1:4', 'read a 1:0', 'read a 1:4'],
  ],
  [
    'a method of another class',
    'class B extends Int32Array { fill(v) { return `own ${v}`; } } const m = new Map([[1, 2]]); m.set(3, 4); return [new B(2).fill(3), m.get(1), [1].at(0), "abc".slice(1), [3, 1].sort().join()];',
    [],
  ],
  [
    'a DataView',
    'const d = new DataView(new ArrayBuffer(16), 4); d.setInt16(2, 7); return [d.getInt16(2), d.getFloat64(4), d.byteLength];',
    ['write d 1:6', 'read d 1:6', 'read d 1:8'],
  ],
  ['a DataView past its end', 'const d = new DataView(new ArrayBuffer(2)); return d.getInt32(0);', []],
  [
    'Atomics',
    'const a = Int32Array.of(3, 1); Atomics.store(a, 1, 5); Atomics.add(a, 1, 2); Atomics.compareExchange(a, 0, 3, 4); Atomics.compareExchange(a, 0, 3, 9); return [Atomics.load(a, 0), Atomics\n.load(a, "1"), Atomics.isLockFree(4)];',
    ['write a 1:4', 'read a 1:4', 'write a 1:4', 'read a 1:0', 'write a 1:0', 'read a 1:0', 'read a 1:0', 'read a 1:4'],
  ],
  [
    'a buffer that is gone',
    'const a = Int32Array.of(3, 1); a[0] = 4; structuredClone(a, { transfer: [a.buffer] }); a[0] = 5; return [a[0], a.length];',
    ['write a 1:0'],
  ],
  [
    'arrays in turn at one place, one of which loses its buffer',
    'const [a, b, c] = [Int32Array.of(1, 2), Int16Array.of(3, 4), Float64Array.of(5, 6)], f = x => x[1]++; const seen = [a, b, a, b, c, a, [7, 8], c].map(f); structuredClone(b, { transfer: [b.buffer] }); return [seen, [a, b, a, b, c].map(f)];',
    [4, 2, 4, 2, 8, 4, 8, 4, 4, 8].flatMap((byte) => [`read x 1:${byte}`, `write x 1:${byte}`]),
  ],
  [
    'many arrays at one place, some of them closed to new properties',
    'const all = [1, 2, 3, 4].map((n) => [Int32Array.of(n), Object.preventExtensions(Int16Array.of(n)), Object.preventExtensions(new DataView(new ArrayBuffer(8)))]).flat();\nconst get = (x) => x instanceof DataView ? x.getUint8(1) : x[0] + x.at(-1); return [...all, ...all].map(get);',
    Array(8).fill(['read x 2:0', 'read x 2:0', 'read x 2:0', 'read x 2:0', 'read x 2:1']).flat(),
  ],
  [
    'a buffer that grows',
    'const b = new ArrayBuffer(8, { maxByteLength: 16 }), a = new Int32Array(b); a[2] = 1; b.resize?.(16); a[2] = 1; return a.length;',
    ['write a 1:8'],
  ],
  [
    'arguments, strings, objects: no arrays',
    'function f() { arguments[0] = 3; return arguments[0] + "abc"[1] + ({ x: 4 })["x"]; } const o = {}; o[Symbol.iterator] = 1; o["k"] ??= 2; o.n = o.n++; return [f(1), o["k"]];',
    [],
  ],
  ['what throws, throws', 'const n = null; return n[0];', []],
  ['const stays const', 'const a = 1; a[0] = 2; a ||= 3; a++; return a;', []],
  ['names that are taken', 'const $mt = Int32Array.of(5), $mt0 = 1; return $mt[0] + $mt0;', ['read $mt 1:0']],
  ['strict stays strict', '"use strict"; const a = Object.freeze([1]); a[0] = 2; return a;', []],
  [
    'a label, a switch, a template',
    'const a = Int32Array.of(1, 2); x: for (;;) switch (a[0]) { case(a)[0]: break x; } return `${a[1]}`;',
    ['read a 1:0', 'read a 1:0', 'read a 1:4'],
  ],
  [
    'tagged',
    'const a = [(s, v) => s[0] + v]; const i = Int32Array.of(0); return a[i[0]]`x${i[0]}`;',
    ['read i 1:0', 'read i 1:0'],
  ],
  [
    'comma and comments in brackets',
    'const a = Int32Array.of(1, 2); return a /* [ */ [ // ]\n 0, 1 ] + a[/* x */ 0];',
    ['read a 1:4', 'read a 2:0'],
  ],
];

describe('a program runs as before and reports', () => {
  test.each(PROGRAMS)('%s', (_, body, log) => {
    const expected = plainly(body);
    const { log: seen, ...outcome } = recorded(body);
    expect(outcome).toEqual(expected);
    expect(seen).toEqual(log);
    // Not recorded, it gives the same.
    expect(plainly(instrumented(body))).toEqual(expected);
  });
});

describe('the source', () => {
  test('lines stay where they are', () => {
    const source = '#!/usr/bin/env node\n"use strict";\nfunction f(a) {\n  return a[\n    0\n  ];\n}\n';
    const { code } = instrument(source, { file: 'a.cjs' });
    expect(code.split('\n')).toHaveLength(source.split('\n').length);
    expect(code).toMatch(/^#!\/usr\/bin\/env node\n"use strict";;?const /);
  });

  test('what comes first stands behind #!', () => {
    const { code } = instrument('#!/usr/bin/env node\nlet a;\na[0];', { file: 'a.cjs' });
    expect(code).toMatch(/^#!\/usr\/bin\/env node\nconst .*let a;\n/);
  });

  test('the map leads back', () => {
    const { map } = instrument('let a;\nf(a[0]);', { file: 'a.js' });
    expect(map.sources).toEqual(['a.js']);
    expect(map.mappings.split(';')).toHaveLength(2);
  });

  test('TypeScript stays TypeScript', () => {
    const source =
      'enum E { A = 1 << 2 }\nfunction f<T extends number[]>(a: Int32Array, i: number): T[0] { return a[i]! as number; }\nabstract class C { abstract m(): void; declare x: number; constructor(private readonly a = [1][0]) {} }\nnamespace N { export const v = f([3] as never, 0); export const w = [1][v]; }\na[0]! += 1; (a[0] as number)++; declare const a: Int32Array;';
    const { code, sites, unseen } = instrument(source, { file: 'a.ts' });
    expect(sites.map(({ line, label }) => `${line} ${label}`)).toEqual(['2 a', '3 [1]', '4 [1]', '5 a']);
    expect(unseen).toEqual([{ line: 5, column: 14, why: 'in parentheses' }]);
    expect(code).toContain('enum E { A = 1 << 2 }');
  });

  test('a type stays as it is, also where a name in it is computed', () => {
    const source = 'const k = [Symbol()] as const;\ninterface A { [k[0]]: number }\ntype B = { readonly [k[0]]: 1 };';
    const { code, sites } = instrument(source, { file: 'a.ts' });
    expect(code.slice(-source.length)).toBe(source);
    expect(sites).toEqual([]);
  });

  test('JSX', () => {
    const { sites } = instrument('export const f = (a) => <p x={a[0]}>{a[1]}</p>;', { file: 'a.jsx' });
    expect(sites).toHaveLength(2);
  });

  test.each([
    ['a.js', 'export const a = [1][0];', /^import\{hooks as \$mt\}from"@idspace\/mem-trace\/recording";/],
    ['a.js', 'exports.a = [1][0];', /^const \$mt=globalThis/],
    ['a.mjs', '[1][0];', /^import/],
    ['a.cts', 'return [1][0];', /^const/],
  ])('%s with "%s" is loaded as it says', (file, source, start) => {
    expect(instrument(source, { file }).code).toMatch(start);
  });

  test('sites begin at the number that is given', () => {
    expect(instrument('a[0]', { file: 'a.js', firstSite: 70 }).code).toContain('a[0],70)');
    expect(instrument('a[0]', { file: 'a.js' }).code).toContain('a[0],0)');
  });

  test.each([
    ['a program that does not parse', 'let a = [;', 'a.mjs:1:10: Unexpected token'],
    ['a return outside of a function', 'return 3; export {}', "a.mjs:1:1: 'return' outside of function."],
    ['nested too deeply', '['.repeat(100_000), 'a.mjs:1:1: is nested too deeply to be parsed'],
  ])('%s is refused with its place', (_, source, message) => {
    const attempt = (): unknown => instrument(source, { file: 'a.mjs' });
    expect(attempt).toThrow(SourceError);
    expect(attempt).toThrow(message);
  });
});

test('places that do not report are counted over all files', () => {
  const made = makeHooks();
  expect(made.unseen()).toBe(0);
  made.s(0, 'a.js', [], [], 2);
  made.s(0, 'b.js', [], [], 1);
  expect(made.unseen()).toBe(3);
});

describe('recording', () => {
  const body = 'const a = new Int32Array(100_000); for (let i = 0; i < a.length; i++) a[i] = i; return a[5];';

  test('passes on batches in order, and the rest when asked', () => {
    const addresses: number[] = [];
    let batches = 0;
    const recording = record((batch) => {
      batches++;
      addresses.push(...batch.addresses.subarray(0, batch.length));
    });
    plainly(instrumented(body));
    expect(batches).toBe(6);
    recording.stop();
    expect(addresses).toHaveLength(100_001);
    expect(addresses.every((address, i) => i === 100_000 || address === addresses[0] + 4 * i)).toBe(true);
    recording.stop();
    expect(recording.recording).toBe(false);
    expect(() => recording.resume()).toThrow(RangeError);
  });

  test('two files cannot have the same numbers', () => {
    const code = (file: string): string => instrumented('return Int32Array.of(1)[0]', { file, firstSite: 900_000 });
    expect(plainly(code('one.cjs'))).toEqual({ value: 1 });
    expect(plainly(code('one.cjs'))).toEqual({ value: 1 });
    expect(plainly(code('two.cjs'))).toEqual({ error: 'RangeError' });
  });

  test('one at a time', () => {
    const recording = record(() => {});
    expect(() => record(() => {})).toThrow('stop that one first');
    recording.stop();
    record(() => {}).stop();
  });

  test('nothing is recorded in a pause', () => {
    let count = 0;
    const recording = record(({ length }) => (count += length));
    recording.pause();
    plainly(instrumented(body));
    expect(recording.recording).toBe(false);
    recording.resume();
    plainly(instrumented('return Int32Array.of(1)[0]'));
    recording.stop();
    expect(count).toBe(1);
  });

  test('what the sink does is not recorded, and its error is the program’s', () => {
    const code = instrumented(body);
    let count = 0;
    const recording = record(({ length }) => {
      count += length;
      plainly(code);
      throw new TypeError('full');
    });
    expect(plainly(code)).toEqual({ error: 'TypeError' });
    expect(count).toBe(16_384);
    expect(() => recording.stop()).not.toThrow();
  });

  test('ends when its sink ends it', () => {
    const code = instrumented(body);
    let [count, later] = [0, 0];
    const recording = record(({ length }) => {
      count += length;
      recording.stop();
    });
    plainly(code);
    const next = record(({ length }) => (later += length));
    plainly(code);
    next.stop();
    expect([count, later]).toEqual([16_384, 100_001]);
  });

  test('a place that comes again after a batch finds its array, and one that is another by then', () => {
    let [count, bytes] = [0, 0];
    const recording = record((batch) => {
      count += batch.length;
      for (let i = 0; i < batch.length; i++) bytes += batch.bytes[i];
    });
    const swap =
      'const a = new Int32Array(64), b = new Float64Array(64); let sum = 0; for (let i = 0; i < 100_000; i++) sum += (i % 3 ? a : b)[i & 63]; return sum;';
    plainly(instrumented(swap));
    recording.stop();
    expect([count, bytes]).toEqual([100_000, 33_334 * 8 + 66_666 * 4]);
  });

  test('a later recording gives an array the address and the label that it has there', () => {
    const array = Int32Array.of(1, 2);
    const seen: string[] = [];
    for (const [variable, before] of [
      ['one', ''],
      ['other', 'Int8Array.of(0)[0];'],
    ]) {
      const recording = record(({ addresses, fields, length }) => {
        seen.push(`${recording.fieldOf(fields[length - 1])!.label} ${addresses[length - 1]}`);
      });
      plainly(instrumented(`${before} return ${variable}[1];`), { [variable]: array });
      recording.stop();
    }
    expect(seen).toEqual([`one ${4096 + 4}`, `other ${2 * 4096 + 4}`]);
  });

  test('an array that was recorded looks as it did', () => {
    const [open, closed] = [Int32Array.of(1), Object.preventExtensions(Int32Array.of(1))];
    const recording = record(() => {});
    plainly(instrumented('for (const a of all) { a[0]; a.at(0); }'), { all: [open, closed] });
    recording.stop();
    for (const [array, isExtensible] of [
      [open, true],
      [closed, false],
    ] as const) {
      expect(Reflect.ownKeys(array)).toEqual(['0']);
      expect(Object.isExtensible(array)).toBe(isExtensible);
      expect(Object.getPrototypeOf(array)).toBe(Int32Array.prototype);
      expect(structuredClone(array)).toEqual(Int32Array.of(1));
      expect(JSON.stringify(array)).toBe('{"0":1}');
    }
  });

  // Elsewhere the flags of V8 cannot be set, or there is no V8.
  const isNode = !('deno' in process.versions || 'bun' in process.versions);
  test.skipIf(!isNode)('an array that the program drops is dropped, also while the recording goes on', async () => {
    setFlagsFromString('--expose-gc');
    const gc = runInNewContext('gc') as () => void;
    setFlagsFromString('--no-expose-gc');
    const code = instrumented(
      'const a = new Int32Array(4), b = Object.preventExtensions(new Int32Array(4)), c = new DataView(a.buffer); for (const x of [a, b]) { x[0] = 1; x.fill(2); } c.getInt8(0); return [a, b, c].map((x) => new WeakRef(x));',
    );
    const recording = record(() => {});
    const { value } = plainly(code);
    recording.flush();
    // A WeakRef keeps what it leads to until the next task.
    await new Promise((resolve) => setImmediate(resolve));
    gc();
    expect((value as WeakRef<object>[]).map((ref) => ref.deref())).toEqual([undefined, undefined, undefined]);
    recording.stop();
  });

  test.skipIf(!isNode)('what instrumented code calls is an object whose fields V8 finds quickly', () => {
    setFlagsFromString('--allow-natives-syntax');
    const isFast = new Function('object', 'return %HasFastProperties(object)');
    setFlagsFromString('--no-allow-natives-syntax');
    expect(isFast(hooks)).toBe(true);
  });
});
