// The report as a page: whole, self-contained, escaped; every chart with its marks, its words and its data.
import { createHash } from 'node:crypto';
import type { OperationCost } from '@idspace/evaluation';
import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { renderReport } from '../src/evaluate/report.ts';
import { condense } from '../src/format/condense.ts';
import { escapeHtml, html, prose } from '../src/format/html.ts';
import { htmlTable } from '../src/format/html-table.ts';
import { madeUpEvaluation, madeUpMemory } from './support/evaluation.ts';
import { madeUpInput } from './support/report-input.ts';

const input = await madeUpInput('idspace demo --out "<b>"');
const page = renderReport(input);
const { document } = parseHTML(page);
const DESIGNS = input.evaluation.designs.length;

test('every section of the contents is there, with a question and an answer', () => {
  const links = [...document.querySelectorAll('nav a')].map((link) => link.getAttribute('href')!);
  expect(links.length).toBeGreaterThanOrEqual(8);
  for (const link of links) {
    const section = document.querySelector(`section${link}`);
    expect(section?.querySelector('h2')?.textContent, link).toMatch(/\?$/);
    expect(section?.querySelector('.answer')?.textContent, link).toMatch(/^[A-Z].*\.$/s);
    expect(section?.querySelector(`h2 a[href="${link}"]`), link).not.toBeNull();
  }
});

test.each([
  ...['create', 'lookup', 'delete'].map((operation) => [`misses-${operation}`, 2 * DESIGNS] as const),
  ...['create', 'lookup', 'delete'].map((operation) => [`lines-${operation}`, 4 * DESIGNS] as const),
  ['memory', 30] as const, // three distinct lines of ten strides
  ['restore-time', 22 + 12] as const, // two ways, eleven IDs; twelve restores of a real CRIU
  ['situations', 9] as const,
  ['lock-waits', 2 * 9] as const, // hold and wait, three operations of three designs
  ['holes-left', DESIGNS] as const, // all lost
  ['published-times', 4 * 6] as const,
  ['layout-misses', 2 * DESIGNS] as const,
])('chart %s has its marks, each saying what it is, on paper of both widths', (id, expected) => {
  for (const svg of document.querySelectorAll(`figure#${id} .plot svg`)) {
    const said = [...svg.querySelectorAll('title')].map(({ textContent }) => textContent!);
    expect(said.length).toBe(expected);
    for (const text of said) expect(text).toMatch(/^[^:]+: .*\d/);
    expect(svg.getAttribute('role')).toBe('img');
    expect(svg.getAttribute('aria-label')!.length).toBeGreaterThan(20);
    expect(svg.querySelectorAll('[class$="axis-label"] text').length).toBeGreaterThan(0);
  }
  expect(document.querySelectorAll(`figure#${id} details table tbody tr`).length).toBeGreaterThan(0);
});

test('the misses chart names every design', () => {
  const labels = [...document.querySelectorAll('#misses-lookup .fy-axis-tick-label text')];
  expect(labels.map((label) => label.textContent)).toEqual(input.evaluation.designs.map(({ design }) => design));
});

test('nothing is undefined or not a number', () => {
  expect(page.match(/NaN|undefined|Infinity|\[object/g)).toBeNull();
});

test('the page needs nothing from outside, and forbids it', () => {
  expect(page.replaceAll('http://www.w3.org/', '').match(/https?:|url\(|@import|<link|<img|<iframe/g)).toBeNull();
  const policy = document.querySelector('meta[http-equiv="Content-Security-Policy"]')!.getAttribute('content')!;
  expect(policy).toContain("default-src 'none'");
  const styles = [...page.matchAll(/<style>(.*?)<\/style>/gs)].map(([, text]) => text!);
  const scripts = [...page.matchAll(/<script>(.*?)<\/script>/gs)].map(([, text]) => text!);
  expect([styles.length, scripts.length]).toEqual([1, 1]);
  for (const text of [...styles, ...scripts]) {
    expect(policy).toContain(createHash('sha256').update(text).digest('base64'));
  }
  expect(document.querySelectorAll('[style]')).toHaveLength(0);
  expect(page.match(/ on\w+="/g)).toBeNull();
});

test('ids are unique', () => {
  const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
  expect(ids).toEqual([...new Set(ids)]);
});

test('every variable that colours something is declared for light and dark', () => {
  const used = new Set([...page.matchAll(/var\((--[\w-]+)\)/g)].map(([, name]) => name!));
  for (const name of used) expect(page.split(`${name}:`).length - 1, name).toBe(2);
});

test('what is put in is escaped', () => {
  expect(page).toContain('idspace demo --out &quot;&lt;b&gt;&quot;');
  expect(page).toContain('A server &lt;2025&gt;');
  expect(page).not.toContain('<2025>');
  expect(escapeHtml(`<a href="x" id='y'>&`)).toBe('&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;');
  expect(html`<p>${'<'}${html`<b>${'&'}</b>`}${['>', 1]}</p>`.text).toBe('<p>&lt;<b>&amp;</b>&gt;1</p>');
});

test('groups of columns have one head over them', () => {
  const heads = [...document.querySelectorAll('#cost thead')].at(-1)!;
  const group = heads.querySelector('th[colspan]')!;
  expect([group.textContent, group.getAttribute('colspan')]).toEqual(['of them', '4']);
  const [upper, lower] = [...heads.querySelectorAll('tr')].map((row) => row.querySelectorAll('th').length);
  const cells = heads.closest('table')!.querySelectorAll('tbody tr:first-child > *').length;
  expect([upper! - 1 + lower!, lower]).toEqual([cells, 4]);
});

test('charts side by side share their scale', () => {
  for (const kind of ['misses', 'lines']) {
    const ticks = ['create', 'lookup', 'delete'].map((operation) =>
      [...document.querySelectorAll(`#${kind}-${operation} .x-axis-tick-label text`)].map((tick) => tick.textContent),
    );
    expect(ticks[0]!.length).toBeGreaterThan(2);
    expect(ticks).toEqual([ticks[0], ticks[0], ticks[0]]);
  }
});

test('names and numbers with units are not broken; the rates of restores are among the parameters', () => {
  expect(prose('64 B in hash-512-precheck & xarray').text).toBe(
    '64\u00a0B in <span class="name">hash-512-precheck</span> &amp; xarray',
  );
  expect(document.querySelectorAll('#restore ul.plain li')).toHaveLength(2);
  expect(document.querySelectorAll('#restore-time .wide .rule line').length).toBe(5);
  expect(document.querySelector('#method table')!.textContent).toMatch(/894 ns.*485 ns/s);
});

test('the verdict comes first, the version only where there is one', () => {
  expect(document.querySelector('main section')!.id).toBe('verdict');
  expect(document.querySelector('footer')!.textContent).toContain('idspace 1.2.3 with');
  expect(renderReport({ ...input, version: '0.0.0' })).toContain('Made by idspace with');
});

test('the same input gives the same page', () => {
  expect(renderReport(input)).toBe(page);
});

test('one design makes a page as well', () => {
  const one = {
    ...input,
    evaluation: madeUpEvaluation(['xarray']),
    memory: madeUpMemory(['xarray']),
    contention: null,
    situations: [],
  };
  const { document: small } = parseHTML(renderReport(one));
  expect(small.querySelectorAll('figure').length).toBe(12);
  expect(small.querySelector('main section')!.id).toBe('restore');
  expect(small.querySelectorAll('#misses-create rect > title').length).toBe(2);
});

test('the three numbers are those of the plans', () => {
  const numbers = (html: string): string[] =>
    [...parseHTML(html).document.querySelectorAll('.figures b')].map(({ textContent }) => textContent!);
  expect(numbers(page)).toEqual(['970 ns', '1.8 s', 'never']);
  expect(document.querySelector('h1')!.textContent!.replaceAll('\u00a0', ' ')).toMatch(
    /^A checkpoint .* in 970 ns where .*, in 1\.8 s to 32 min where .*, and never where /,
  );
  const slower = input.plans.map((plan) => ({ ...plan, totals: { ...plan.totals, seconds: 3 * plan.totals.seconds } }));
  expect(numbers(renderReport({ ...input, plans: slower }))).toEqual(['2.91 µs', '5.4 s', 'never']);
  expect(numbers(renderReport({ ...input, plans: input.plans.slice(0, 2) }))).toEqual(['970 ns', '1.8 s']);
});

test('threads that never wait make no chart of waiting', () => {
  const evaluation = madeUpEvaluation(['xarray']);
  const free = evaluation.designs.map((design) => {
    const without = (cost: OperationCost): OperationCost => ({ ...cost, locks: [] });
    return {
      ...design,
      create: without(design.create),
      lookup: without(design.lookup),
      delete: without(design.delete),
    };
  });
  const idle = { ...evaluation, designs: free };
  const html = renderReport({ ...input, evaluation: idle, contention: idle });
  expect(html).not.toMatch(/NaN|Infinity/);
  const { document: quiet } = parseHTML(html);
  expect(quiet.querySelector('#lock-waits')).toBeNull();
  expect(quiet.querySelector('#locks .answer')!.textContent).toContain('waits not at all in xarray');
});

test('previews have a title and a description', () => {
  const content = (selector: string): string => document.querySelector(selector)!.getAttribute('content')!;
  expect(content('meta[name="description"]')).toMatch(/^A checkpoint gets its timer IDs back/);
  expect(content('meta[property="og:title"]')).toBe(document.querySelector('title')!.textContent);
  expect(content('meta[property="og:description"]')).toBe(content('meta[name="description"]'));
});

test('columns of zeros become a sentence, rows that differ in their name only become one', () => {
  const columns = ['Design', 'refs', 'LLd', 'core'].map((head) => ({ head }));
  const rows = [
    ['a', '1', '0', '–'],
    ['b', '2', '0', '0'],
    ['c', '1', '0', '–'],
  ];
  expect(condense({ columns, rows })).toEqual({
    columns: columns.slice(0, 2),
    rows: [
      ['a', '1'],
      ['b', '2'],
      ['c', '1'],
    ],
    nothing: ['LLd', 'core'],
  });
  expect(condense({ columns, rows: rows.map(([name, refs]) => [name!, refs!, refs!, '<1/5k']) }).rows).toEqual([
    ['a, c', '1', '1', '<1/5k'],
    ['b', '2', '2', '<1/5k'],
  ]);
  const { document: table } = parseHTML(htmlTable('Costs', { columns, rows }).text);
  expect(table.querySelector('p')!.textContent).toBe('None in any row: LLd and core.');
  const one = rows.slice(0, 1);
  expect(condense({ columns, rows: one })).toEqual({ columns, rows: one, nothing: [] });
});
