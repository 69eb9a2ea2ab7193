// Every button of every view by keyboard: what it does may take it off the page, but never the focus.
import { BUDGET_SHARE, withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { SCENES } from '../src/scenes/list.ts';
import { installed, usePage } from './support/page.ts';

/** Views, with what is clicked first so that all their buttons are there. */
const VIEWS: readonly (readonly [hash: string, ready: string, first: string])[] = [
  ['#start', '.figures', ''],
  ['#timeline', '.ids', ''],
  ['#race/5', '.lanes', ''],
  ['#checkpoint', '.drop-zone', 'button:text("Try timers")'],
  ['#trace', '.paste-class', ''],
  ...SCENES.map(({ name }) => [`#scenes/${name}`, '.choices', ''] as const),
];

/** Buttons that end in a picker or a download of the browser, and those of the frame. */
const LEFT_OUT = /^(Choose a |Save as JSON|Theme|\?|Skip)/;

/** How many buttons of a kind are pressed: a log has one for each call, a matrix one for each pair. */
const OF_A_KIND = BUDGET_SHARE >= 1 ? Number.POSITIVE_INFINITY : 1;

/** A label without its numbers: buttons of a list that do the same are of one kind. */
const kindOf = (label: string): string => label.replace(/\d[\d,.]*/g, '#');

describe.skipIf(!installed)('the focus', () => {
  const open = usePage();

  test.each(withinBudget(VIEWS, { least: 4 }))('%s: is never lost', async (hash, ready, first) => {
    const { tab, complaints } = await open(hash);
    await tab.waitForSelector(ready);
    if (first !== '') {
      await tab.click(first);
      await tab.waitForSelector('.matrix');
    }
    const lost: string[] = [];
    const pressed = new Map<string, number>();
    const buttons = tab.locator('main button:visible');
    // By number: what a button does may change how many there are.
    for (let i = 0; i < Math.min(await buttons.count(), 60); i++) {
      const label = ((await buttons.nth(i).textContent()) ?? '').trim();
      const kind = kindOf(label);
      const before = pressed.get(kind) ?? 0;
      if (LEFT_OUT.test(label) || before >= OF_A_KIND) continue;
      pressed.set(kind, before + 1);
      await buttons.nth(i).focus();
      await tab.keyboard.press('Enter');
      await tab.evaluate('new Promise((done) => requestAnimationFrame(() => setTimeout(done)))');
      if ((await tab.evaluate('document.activeElement === document.body')) === true) lost.push(label);
      if (((await tab.evaluate('location.hash')) as string).split('/')[0] !== hash.split('/')[0]) await tab.goBack();
      await tab.waitForSelector(ready);
      await tab.keyboard.press('Escape');
    }
    expect(lost).toEqual([]);
    expect(complaints).toEqual([]);
  });
});
