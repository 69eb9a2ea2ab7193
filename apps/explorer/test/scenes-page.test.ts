// The scenes in Chromium: links, guesses, numbers dragged by mouse and by keys, and two CPUs stepped into an endless search.
import { sizeWithinBudget, withinBudget } from '@idspace/testkit';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { DIRECT } from '../src/scenes/counter.ts';
import { SCENES } from '../src/scenes/list.ts';
import { beginning, nextRight } from '../src/scenes/schedule.ts';
import { installed, usePage } from './support/page.ts';

const sentence = async (tab: Page): Promise<string> =>
  (await tab.textContent('.sentence p'))!.replaceAll('\u00a0', ' ');

/** Scenes whose figures are counted again when their slider moves, and what is seen then. */
const SLIDERS: readonly (readonly [string, (tab: Page) => Promise<void>])[] = [
  [
    'locks',
    async (tab) => {
      const wait = (): Promise<string | null> => tab.textContent('.locks dd');
      await tab.waitForSelector('.locks dl[aria-busy=false]');
      const before = await wait();
      await tab.focus('.locks input');
      await tab.keyboard.press('End');
      await tab.waitForSelector('.locks label:has-text("63")');
      await tab.waitForSelector('.locks dl[aria-busy=false]');
      expect(await wait()).not.toBe(before);
    },
  ],
  [
    'strides',
    async (tab) => {
      await tab.focus('.strides input');
      await tab.keyboard.press('End');
      await tab.waitForSelector('.strides thead:has-text("IDs 512 apart")');
      await tab.waitForSelector('.strides tr.xarray td:text("1.29 MiB")');
      expect(await tab.locator('.strides polyline').count()).toBe(3);
    },
  ],
];

describe.skipIf(!installed)('the scenes in Chromium', () => {
  const open = usePage();

  test.each(withinBudget(SCENES, { least: 2, seed: 5 }).map((scene) => [scene.name, scene] as const))(
    '%s: a link opens it, a guess is answered with what Node.js counts, it fits a phone',
    async (name, scene) => {
      const { tab, complaints } = await open(`#scenes/${name}`, { viewport: { width: 360, height: 800 } });
      expect(await tab.textContent('article h2')).toBe(scene.title);
      const { guess, answer } = await scene.told(DIRECT);
      const right = guess?.choices.find((choice) => choice.right)?.text;
      if (right !== undefined) await tab.click(`.choices button:text-is("${right}")`);
      await tab.waitForSelector(`.answer:has-text("${answer.slice(0, 40)}")`);
      expect(await tab.textContent('.answer')).toBe(answer);
      expect(await tab.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      expect(complaints).toEqual([]);
    },
  );

  test('the arrow keys go through the scenes, and the browser’s back button returns', async () => {
    const { tab, complaints } = await open('#scenes');
    await tab.waitForSelector('.choices'); // its effects have run: keys are taken
    const last = sizeWithinBudget(SCENES.length - 1, 2);
    for (const { title } of SCENES.slice(1, last + 1)) {
      await tab.keyboard.press('ArrowRight');
      await tab.waitForSelector(`article h2:text-is("${title}")`);
    }
    await tab.keyboard.press('ArrowLeft');
    await tab.waitForSelector(`article h2:text-is("${SCENES[last - 1]!.title}")`);
    await tab.goBack();
    await tab.waitForSelector(`article h2:text-is("${SCENES[last]!.title}")`);
    expect(complaints).toEqual([]);
  });

  test('a wrong guess is told so, and the right one is marked', async () => {
    const { tab, complaints } = await open('#scenes/lost-holes');
    await tab.click('.choices button:text-is("2")');
    await tab.waitForSelector('[aria-live]:text("Not quite.")');
    expect(await tab.textContent('[data-is=right]')).toBe('✓ 8');
    expect(await tab.textContent('[data-is=wrong]')).toBe('✗ 2');
    expect(complaints).toEqual([]);
  });

  test('numbers of a sentence by keys and by mouse', async () => {
    const { tab, complaints } = await open('#scenes/long-life');
    const rate = tab.getByRole('slider', { name: 'timers a second' });
    expect(await sentence(tab)).toContain('makes 40 timers a second reaches the largest ID in 621 days');
    await rate.focus();
    await tab.keyboard.press('ArrowUp');
    expect(await sentence(tab)).toContain('makes 41 timers');
    await tab.keyboard.press('PageUp');
    expect(await sentence(tab)).toContain('makes 410 timers');
    expect(await rate.getAttribute('aria-valuenow')).toBe('410');
    await tab.keyboard.press('End');
    expect(await sentence(tab)).toContain('makes 10,000 timers a second reaches the largest ID in 2.49 days');
    await tab.keyboard.press('Home');
    const box = (await rate.boundingBox())!;
    await tab.mouse.move(box.x + 3, box.y + 5);
    await tab.mouse.down();
    await tab.mouse.move(box.x + 203, box.y + 5);
    await tab.mouse.up();
    expect(Number(await rate.getAttribute('aria-valuenow'))).toBe(10);
    expect(await tab.textContent('article h2')).toBe('A process that lives long uses up its numbers');
    await tab.click('.presets button:has-text("Java")');
    expect(await sentence(tab)).toContain('makes 200 timers a second reaches the largest ID in 124 days');
    expect(complaints).toEqual([]);
  });

  test('two CPUs, by keys: the right order makes the search endless, and one step back it is not', async () => {
    const { tab, complaints } = await open('#scenes/endless-search');
    for (let next = nextRight(beginning('6.4', 4)); next !== null; next = nextRight(next)) {
      await tab.keyboard.press(String(next.made.at(-1)!.cpu));
    }
    await tab.waitForSelector('[data-outlook=endless]');
    expect(await tab.textContent('.counter')).toContain('-4 (overflowed for a moment)');
    expect(await tab.textContent('.announcement')).toContain('Endless');
    await tab.keyboard.press('Backspace');
    await tab.waitForSelector('[data-outlook=open]');
    await tab.selectOption('.schedule select', '6.5');
    await tab.click('button:text("Step CPU 0")');
    await tab.waitForSelector('button:text("Waits for the lock")[aria-disabled]');
    expect(complaints).toEqual([]);
  });

  test.each(withinBudget(SLIDERS))('%s follow their slider', async (name, follows) => {
    const { tab, complaints } = await open(`#scenes/${name}`);
    await follows(tab);
    expect(complaints).toEqual([]);
  });

  test('the calls of a scene: forwards, back, to the end, and on the timeline', async () => {
    const { tab, complaints } = await open('#scenes/lost-holes');
    await tab.waitForSelector('.choices');
    for (let i = 0; i < 11; i++) await tab.keyboard.press('s');
    expect(await tab.textContent('.announcement')).toBe('timer_delete(5) = 0.');
    expect(await tab.locator('.strip .lost').count()).toBe(3);
    expect(await tab.textContent('.strip [data-next=true] .id')).toBe('8');
    await tab.keyboard.press('b');
    expect(await tab.locator('.strip .lost').count()).toBe(2);
    await tab.click('.stage button:text("All calls")');
    expect(await tab.locator('.strip .live').count()).toBe(8);
    expect(await tab.textContent('.calls li')).toBe('timer_create() = 10');
    // What was said of this scene is not said of the next.
    await tab.click('.steps .next');
    await expect.poll(() => tab.textContent('.announcement')).toBe('');
    await tab.goBack();
    await tab.click('button:text("on the timeline")');
    await tab.waitForSelector('nav a[href="#timeline"][aria-current=page]');
    expect(await tab.evaluate('location.hash')).toContain('c8.d2');
    expect(complaints).toEqual([]);
  });

  test('the focus stays where one is: after an answer, at the last call, and at the heading of the next scene', async () => {
    const { tab, complaints } = await open('#scenes/lost-holes');
    const focused = (): Promise<unknown> => tab.evaluate('document.activeElement.textContent');
    await tab.focus('.choices button');
    await tab.keyboard.press('Enter');
    expect(await focused()).toContain('2');
    await tab.focus('.stage button:text("All calls")');
    await tab.keyboard.press('Enter');
    expect(await focused()).toBe('All calls');
    await tab.focus('.steps .next');
    await tab.keyboard.press('Enter');
    await tab.waitForSelector('article h2:text-is("Lowest free number: holes come back")');
    expect(await focused()).toBe('Lowest free number: holes come back');
    await tab.waitForSelector('.choices .show');
    await tab.focus('.choices .show');
    await tab.keyboard.press('Enter');
    await tab.waitForSelector('.choices .show', { state: 'detached' });
    expect(await focused()).toContain('It gets 2.');
    expect(complaints).toEqual([]);
  });

  test('the dance on dense IDs by hand: the same number every time', async () => {
    const { tab, complaints } = await open('#scenes/endless-dance');
    await tab.click('.again button.primary');
    await tab.click('.again button:text("1,000 times")');
    expect(await tab.textContent('.again')).toContain('1,001 tries; the kernel gave ID 0 every time');
    expect(complaints).toEqual([]);
  });
});
