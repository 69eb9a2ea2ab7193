// Names on a stand-in for GL, which does with its tables what Emscripten's does. post.js runs as it does beside GL.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { budget, random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { runReadme } from '../../../test/support/readme-examples.ts';
import { glNames, type NameTable } from '../src/gl-names.ts';

interface EmscriptenGL {
  counter: number;
  getNewId(table: NameTable): number;
}

const POST = readFileSync(new URL('../src/post.js', import.meta.url), 'utf8');

/** Runs post.js in a scope that has a GL, and pools of that delay. */
function reuseNames(gl: EmscriptenGL | undefined, delay?: number): void {
  new Function('GL', 'globalThis', POST)(gl, { glNames: () => glNames(delay) });
}

/** As in Emscripten: one counter for all tables, which are padded with null. */
const fakeGL = (): EmscriptenGL => ({
  counter: 1,
  getNewId(table) {
    const name = this.counter++;
    for (let i = table.length; i < name; i++) table[i] = null;
    return name;
  },
});

/** What glGen… does. */
function make(gl: EmscriptenGL, table: NameTable): number {
  const name = gl.getNewId(table);
  if (table[name]) throw new Error(`name ${name} is in use`);
  table[name] = {};
  return name;
}

test.each([0, 1, 256])('tables stay as small as what lives, with a delay of %i', (delay) => {
  const gl = fakeGL();
  reuseNames(gl, delay);
  const rng = random(5);
  const tables: NameTable[] = [[], []];
  const alive: number[][] = [[], []];
  for (let step = 0; step < budget(200_000); step++) {
    const at = rng.below(2);
    const [table, names] = [tables[at]!, alive[at]!];
    if (names.length === 100) table[names.splice(rng.below(100), 1)[0]!] = null;
    names.push(make(gl, table));
  }
  for (const [at, table] of tables.entries()) {
    expect(Math.min(...alive[at]!)).toBeGreaterThanOrEqual(1);
    expect(table.length).toBeLessThanOrEqual(((100 + delay) * 4) / 3 + 8);
    // Dense, as GL reads it.
    expect(table.every((object) => object !== undefined)).toBe(true);
    expect(table.filter(Boolean).length).toBe(100);
  }
  expect(gl.counter).toBe(Math.max(...tables.map((table) => table.length)));
});

test('the name of a deleted object rests while delay / 4 others are made', () => {
  const gl = fakeGL();
  reuseNames(gl, 64);
  const table: NameTable = [];
  const rng = random(6);
  const deletedAt = new Map<number, number>();
  let names: number[] = [];
  let reused = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let made = 0; made < budget(100_000); made++) {
    // Deletions come in bursts, as when a scene ends.
    if (names.length > 200) {
      for (const name of names.splice(0, 1 + rng.below(200))) {
        table[name] = null;
        deletedAt.set(name, made);
      }
      names = rng.shuffle(names);
    }
    const name = make(gl, table);
    if (deletedAt.has(name)) {
      least = Math.min(least, made - deletedAt.get(name)!);
      reused++;
    }
    names.push(name);
  }
  expect(least).toBeGreaterThanOrEqual(16);
  expect(reused).toBeGreaterThan(budget(100_000) / 2);
});

test('names that were there before stay', () => {
  const gl = fakeGL();
  const [buffers, textures]: NameTable[] = [[], []];
  const before = Array.from({ length: 50 }, (_, i) => make(gl, i % 2 ? buffers! : textures!));
  expect(before.at(-1)).toBe(50);
  reuseNames(gl, 0);
  const after = Array.from({ length: 50 }, () => make(gl, buffers!));
  expect(after.slice(0, 3)).toEqual([1, 3, 5]);
  expect(buffers!.filter(Boolean).length).toBe(75);
});

test('a name whose object could not be made comes back', () => {
  const gl = fakeGL();
  reuseNames(gl, 0);
  const table: NameTable = [];
  for (let i = 0; i < 1_000; i++) gl.getNewId(table);
  expect(table.length).toBeLessThan(8);
});

test('GL is told which names were given: what is not below its counter, it refuses', () => {
  const gl = fakeGL();
  reuseNames(gl);
  const table: NameTable = [];
  for (let i = 0; i < 300; i++) expect(make(gl, table)).toBeLessThan(gl.counter);
});

test('a program without WebGL is left alone', () => {
  expect(() => reuseNames(undefined)).not.toThrow();
});

test.each([-1, 1.5, Number.NaN])('%d is no delay', (delay) => {
  expect(() => glNames(delay)).toThrow(RangeError);
});

test('the README tells the truth', () => runReadme(fileURLToPath(new URL('..', import.meta.url))));
