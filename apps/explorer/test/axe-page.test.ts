// The race, the scenes, a checkpoint and a class as axe sees them, light and dark, after their first click.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { BUDGET_SHARE, withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { SCENES } from '../src/scenes/list.ts';
import { installed, usePage } from './support/page.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** What axe finds: rule and place. */
const FOUND = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
  violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html.slice(0, 200))))`;

const HASHES = ['#start', '#timeline', '#race/5', '#race/5.dense', ...SCENES.map(({ name }) => `#scenes/${name}`)];
/** What is there when a view is. */
const COMES: Readonly<Record<string, string>> = { '#start': '.figures', '#timeline': '.ids' };
/** What is clicked first, where it is there. */
const CLICKS = ['.race button.primary', '.choices .show', '.stage button:text("All calls")', '.again button.primary'];
/** What is given to read, and what comes of it. */
const DROPS = [
  ['#checkpoint', 'button:text("Try one with IDs")', '.matrix'],
  ['#trace', 'text="Run it beside ours"', '.trace table'],
] as const;

const THEMES = ['light', 'dark'] as const;

/** Each place in each theme; in a smaller budget some places, each in one of the themes. */
function seenIn<Place>(theme: (typeof THEMES)[number], places: readonly Place[]): Place[] {
  const isTurn = (_: Place, at: number): boolean => THEMES[at % THEMES.length] === theme;
  return BUDGET_SHARE >= 1 ? [...places] : withinBudget(places, { least: 2 }).filter(isTurn);
}

describe.skipIf(!installed)('axe in Chromium', () => {
  const open = usePage();

  test.each(THEMES)('%s: nothing found', async (colorScheme) => {
    const { tab } = await open('', { colorScheme, bypassCSP: true });
    await tab.evaluate(AXE);
    const found: Record<string, unknown> = {};
    for (const hash of seenIn(colorScheme, HASHES)) {
      await tab.evaluate(`location.hash = '${hash}'`);
      if (hash.startsWith('#scenes')) await tab.waitForSelector(`.contents a[href="${hash}"][aria-current]`);
      await tab.waitForSelector(COMES[hash] ?? (hash.startsWith('#scenes') ? '.choices' : '.lanes'));
      for (const click of CLICKS) if ((await tab.locator(click).count()) > 0) await tab.click(click);
      const violations = (await tab.evaluate(FOUND)) as string[];
      if (violations.length > 0) found[hash] = violations;
    }
    for (const [hash, click, comes] of seenIn(colorScheme, DROPS)) {
      await tab.evaluate(`location.hash = '${hash}'`);
      await tab.click(click);
      await tab.waitForSelector(comes);
      await tab.evaluate(`document.querySelectorAll('details').forEach((one) => { one.open = true; })`);
      const violations = (await tab.evaluate(FOUND)) as string[];
      if (violations.length > 0) found[hash] = violations;
    }
    expect(found).toEqual({});
  });
});
