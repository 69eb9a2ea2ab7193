// The page opened from disk: every view comes up, fits the screen, asks for nothing and complains of nothing.
import { pairsWithinBudget, withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { EXAMPLE_IDS, INT_MAX, planOf } from '../src/race/restore.ts';
import { GLOSSARY } from '../src/shell/glossary.ts';
import { duration } from '../src/shell/number.ts';
import { installed, usePage } from './support/page.ts';

const SCREENS = pairsWithinBudget([3840, 1440, 1024, 400, 360], ['light', 'dark'] as const);
const VIEWS = ['start', 'scenes', 'timeline', 'race', 'checkpoint', 'trace'];

describe.skipIf(!installed)('the page in Chromium', () => {
  const open = usePage();

  test.each(withinBudget(SCREENS, { least: 2 }))('every view at %i px, %s', async (width, colorScheme) => {
    const { tab, complaints } = await open('', { viewport: { width, height: 900 }, colorScheme });
    for (const view of VIEWS) {
      await tab.click(`nav a[href="#${view}"]`);
      await tab.waitForSelector(`nav a[href="#${view}"][aria-current=page]`);
      const overhang = await tab.evaluate('document.documentElement.scrollWidth - innerWidth');
      expect(overhang, `${view} sticks out`).toBeLessThanOrEqual(0);
    }
    expect(complaints).toEqual([]);
  });

  test('cannot reach a network, and runs no script but its own', async () => {
    const { tab, complaints } = await open();
    // From within the page: what the browser's debugger evaluates is not under the policy, what it puts into the page is.
    await tab.evaluate(`fetch('data:,x').catch(() => {})`);
    await tab.evaluate(
      `document.body.append(Object.assign(document.createElement('script'), { text: 'window.ran = 1' }))`,
    );
    await expect.poll(() => complaints.filter((text) => /^(connect|script)-src/.test(text)).length).toBe(2);
    expect(await tab.evaluate('window.ran')).toBeUndefined();
  });

  test('on paper there is no bar over every page, and no navigation', async () => {
    const { tab } = await open('#start');
    await tab.waitForSelector('.figures');
    await tab.emulateMedia({ media: 'print' });
    for (const selector of ['.announcement', '.head nav', '.tools']) expect(await tab.isHidden(selector)).toBe(true);
    expect(await tab.isVisible('.figures')).toBe(true);
  });

  test('an unknown view in the URL shows the first', async () => {
    const { tab, complaints } = await open('#nothing/%zz');
    expect(await tab.textContent('h1')).toBe('Start');
    expect(complaints).toEqual([]);
  });

  test('the keys are listed, and the theme changes', async () => {
    const { tab, complaints } = await open('', { colorScheme: 'light' });
    await tab.keyboard.press('?');
    await tab.waitForSelector('dialog.keys[open]');
    await tab.keyboard.press('Escape');
    await tab.waitForSelector('dialog.keys', { state: 'hidden' });
    const paper = (): Promise<unknown> => tab.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    const light = await paper();
    await tab.click('button:text("Theme: system")');
    expect(await paper()).toBe(light);
    await tab.click('button:text("Theme: light")');
    expect(await paper()).not.toBe(light);
    expect(complaints).toEqual([]);
  });

  test('a word is explained beside it, by click and by keys, and the focus returns', async () => {
    const { tab, complaints } = await open('#timeline');
    for (const [place, word, ask] of [
      ['.locks', 'siglock', (): Promise<void> => tab.click('.locks .term:text-is("siglock")')],
      ['.cost', 'cache lines', (): Promise<void> => tab.keyboard.press('Enter')],
    ] as const) {
      const term = tab.locator(`${place} .term`, { hasText: word });
      await term.focus();
      await ask();
      await tab.waitForSelector('#meaning:popover-open');
      expect(await tab.textContent('#meaning')).toContain(
        word === 'siglock' ? GLOSSARY.siglock : GLOSSARY['cache line'],
      );
      await tab.keyboard.press('Escape');
      await tab.waitForSelector('#meaning:not(:popover-open)', { state: 'attached' });
      await expect.poll(() => tab.evaluate('document.activeElement.textContent')).toBe(word);
    }
    expect(complaints).toEqual([]);
  });

  test('begins with four restores, as planned', async () => {
    const { tab, complaints } = await open();
    const planned = [
      planOf(EXAMPLE_IDS, { kernel: '6.18', criu: '4.2' }),
      planOf(EXAMPLE_IDS, { kernel: '6.14', criu: '4.1' }),
      planOf([INT_MAX], { kernel: '6.14', criu: '4.1' }),
    ].map(({ seconds }) => duration(seconds));
    await tab.waitForSelector('.figures');
    expect(await tab.locator('.figures b').allTextContents()).toEqual([...planned, 'never ends']);
    expect(planOf(EXAMPLE_IDS, { kernel: 'dense', criu: '3.18' }).outcome).toBe('hangs');
    await tab.click('.figures a >> nth=2');
    await tab.waitForSelector('article h2:text("half an hour")');
    expect(complaints).toEqual([]);
  });

  test('what the page is about can be read without JavaScript', async () => {
    const { tab } = await open('', { javaScriptEnabled: false });
    expect(await tab.isVisible('text=What Linux 6.15 changed')).toBe(true);
    expect(await tab.textContent('noscript')).toContain('JavaScript');
  });
});
