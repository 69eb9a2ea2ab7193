// Shards that were written by hand: every value of a document, replaced by what no sweep writes.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { evaluateCell, placeOf } from '@idspace/evaluation';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CommandError } from '../../src/cli/failure.ts';
import { exhibitText } from '../../src/format/exhibit-text.ts';
import { printableLines } from '../../src/format/printable.ts';
import { mergeShards } from '../../src/sweep/merge.ts';
import { documentText, headerOf, parseDocument } from '../../src/sweep/sweep-document.ts';
import { sweepExhibits } from '../../src/sweep/sweep-exhibits.ts';
import { Collector, idspace } from '../support/run.ts';
import { SMALL } from './support.ts';

const TERMINAL = { out: new Collector(), err: new Collector(), folder: '/', env: {} };
const GRID = { ...SMALL, timers: [5], processes: [1], strides: [1], designs: ['xarray', 'idr'] as const };
const HEADER = headerOf(GRID, { index: 1, of: 1 });
const DOCUMENT = { ...HEADER, cells: [0, 1].map((cell) => evaluateCell(cell, placeOf(GRID, cell), GRID)) };

/** As they stand in the file: an object whose conversion to text throws, another's prototype, text for a terminal, no number. */
// biome-ignore format: what belongs together stands in a row
const CRAFTED = [
  '{"toString":1,"valueOf":1}', '{"__proto__":{"cell":0}}', '[[[]]]', '[]', '{}', 'null', 'true', '""',
  '"\\u001b[2J"',
  '1e999', '-1', '0.5', '1e308', '9007199254740993', `"${'x'.repeat(10_000)}"`,
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'idspace-crafted-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The paths to all values of a document. */
function pathsOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

/** The document's text with the JSON of one value replaced. */
function withValue(path: readonly (string | number)[], json: string): string {
  const mark = '<here>';
  if (path.length === 0) return json;
  const copy = structuredClone(DOCUMENT) as unknown as Record<string | number, unknown>;
  let at = copy;
  for (const key of path.slice(0, -1)) at = at[key] as typeof at;
  at[path.at(-1)!] = mark;
  return JSON.stringify(copy).replace(`"${mark}"`, json);
}

test('what a sweep writes is read back', () => {
  const text = [...documentText(DOCUMENT)].join('');
  expect(parseDocument(text, 'shard')).toEqual(JSON.parse(text));
});

const paths = pathsOf(DOCUMENT);
test.each(paths.map((path) => [path.join('.') || 'all of it', path] as const))('%s', async (_, path) => {
  for (const json of CRAFTED) {
    let merged: ReturnType<typeof parseDocument>;
    try {
      merged = mergeShards([{ path: 'shard', document: parseDocument(withValue(path, json), 'shard') }]);
    } catch (error) {
      expect(error).toBeInstanceOf(CommandError);
      expect((error as Error).message).toMatch(/^shard.*(: got |, expected )/s);
      expect((error as Error).message.length).toBeLessThan(1000);
      continue;
    }
    // What is taken is what a sweep could have written: it can be shown, and read again.
    for (const exhibit of sweepExhibits(merged)) expect(exhibitText(exhibit, TERMINAL)).not.toContain('undefined');
    expect(parseDocument([...documentText(merged)].join(''), 'merged')).toEqual(merged);
  }
});

test('an object for a number, by the command', async () => {
  const json = '{"toString":1,"valueOf":1}';
  writeFileSync(join(folder, 'shard.json'), withValue(['cells', 0, 'timers'], json));
  expect(await idspace(['merge', 'shard.json'], { folder })).toEqual({
    exitCode: 3,
    out: '',
    err: 'idspace merge: shard.json, cell 0: got timers an object, expected timers 5\n',
  });
  writeFileSync(join(folder, 'shard.json'), withValue(['idspace'], '"1.0.0\\u001b[2J"'));
  const { err } = await idspace(['merge', 'shard.json'], { folder });
  expect(printableLines(err)).toBe(err);
});
