// The whole page is one file that loads fast: script, style and text together.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { buildPage } from './support/page.ts';

/** Bytes, gzipped. The aim is 200,000. */
const CEILING = 204_000;

const folder = mkdtempSync(join(tmpdir(), 'idspace-explorer-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the build is one file of limited size, under a strict policy', async () => {
  const text = readFileSync(await buildPage(folder), 'utf8');
  expect(readdirSync(folder)).toEqual(['index.html']);
  expect(gzipSync(text, { level: 9 }).length).toBeLessThanOrEqual(CEILING);
  const policy = /<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(text)![1]!;
  expect(policy).toContain("connect-src 'none'");
  expect(policy).not.toMatch(/'unsafe-(eval|inline)|https?:|\*/);
  expect(text.indexOf('Content-Security-Policy')).toBeLessThan(text.indexOf('<script'));
  expect(text).not.toMatch(/\b(?:src|href)="(?!data:|#)/);
});
