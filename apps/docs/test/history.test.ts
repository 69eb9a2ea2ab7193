// The page of results shows every kept result, and no text of a result becomes a part of the page.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { appendResults, type KeptResult } from '../../../scripts/bench/results.ts';
import { history } from '../build/history.ts';

const root = mkdtempSync(join(tmpdir(), 'idspace-history-'));
afterAll(() => rmSync(root, { recursive: true }));
beforeAll(() => mkdirSync(join(root, 'packages/a/bench'), { recursive: true }));
const file = join(root, 'packages/a/bench/results.jsonl');

const result = (change: Partial<KeptResult>): KeptResult => ({
  revision: '0123456789abcdef0123456789abcdef01234567',
  date: '2026-11-30',
  machine: 'CPU × 2',
  node: '20.20.2',
  row: 'load',
  peer: 'Map',
  ratio: { median: 0.5, low: 0.4, high: 0.625 },
  ...change,
});

test('no result, one, several, another machine, and text that looks like a page', () => {
  expect(history(root)).toBe('<p>No results are kept yet.</p>');
  appendResults(file, [result({})]);
  // Alone in a drawing: in the middle of its height on a logarithmic axis, between the ends of its interval.
  expect(history(root)).toContain('<circle cx="5.0" cy="18.0" r="2.5"/>');
  appendResults(file, [
    result({ date: '2026-12-01', ratio: { median: 0.123, low: 0.122, high: 0.125 } }),
    result({ row: '<script>{{ 1 }}</script>\n\n"', peer: 'a & b' }),
    result({ node: '24.1.0' }),
  ]);
  const page = history(root);
  expect(page.match(/<table/g)).toHaveLength(2);
  expect(page.match(/<circle/g)).toHaveLength(4);
  expect(page).toContain('<td>load</td><td>Map</td><td>0.123<br>0.122–0.125</td><td><svg ');
  expect(page).toContain('</svg><br><code>012345678</code> 2026-12-01</td>');
  expect(page).toContain('CPU × 2 · Node 24.1.0');
  expect(page).toContain('&#60;script&#62;{{ 1 }}&#60;/script&#62;&#10;&#10;&#34;</td><td>a &#38; b</td>');
  expect(page).not.toContain('<script');
  expect(page).not.toMatch(/\n\s*\n/);
  expect(page).not.toMatch(/NaN|Infinity/);
});
