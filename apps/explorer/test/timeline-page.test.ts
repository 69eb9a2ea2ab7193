// The timeline in Chromium: clicks and keys, and the numbers on the page are those of the engine in Node.

import { sizeWithinBudget, withinBudget } from '@idspace/testkit';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { fromLink, toLink } from '../src/engine/link.ts';
import { callText } from '../src/engine/machine.ts';
import { type Operation, operation } from '../src/engine/operations.ts';
import { Session } from '../src/engine/session.ts';
import { DEFAULT_SETUP, type Setup } from '../src/engine/setup.ts';
import { bucketsOf, idsOf, locksOf, treeOf } from '../src/engine/views.ts';
import { idInWords } from '../src/panels/id-words.ts';
import { installed, usePage } from './support/page.ts';

const count = async (tab: Page, name: string): Promise<number> =>
  Number((await tab.textContent(`[data-count="${name}"]`))!.replaceAll(',', ''));

/** What the page shows of a session. */
async function expectShown(tab: Page, session: Session): Promise<void> {
  await expect.poll(() => count(tab, 'position')).toBe(session.position);
  const { live, holes, cursor } = idsOf(session);
  expect(await count(tab, 'live')).toBe(live.length);
  expect(await count(tab, 'holes')).toBe(holes);
  if (cursor >= 0) expect(await count(tab, 'cursor')).toBe(cursor);
  const buckets = bucketsOf(session.machine);
  if (buckets !== undefined) expect(await count(tab, 'longest')).toBe(buckets.longest);
  const tree = treeOf(session.machine);
  if (tree !== undefined) expect(await count(tab, 'nodes')).toBe(tree.nodes);
  for (const { name, taken } of locksOf(session.machine))
    expect(await count(tab, `taken-${name.replace(' ', '-')}`)).toBe(taken);
  const { call } = session;
  for (const [level, n] of (call?.cost?.servedBy ?? []).entries()) expect(await count(tab, `served-${level}`)).toBe(n);
  if (call !== null) expect(await tab.textContent('.log li button .what')).toBe(callText(call));
}

const played = (operations: Operation[], setup: Partial<Setup> = {}): Session => {
  const session = new Session({ ...DEFAULT_SETUP, ...setup }, operations);
  session.run();
  return session;
};

/** Kernels, and what is made on each besides what is made on all. */
const SHOWN = [
  ['3.9', []],
  ['6.18', [operation('restore', 3, 5000, 100)]],
  ['xarray', [operation('churn', 30)]],
] as const;

/** What a dance to ID 1,000 comes to. */
const DANCES = [
  ['6.14', [operation('pairs', 950), operation('create')], 'The dance has come to ID 1,000.'],
  ['6.18', [operation('pairs', 950), operation('create')], 'The dance has come to ID 1,000.'],
  ['xarray', [operation('pairs', 10)], 'The dance does not come to ID 1,000: this kernel gave ID 10 every time.'],
  ['restricted:1000', [operation('pairs', 950), operation('create')], 'The dance does not come to ID 1,000'],
] as const;

/** Kernels and CPUs at which a frame is looked at. */
const DRAWN = [
  ['6.18', 64],
  ['xarray', 1],
  ['6.14', 1],
] as const;

const DAMAGED = ['tgarbage', 'z####', 'q', '%zz', `t${'x'.repeat(3000)}`];

describe.skipIf(!installed)('the timeline', () => {
  const open = usePage();

  test('begins with holes, and counts what is clicked', async () => {
    const { tab, complaints } = await open('#timeline', { viewport: { width: 1440, height: 900 } });
    const beginning = [operation('create', 40), operation('delete-random', 15), operation('create', 10)];
    await expectShown(tab, played(beginning));
    await tab.selectOption('.actions select', '100');
    await tab.click('button:text-is("Create")');
    await tab.click('button:text-is("Delete random")');
    await tab.click('button:text-is("Look up random")');
    const clicked = [
      ...beginning.slice(0, 2),
      operation('create', 110),
      operation('delete-random', 100),
      operation('lookup-random', 100),
    ];
    await expectShown(tab, played(clicked));
    await tab.fill('.actions input', '1000000');
    await tab.click('button:text-is("Ask for it")');
    await expectShown(tab, played([...clicked, operation('restore', 1, 1_000_000)]));
    await tab.click('button:text-is("↶ Undo")');
    await expectShown(tab, played(clicked));
    expect(complaints).toEqual([]);
  });

  test.each(withinBudget(SHOWN))('shows kernel %s from a link, and goes on by keys', async (release, more) => {
    const operations = [operation('create', 200), operation('delete', 50, 1, 3), ...more];
    const session = played(operations, { release });
    const { tab, complaints } = await open(`#timeline/${await toLink(session.state)}`);
    await expectShown(tab, session);
    await tab.keyboard.press('c');
    const longer = played([...operations, operation('create')], { release });
    await expectShown(tab, longer);
    await tab.keyboard.press('ArrowUp');
    longer.backCall();
    await expectShown(tab, longer);
    await tab.keyboard.press('Home');
    await expect.poll(() => count(tab, 'position')).toBe(0);
    await tab.keyboard.press('ArrowDown');
    for (let i = 0; i < 5; i++) await tab.keyboard.press('ArrowRight');
    await expect
      .poll(() => tab.textContent('[role=status]'))
      .toMatch(/^Call 2: timer_create\(\) = 1\. Access 5 of \d+: /);
    await tab.keyboard.press('End');
    await expect.poll(() => count(tab, 'position')).toBe(longer.length);
    await tab.keyboard.press('?');
    await tab.waitForSelector('dialog.keys[open]');
    expect(await tab.textContent('dialog.keys')).toContain('one access back');
    expect(complaints).toEqual([]);
  });

  test('a list, a slider and the list of keys keep their keys', async () => {
    const { tab, complaints } = await open('#timeline');
    await expect.poll(() => count(tab, 'position')).toBe(65);
    await tab.focus('.setup select');
    for (const key of ['c', 'l', 'u', 'End']) await tab.keyboard.press(key);
    await tab.focus('.player label:has-text("Speed") input');
    await tab.keyboard.press('Home');
    await tab.focus('.actions button');
    await tab.keyboard.press('?');
    await tab.waitForSelector('dialog.keys[open]');
    await tab.keyboard.press('c');
    await tab.keyboard.press('Escape');
    expect(await count(tab, 'position')).toBe(65);
    await tab.focus('button:text-is("▶|")');
    await tab.keyboard.press('c');
    expect(await count(tab, 'position')).toBe(66);
    expect(complaints).toEqual([]);
  });

  test('the focus stays on a button that has nothing more to do', async () => {
    const { tab, complaints } = await open('#timeline');
    await expect.poll(() => count(tab, 'position')).toBe(65);
    for (const label of ['|◀', '▶|']) {
      await tab.focus(`button:text-is("${label}")`);
      await tab.keyboard.press('Enter');
      await tab.waitForSelector(`button:text-is("${label}")[aria-disabled]`);
      expect(await tab.evaluate('document.activeElement.textContent')).toBe(label);
    }
    expect(complaints).toEqual([]);
  });

  test('says that a kernel cannot be asked for an ID, and takes an ID as the page writes it', async () => {
    const { tab, complaints } = await open('#timeline');
    await expect.poll(() => count(tab, 'position')).toBe(65);
    await tab.fill('.actions input', 'e?');
    await tab.waitForSelector('.actions input[aria-invalid=true]');
    await tab.fill('.actions input', '1,000');
    await tab.click('button:text-is("Ask for it")');
    await expect
      .poll(() => tab.textContent('[role=status]'))
      .toContain('This kernel cannot be asked for an ID: the timer got 50, not 1,000.');
    expect(await tab.textContent('.log li:nth-child(2)')).toContain('not the ID asked for');
    await tab.selectOption('.setup select', '6.18');
    await expect
      .poll(() => tab.textContent('[role=status]'))
      .toContain('The kernel was asked for ID 1,000, and gave it.');
    expect(complaints).toEqual([]);
  });

  test.each(withinBudget(DANCES))('dances to an ID on %s', async (release, dance, words) => {
    const beginning = [operation('create', 50), operation('delete', 5, 10)]; // not what the view begins with
    const before = played(beginning, { release });
    const { tab, complaints } = await open(`#timeline/${await toLink(before.state)}`);
    await expectShown(tab, before);
    await tab.click('button:text-is("Dance to it")');
    await expectShown(tab, played([...beginning, ...dance], { release }));
    await expect.poll(() => tab.textContent('[role=status]')).toContain(words);
    await tab.click('button:text-is("↶ Undo")');
    await expectShown(tab, before);
    expect(complaints).toEqual([]);
  });

  test('plays by itself and stops at the end', async () => {
    const session = new Session(DEFAULT_SETUP, [operation('create', 300)]);
    const { tab, complaints } = await open(`#timeline/${await toLink(session.state)}`);
    await expect.poll(() => count(tab, 'position')).toBe(0);
    for (let i = 0; i < 3; i++) await tab.keyboard.press(']');
    await tab.keyboard.press(' ');
    await expect.poll(() => count(tab, 'position')).toBe(300);
    await tab.waitForSelector('button:text("Play")');
    expect(complaints).toEqual([]);
  });

  // Twice as many as a frame may draw, or more: a frame that draws each of them fails.
  const many = sizeWithinBudget(100_000, 10_000);
  test.each(withinBudget(DRAWN))(
    `a frame at ${many} timers on %s is little work, whatever the machine`,
    async (release, cpus) => {
      const operations = [operation('limit', 1, 2 * many), operation('create', many), operation('churn', 100)];
      const last = many + 101;
      const state = { setup: { ...DEFAULT_SETUP, release, cpus }, operations, position: last, access: 0 };
      const { tab, complaints } = await open(`#timeline/${await toLink(state)}`, {
        viewport: { width: 1440, height: 900 },
      });
      await expect.poll(() => count(tab, 'position')).toBe(last);
      await tab.evaluate(`(() => {
      const { prototype } = CanvasRenderingContext2D;
      window.work = { drawn: 0, changed: 0 };
      for (const name of ['fillRect', 'strokeRect', 'fill', 'stroke', 'fillText']) {
        const usual = prototype[name];
        prototype[name] = function (...given) { work.drawn++; return usual.apply(this, given); };
      }
      new MutationObserver((all) => { work.changed += all.length; })
        .observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
    })()`);
      await tab.keyboard.press('ArrowDown');
      await expect.poll(() => count(tab, 'position')).toBe(last + 1);
      await tab.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
      const { drawn, changed } = (await tab.evaluate('work')) as { drawn: number; changed: number };
      expect(drawn).toBeLessThan(5000);
      expect(changed).toBeLessThan(300);
      expect(complaints).toEqual([]);
    },
  );

  test('a click in the log goes there, and the URL keeps where one is', async () => {
    const session = played([operation('create', 20)]);
    const { tab, complaints } = await open(`#timeline/${await toLink(session.state)}`);
    await tab.click('.log li:nth-child(6) button');
    await expect.poll(() => count(tab, 'position')).toBe(15);
    await expect
      .poll(async () => {
        const [, link] = ((await tab.evaluate('location.hash')) as string).split('timeline/');
        return (await fromLink(link!)).position;
      })
      .toBe(15);
    await tab.reload();
    await expect.poll(() => count(tab, 'position')).toBe(15);
    expect(complaints).toEqual([]);
  });

  test('an example stays chosen until other calls are made', async () => {
    const { tab, complaints } = await open('#timeline');
    await expect.poll(() => count(tab, 'position')).toBe(65);
    const chosen = (): Promise<string> => tab.inputValue('.example select');
    expect(await chosen()).toBe('0');
    await tab.selectOption('.example select', '1');
    await expect.poll(() => count(tab, 'nodes')).toBe(1);
    expect(await chosen()).toBe('1');
    await tab.click('button:text-is("Create")');
    await expect.poll(() => count(tab, 'position')).toBe(66);
    expect(await chosen()).toBe('-1');
    expect(complaints).toEqual([]);
  });

  test('an ID is told by keys and by the pointer', async () => {
    const { tab, complaints } = await open('#timeline', { viewport: { width: 1440, height: 900 } });
    const session = played([operation('create', 40), operation('delete-random', 15), operation('create', 10)]);
    await expectShown(tab, session);
    const told = (): Promise<string | null> => tab.textContent('.ids .told');
    await tab.getByRole('slider', { name: 'ID', exact: true }).focus();
    for (const [key, id] of [
      ['Home', 0],
      ['ArrowRight', 1],
      ['PageUp', 257],
      ['ArrowLeft', 256],
    ] as const) {
      await tab.keyboard.press(key);
      await expect.poll(told).toBe(idInWords(session, id));
    }
    await tab.click('button:text-is("Follow the calls")');
    await expect.poll(told).toBe(idInWords(session, 49));
    const row = (await tab.locator('.ids canvas').nth(1).boundingBox())!;
    await tab.mouse.move(row.x + (10.5 * row.width) / 256, row.y + 20);
    await expect.poll(told).toBe(idInWords(session, 10));
    await tab.mouse.click(row.x + (20.5 * row.width) / 256, row.y + 20);
    await tab.mouse.move(0, 0);
    await expect.poll(told).toBe(idInWords(session, 20));
    await tab.getByRole('slider', { name: 'bucket' }).focus();
    await tab.keyboard.press('End');
    await expect.poll(() => tab.textContent('.hash .chain')).toMatch(/^Bucket 511, chosen: /);
    expect(complaints).toEqual([]);
  });

  test('a second kernel gets the same operations', async () => {
    const session = played([operation('create', 30), operation('delete-random', 10), operation('create', 3)], {
      beside: 'xarray',
    });
    const other = played([...session.operations], { release: 'xarray' });
    const { tab, complaints } = await open(`#timeline/${await toLink(session.state)}`);
    const cells = async (name: string): Promise<(string | null)[]> =>
      tab.locator('.cost tr', { hasText: name }).locator('td').allTextContents();
    await expect.poll(() => cells('accesses')).toEqual([`${session.call!.cost!.refs}`, `${other.call!.cost!.refs}`]);
    expect(await cells('holes')).toEqual([`${idsOf(session).holes}`, `${idsOf(other).holes}`]);
    // Its tables are drawn, too.
    expect(await tab.locator('.tables h2').allTextContents()).toEqual([
      'Hash table, Linux 6.14',
      'Radix tree, proposed: lowest free ID, or on request',
    ]);
    expect(complaints).toEqual([]);
  });

  test.each(withinBudget(DAMAGED))('a damaged link says so: %s', async (link) => {
    const { tab, complaints } = await open(`#timeline/${link}`);
    await expect.poll(() => tab.textContent('[role=alert]')).toContain('This link cannot be read:');
    await expect.poll(() => count(tab, 'live')).toBe(35); // played in slices, like everything that is long
    expect(complaints).toEqual([]);
  });

  test('"copy as test" gives the text of the engine, to be copied where the clipboard is closed', async () => {
    const { tab } = await open('#timeline');
    await tab.evaluate(
      `Object.defineProperty(navigator, 'clipboard', { value: { writeText: () => Promise.reject(new Error('closed')) } })`,
    );
    await tab.click('button:text-is("Copy as test")');
    const text = await tab.inputValue('.shown textarea');
    expect(text).toContain("test('on 6.14: create 40 timers, then delete 15 random timers, then create 10 timers'");
    await tab.click('button:text-is("Copy link")');
    await expect.poll(() => tab.inputValue('.shown textarea')).toMatch(/^file:.*index\.html#timeline\/t6\.14~/);
  });
});
