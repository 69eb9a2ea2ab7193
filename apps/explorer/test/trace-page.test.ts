// Traces and classes given to the page in Chromium: the counts that the packages have in Node.js, and what is said of code that misbehaves.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withinBudget } from '@idspace/testkit';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { USUAL_CACHES } from '../src/trace/meter.ts';
import { traceCalls } from '../src/trace/trace-calls.ts';
import { installed, usePage } from './support/page.ts';

const RECORDED = join(import.meta.dirname, '../../../packages/cache-sim/test/ground-truth');
const count = (value: number): string => value.toLocaleString('en-US');

async function runs(tab: Page, code: string): Promise<void> {
  await tab.fill('.paste-class textarea', code);
  expect(await tab.inputValue('.paste-class textarea')).toBe(code);
  await tab.click('text="Run it beside ours"');
}

const allocating = (body: string): string =>
  `class Mine {\n  words = new Int32Array(4);\n  allocate() { ${body} }\n  free(id) {}\n}`;

describe.skipIf(!installed)('in Chromium', () => {
  const open = usePage();

  test.each(withinBudget(['radix.lackey.gz', 'din-stride.din.gz']))(
    '%s has the counts that it has in Node.js',
    async (name) => {
      const path = join(RECORDED, name);
      const file = new Blob([readFileSync(path)]);
      const here = await traceCalls().playTrace({ file, name, caches: USUAL_CACHES }, () => {});
      const { tab, complaints } = await open('#trace');
      await tab.setInputFiles('input[type=file]', path);
      await tab.waitForSelector('.counts');
      const shown = await tab.$$eval('.counts dd', (all) => all.map((one) => one.firstChild!.textContent));
      const { fetches, reads, writes, d1Misses, llMisses, dataLines } = here;
      expect(shown).toEqual([fetches, reads + writes, d1Misses, llMisses, dataLines].map(count));
      expect(await tab.isVisible('svg[aria-label^="Miss-ratio curve"]')).toBe(true);
      expect(complaints).toEqual([]);
    },
  );

  test('a class runs beside ours, with the counts that those have in Node.js', async () => {
    const { tab, complaints } = await open('#trace');
    await tab.click('text="Run it beside ours"');
    await tab.waitForSelector('h2:text("Bitmap beside ours")');
    const rows = await tab.$$eval('section[aria-label="The class beside ours"] table:last-of-type tbody tr', (all) =>
      all.map((row) => [...row.children].map((cell) => cell.textContent)),
    );
    const ours = traceCalls().runOurs({ calls: { live: 2000, pairs: 2000, seed: 1 }, caches: USUAL_CACHES });
    for (const { fields } of ours) {
      for (const { name, reads, writes, d1Misses, llMisses } of fields) {
        expect(rows).toContainEqual([name, ...[reads, writes, d1Misses, llMisses].map(count)]);
      }
    }
    expect(complaints).toEqual([]);
  });

  const told = [
    ['a wrong word', 'class Mine {\n  allocate() {\n    let x = ;\n  }\n}', /SyntaxError.*line 3$/],
    [
      'an exception',
      allocating("throw new TypeError('oh no');"),
      /^Mine\.allocate\(\) threw TypeError: oh no, line 3$/,
    ],
    ['an ID twice', allocating('this.words[0]++; return 5;'), /^Mine\.allocate\(\) returned 5, which is in use$/],
    ['no class', 'let x = 1;', /^got no class with a name/],
    [
      'a fetch',
      allocating("fetch('data:,x').catch(() => {}); return this.words[0]++;"),
      /threw TypeError: fetch is not there: this page has no network, line 3$/,
    ],
    [
      'a socket',
      allocating("new WebSocket('ws://x'); return this.words[0]++;"),
      /threw TypeError: WebSocket is not there.*, line 3$/,
    ],
    ['a request', allocating('new XMLHttpRequest(); return this.words[0]++;'), /XMLHttpRequest is not there/],
    ['a script', allocating("importScripts('x.js'); return this.words[0]++;"), /importScripts is not there/],
    ['a later import', allocating("import('./x.js'); return this.words[0]++;"), /^got an import/],
    [
      'an asynchronous class',
      'class Mine {\n  words = new Int32Array(4);\n  async allocate() { return 1; }\n  free() {}\n}',
      /returned \[object Promise\]/,
    ],
    ['an import', "import x from './x.js';\nclass Mine {}", /^got an import/],
    [
      'a class that cannot do it',
      'class Mine { words = new Int32Array(4); }',
      /^got Mine, expected a class with allocate\(\) and free/,
    ],
    ['no typed array', 'class Mine { n = 0; allocate() { return this.n++; } free() {} }', /typed array/],
    ['eval', allocating("return eval('1');"), /^Mine\.allocate\(\) threw EvalError/],
  ] as const;
  test.each(withinBudget(told, { least: 2 }))('%s is told', async (_, code, message) => {
    const { tab, complaints } = await open('#trace');
    await runs(tab, code);
    // Where it ran instead, its table says so: not a wait without an end.
    await tab.waitForSelector('.error, h2:text("beside ours")');
    expect(await tab.locator('.error').allTextContents()).toEqual([expect.stringMatching(message)]);
    expect(complaints).toEqual([]);
  });

  test('a loop without an end leaves the page usable, Stop ends it, and else its time does', async () => {
    const { tab, complaints } = await open('#trace', { isOwn: true }); // for its clock
    await runs(tab, allocating('for (;;);'));
    await tab.waitForSelector('text="Stop"');
    await tab.click('summary:text("Nothing leaves this page")');
    expect(await tab.isVisible('.policy')).toBe(true);
    await tab.click('text="Stop"');
    await tab.waitForSelector('text="Stop"', { state: 'detached' });
    expect(await tab.isVisible('.error')).toBe(false);
    await tab.clock.install(); // or it would take all of the time, on one CPU
    await runs(tab, allocating('for (;;);'));
    await tab.waitForSelector('text="Stop"');
    await tab.clock.fastForward(10_000);
    await tab.waitForSelector('.error');
    expect(await tab.textContent('.error')).toMatch(/took more than 10 s and was ended/);
    await runs(tab, allocating('return this.words[0]++;'));
    await tab.waitForSelector('h2:text("Mine beside ours")');
    // What went wrong stands in the form of the class, and no results of the class before below it.
    await runs(tab, 'let x = 1;');
    await tab.waitForSelector('.paste-class .error');
    await runs(tab, allocating('return 5;'));
    await tab.waitForSelector('.paste-class .error:text("in use")');
    expect(await tab.locator('h2:text("beside ours")').count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  test('what is typed as a number stays, and is told where it is none', async () => {
    const { tab, complaints } = await open('#trace');
    const field = tab.locator('label:has-text("IDs at the same time") input');
    for (const text of ['e', '-1', '', '1.5', '200,001']) {
      await field.fill(text);
      await tab.click('text="Run it beside ours"');
      await tab.waitForSelector('.paste-class .error');
      expect(await field.inputValue()).toBe(text);
      expect(await tab.textContent('.paste-class .error')).toMatch(/^IDs: got .*, expected a whole number/);
    }
    await field.fill('1,000');
    await tab.click('text="Run it beside ours"');
    await tab.waitForSelector('h2:text("Bitmap beside ours")');
    expect(complaints).toEqual([]);
  });
});
