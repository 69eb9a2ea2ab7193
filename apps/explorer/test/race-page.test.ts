// The race in Chromium: by mouse and by keys, with the planner's counts on the page.
import { describe, expect, test } from 'vitest';
import { lanePlan, lanes } from '../src/race/lanes.ts';
import { planOf } from '../src/race/restore.ts';
import { count } from '../src/shell/number.ts';
import { installed, type Opened, usePage } from './support/page.ts';

const end = (lane: string, how: string): string => `.lane.${lane}[data-end="${how}"]`;

/** What stands in a row of a lane. */
const shown = ({ tab }: Opened, lane: string, name: string): Promise<string | null> =>
  tab.textContent(`.lane.${lane} dt:text-is("${name}") + dd`);

describe.skipIf(!installed)('the race in Chromium', () => {
  const open = usePage();

  test('the published example: every lane shows the counts of its plan', async () => {
    const opened = await open('#race/1000000-2000000.page');
    const { tab, complaints } = opened;
    await tab.click('button:text("Start")');
    for (const [lane, how] of Object.entries({
      dance: 'restored',
      fill: 'limit',
      cursor: 'restored',
      ask: 'restored',
    })) {
      await tab.waitForSelector(end(lane, how));
    }
    for (const lane of lanes('next')) {
      const { creates, deletes } = lanePlan(lane, [1_000_000, 2_000_000]);
      expect(await shown(opened, lane.name, 'Creates')).toBe(`${count(creates)} of ${count(creates)}`);
      expect(await shown(opened, lane.name, 'Deletes')).toBe(`${count(deletes)} of ${count(deletes)}`);
    }
    expect(await shown(opened, 'dance', 'The kernel, in all')).toBe('1.79\u00a0s');
    expect(complaints).toEqual([]);
  });

  test('INT_MAX by keys: it runs, holds, and goes back; the estimate stands beside the running count', async () => {
    const opened = await open('#race/2147483647');
    const { tab, complaints } = opened;
    await tab.keyboard.press('Space');
    await tab.waitForSelector('button:text("Pause")');
    await tab.waitForSelector(end('ask', 'restored'));
    expect(await shown(opened, 'dance', 'The kernel, in all')).toBe('32\u00a0min');
    await tab.keyboard.press('Space');
    await tab.waitForSelector('button:text("Go on")');
    const held = await shown(opened, 'dance', 'Creates');
    expect(held).toMatch(/^[\d,]+ of 2,147,483,648$/);
    await tab.waitForTimeout(100);
    expect(await shown(opened, 'dance', 'Creates')).toBe(held);
    expect(await tab.textContent('[aria-live]')).toBe('The race is paused.');
    await tab.keyboard.press('r');
    await tab.waitForSelector('button:text("Start")');
    expect(await shown(opened, 'dance', 'Creates')).toBe('0 of 2,147,483,648');
    expect(complaints).toEqual([]);
  });

  test('a key pressed in the moment in which the race is on the page starts it', async () => {
    const { tab, complaints } = await open('#scenes');
    await tab.evaluate(`{
      const press = (changes, observer) => {
        if (document.querySelector('.race') === null) return;
        observer.disconnect();
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key: ' ', bubbles: true }));
      };
      new MutationObserver(press).observe(document.body, { childList: true, subtree: true });
      location.hash = '#race/2147483647';
    }`);
    await tab.waitForSelector(end('ask', 'restored'));
    expect(await tab.textContent('button.primary')).toBe('Pause');
    expect(complaints).toEqual([]);
  });

  test('the dance on dense IDs hangs, and says so', async () => {
    const opened = await open('#race/5');
    const { tab, complaints } = opened;
    await tab.selectOption('label:has-text("The dance runs on") select', 'dense');
    expect(await tab.evaluate('location.hash')).toBe('#race/5.dense');
    // The lane is another CRIU's now, and the page says why.
    const { creates } = planOf([5], { kernel: 'dense', criu: '4.1' });
    expect(await tab.textContent('.setup small')).toBe(
      `Here CRIU 3.18 dances, and not 4.1, which gives up after ${creates} creates.`,
    );
    await tab.click('button:text("Start")');
    await tab.waitForSelector(end('dance', 'hangs'));
    expect(await tab.textContent('.lane.dance .end')).toContain('gives ID 0 again and again');
    expect(complaints).toEqual([]);
  });

  test('own IDs are typed in; what is no ID is refused with a reason', async () => {
    const { tab, complaints } = await open('#race');
    const field = tab.locator('label:has-text("Its timer IDs") input');
    await field.fill('7, -1');
    await field.press('Enter');
    await tab.waitForSelector('[role=alert]:has-text("“-1” is no timer ID")');
    expect(await field.inputValue()).toBe('7, -1');
    await field.fill('1,000,000');
    await field.press('Enter');
    expect(await tab.evaluate('location.hash')).toBe('#race/1000000');
    expect(await field.inputValue()).toBe('1,000,000');
    await field.fill('12, 7');
    await field.press('Enter');
    expect(await tab.evaluate('location.hash')).toBe('#race/7-12');
    await tab.click('button:text("Start")');
    await tab.waitForSelector(end('fill', 'restored'));
    expect(complaints).toEqual([]);
  });
});
