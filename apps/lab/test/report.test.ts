// The report as a page: whole, self-contained, escaped; every chart with its marks, its words and its data.
import { createHash } from 'node:crypto';
import { readCheckpoint } from '@idspace/restore-planner';
import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { renderReport } from '../src/evaluate/report.ts';
import { escapeHtml, html, prose } from '../src/format/html.ts';
import { EXAMPLE_CHECKPOINT } from '../src/installed.ts';
import { planPairings, STORY } from '../src/plan/compare.ts';
import { madeUpEvaluation, madeUpMemory, madeUpSituations } from './support/evaluation.ts';

const input = {
  evaluation: madeUpEvaluation(),
  situations: madeUpSituations(),
  memory: madeUpMemory(),
  plans: planPairings(await readCheckpoint(EXAMPLE_CHECKPOINT), STORY),
  command: 'idspace demo --out "<b>"',
  version: '1.2.3',
};
const page = renderReport(input);
const { document } = parseHTML(page);
const DESIGNS = input.evaluation.designs.length;

test('every section of the contents is there, with a question and an answer', () => {
  const links = [...document.querySelectorAll('nav a')].map((link) => link.getAttribute('href')!);
  expect(links.length).toBeGreaterThanOrEqual(8);
  for (const link of links) {
    const section = document.querySelector(`section${link}`);
    expect(section?.querySelector('h2')?.textContent, link).toMatch(/\?$/);
    expect(section?.querySelectorAll('p').length, link).toBeGreaterThan(0);
  }
});

test.each([
  ...['create', 'lookup', 'delete'].map((operation) => [`misses-${operation}`, 'rect', 2 * DESIGNS] as const),
  ...['create', 'lookup', 'delete'].map((operation) => [`lines-${operation}`, 'rect', 4 * DESIGNS] as const),
  ['memory', 'circle', 30] as const, // three distinct lines of ten strides
  ['restore-time', 'circle', 22] as const, // two ways, eleven IDs
])('chart %s has its %s marks, each saying what it is', (id, mark, expected) => {
  const svg = document.querySelector(`figure#${id} svg`)!;
  const marks = [...svg.querySelectorAll(`${mark} > title`)];
  expect(marks).toHaveLength(expected);
  expect(svg.getAttribute('role')).toBe('img');
  for (const name of svg.getAttribute('aria-labelledby')!.split(' ')) {
    expect(document.getElementById(name)?.textContent?.length).toBeGreaterThan(10);
  }
  expect(svg.querySelectorAll('[aria-label$="axis label"] text').length).toBeGreaterThan(0);
  expect(document.querySelectorAll(`figure#${id} details table tbody tr`).length).toBeGreaterThanOrEqual(DESIGNS);
});

test('the misses chart names every design', () => {
  const labels = [...document.querySelectorAll('#misses-lookup [aria-label="fy-axis tick label"] text')];
  expect(labels.map((label) => label.textContent)).toEqual(input.evaluation.designs.map(({ design }) => design));
});

test('nothing is undefined or not a number', () => {
  expect(page.match(/NaN|undefined|Infinity|\[object/g)).toBeNull();
});

test('the page needs nothing from outside, and forbids it', () => {
  expect(
    page.replaceAll('http://www.w3.org/', '').match(/https?:|url\(|@import|<script|<link|<img|<iframe/g),
  ).toBeNull();
  const policy = document.querySelector('meta[http-equiv="Content-Security-Policy"]')!.getAttribute('content')!;
  expect(policy).toContain("default-src 'none'");
  const styles = [...page.matchAll(/<style>(.*?)<\/style>/gs)].map(([, text]) => text!);
  expect(styles).toHaveLength(1);
  expect(policy).toContain(createHash('sha256').update(styles[0]!).digest('base64'));
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
      [...document.querySelectorAll(`#${kind}-${operation} [aria-label="x-axis tick label"] text`)].map(
        (tick) => tick.textContent,
      ),
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
  expect(document.querySelectorAll('#restore-time [aria-label="rule"] line')).toHaveLength(5);
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

test('one design and no plans make a page as well', () => {
  const one = {
    ...input,
    evaluation: madeUpEvaluation(['xarray']),
    memory: madeUpMemory(['xarray']),
    plans: [],
    situations: [],
  };
  const { document: small } = parseHTML(renderReport(one));
  expect(small.querySelectorAll('figure')).toHaveLength(9);
  expect(small.querySelector('main section')!.id).toBe('cost');
  expect(small.querySelector('h1')!.textContent).toBe('What do these designs of a timer table cost?');
  expect(small.querySelectorAll('#misses-create rect > title')).toHaveLength(2);
});
