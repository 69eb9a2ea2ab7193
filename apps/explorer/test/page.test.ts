// The page opened from disk: every view comes up, fits the screen, asks for nothing and complains of nothing.
import { pairsWithinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { installed, usePage } from './support/page.ts';

const VIEWS = ['start', 'scenes', 'timeline', 'race', 'checkpoint', 'trace'];

describe.skipIf(!installed)('the page in Chromium', () => {
  const open = usePage();

  test.each(pairsWithinBudget([3840, 1440, 1024, 400, 360], ['light', 'dark'] as const))(
    'every view at %i px, %s',
    async (width, colorScheme) => {
      const { tab, complaints } = await open('', { viewport: { width, height: 900 }, colorScheme });
      for (const view of VIEWS) {
        await tab.click(`nav a[href="#${view}"]`);
        await tab.waitForSelector(`nav a[href="#${view}"][aria-current=page]`);
        const overhang = await tab.evaluate('document.documentElement.scrollWidth - innerWidth');
        expect(overhang, `${view} sticks out`).toBeLessThanOrEqual(0);
      }
      expect(complaints).toEqual([]);
      await tab.close();
    },
  );

  test('cannot reach a network, and runs no script but its own', async () => {
    const { tab, complaints } = await open();
    // From within the page: what the browser's debugger evaluates is not under the policy, what it puts into the page is.
    await tab.evaluate(`fetch('data:,x').catch(() => {})`);
    await tab.evaluate(
      `document.body.append(Object.assign(document.createElement('script'), { text: 'window.ran = 1' }))`,
    );
    await expect.poll(() => complaints.filter((text) => /^(connect|script)-src/.test(text)).length).toBe(2);
    expect(await tab.evaluate('window.ran')).toBeUndefined();
    await tab.close();
  });

  test('an unknown view in the URL shows the first', async () => {
    const { tab, complaints } = await open('#nothing/%zz');
    expect(await tab.textContent('h1')).toBe('Start');
    expect(complaints).toEqual([]);
    await tab.close();
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
    await tab.close();
  });

  test('what the page is about can be read without JavaScript', async () => {
    const { tab } = await open('', { javaScriptEnabled: false });
    expect(await tab.isVisible('text=What Linux 6.15 changed')).toBe(true);
    expect(await tab.textContent('noscript')).toContain('JavaScript');
    await tab.close();
  });
});
