// The report in a real browser: nothing fails, nothing sticks out, everything can be reached, and its numbers are those of the run.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DesignEvaluation, Series, Situation } from '@idspace/evaluation';
import { budget, pairsWithinBudget, withinBudget } from '@idspace/testkit';
import { hasChromium, leaveTab, type Opened, openTab } from '@idspace/testkit/browser';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderClaims } from '../src/claims/claims-report.ts';
import { demo } from '../src/demo/command.ts';
import { renderReport } from '../src/evaluate/report.ts';
import { cellsOf, type ShownTable, shows } from './support/page-numbers.ts';
import { madeUpInput } from './support/report-input.ts';
import { Collector } from './support/run.ts';

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SCHEMES = ['light', 'dark'] as const;
const SIZES = withinBudget(pairsWithinBudget([1440, 1024, 400], SCHEMES), { seed: 2 });

describe.skipIf(!hasChromium('the report in a browser'))('the report in Chromium', () => {
  let report: string;
  let claims: string;
  beforeAll(async () => {
    const input = await madeUpInput();
    report = renderReport(input);
    const claim = {
      source: 'a letter',
      measured: {},
      text: 'One of 2,048 timers takes 360 B in hash-512. '.repeat(8),
      command: 'idspace claims S11',
      condition: 'timers are many, and '.repeat(9),
    };
    claims = renderClaims(
      Array.from({ length: 39 }, (_, i) => ({
        ...claim,
        id: `S${i + 1}`,
        claim: `Claim ${i + 1}`,
        verdict: 'holds only if' as const,
      })),
      'idspace claims --report c.html',
    );
  });
  afterAll(leaveTab);

  /** Opens a page as if it had come from a server. */
  async function open(html: string, options: Parameters<typeof openTab>[0] = {}): Promise<Opened> {
    const opened = await openTab({ viewport: { width: 1440, height: 900 }, ...options });
    await opened.tab.setContent(html);
    return opened;
  }

  test.each(SIZES)('%i px wide, %s: nothing fails or sticks out, axe finds nothing', async (width, scheme) => {
    for (const page of [report, claims]) {
      const { tab, complaints } = await open(page, { viewport: { width, height: 900 }, colorScheme: scheme });
      await tab.evaluate("for (const folded of document.querySelectorAll('details')) folded.open = true");
      // Run in the page, where there is a DOM to measure.
      const measured = (await tab.evaluate(`({
        overhang: document.documentElement.scrollWidth - window.innerWidth,
        figures: [...document.querySelectorAll('figure .plot')].map((plot) => {
          const svg = [...plot.querySelectorAll('svg')].find((one) => one.getBoundingClientRect().width > 0);
          const frame = svg.getBoundingClientRect();
          const out = [...svg.querySelectorAll('text')].filter((text) => {
            const box = text.getBoundingClientRect();
            return box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1 || box.top < frame.top - 1;
          });
          const font = Math.min(...[...svg.querySelectorAll('text')].map((text) => text.getBoundingClientRect().height));
          return { drawn: frame.width > 100 && frame.height > 100 && font > 8, out: out.map((text) => text.textContent) };
        }),
        cut: [...document.querySelectorAll('.scroll')].filter((box) => window.innerWidth < 640 && box.scrollWidth > box.clientWidth + 1).length,
      })`)) as { overhang: number; figures: { drawn: boolean; out: string[] }[]; cut: number };
      expect(measured).toEqual({
        overhang: 0,
        cut: 0,
        figures: measured.figures.map(() => ({ drawn: true, out: [] })),
      });
      expect(measured.figures.length).toBe(page === report ? 14 : 0);
      if (width !== 1024) {
        const found = await tab.evaluate(
          `${AXE}; axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations.map(({ id, nodes }) => id + ' ' + nodes[0].html))`,
        );
        expect(found).toEqual([]);
      }
      expect(complaints).toEqual([]);
    }
  });

  test('the first screen has the sentence, the numbers and the chart', async () => {
    const { tab } = await open(report);
    for (const part of ['h1', '.figures li:last-child', '#restore-time .plot']) {
      const box = await tab.locator(part).boundingBox();
      expect(box!.y + box!.height, part).toBeLessThanOrEqual(900);
    }
  });

  test('charts answer to the keyboard, the pointer and a finger; designs can be switched off', async () => {
    const { tab, complaints } = await open(report);
    const plot = tab.locator('#restore-time .plot');
    await plot.focus();
    for (let i = 0; i < 2; i++) await tab.keyboard.press('ArrowRight');
    expect(await plot.locator('.tip').textContent()).toContain('real CRIU: ID 2 by asking in 64 ms');
    expect(await plot.getByRole('status').textContent()).toContain('ID 2 ');
    expect(await plot.locator('.crosshair').isVisible()).toBe(true);
    await tab.keyboard.press('Escape');
    expect(await plot.locator('.tip').isVisible()).toBe(false);
    const rows = tab.locator('#situations .plot');
    await rows.locator('.wide .dot path').first().hover();
    expect(await rows.locator('.tip').textContent()).toBe(
      'xarray: 200 ns, a win\nhash-scaled-jhash: 250 ns, a win\nhash-512: 300 ns, a win',
    );
    const bars = tab.locator('#misses-lookup .plot');
    await bars.locator('rect').first().hover();
    expect(await bars.locator('.tip').textContent()).toMatch(/^idr: .* misses per lookup/);
    const xarray = tab.locator('#cost .key').getByRole('button', { name: 'xarray', exact: true });
    const shown = tab.locator('#lines-create rect[data-key="xarray"]').first();
    const row = tab.locator('#misses-create tr[data-key^="xarray"]').first();
    for (const on of [false, true]) {
      await xarray.press('Enter');
      expect(await xarray.getAttribute('aria-pressed')).toBe(String(on));
      expect(await shown.isVisible()).toBe(on);
      expect((await row.getAttribute('class'))?.includes('off') ?? false).toBe(!on);
    }
    expect(complaints).toEqual([]);
    const { tab: phone } = await open(report, { viewport: { width: 400, height: 800 }, hasTouch: true });
    const narrow = phone.locator('#memory .plot');
    await narrow.locator('.narrow').tap();
    expect(await narrow.locator('.tip').textContent()).toMatch(/bytes per timer at distance/);
  });

  test('without scripts all is readable; with them a link opens what is folded; a claim has an address', async () => {
    const { tab: plain } = await open(report, { javaScriptEnabled: false });
    expect(await plain.locator('.key li').count()).toBeGreaterThan(8);
    expect(await plain.locator('button').count()).toBe(0);
    const { tab } = await open(claims);
    await tab.evaluate("location.hash = '#S11'");
    expect(await tab.locator('.claim:target h3').textContent()).toContain('Claim 11');
    await tab.keyboard.press('Tab');
  });

  test.each(withinBudget(pairsWithinBudget(SCHEMES, ['the report', 'the page of claims'])))(
    'printed from a %s screen, %s has at most seven pages',
    async (scheme, page) => {
      const { tab } = await open(page === 'the report' ? report : claims, { colorScheme: scheme });
      const paper = await tab.pdf({ preferCSSPageSize: true });
      expect(paper.toString('latin1').match(/\/Type \/Page\b/g)!.length).toBeLessThanOrEqual(7);
    },
  );

  test('the numbers on the page are those of the JSON', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'idspace-page-'));
    try {
      const terminal = { out: new Collector(), err: new Collector(), folder, env: {} };
      await demo({ out: 'page.html', json: true }, terminal, {
        timers: budget(300, 60),
        designs: ['hash-512', 'xarray', 'generational'],
      });
      await checkNumbers(readFileSync(join(folder, 'page.html'), 'utf8'), JSON.parse(terminal.out.text));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    await checkNumbers(
      report,
      JSON.parse(
        JSON.stringify(await madeUpInput(), (_, value) => (typeof value === 'bigint' ? String(value) : value)),
      ),
    );
  });

  async function checkNumbers(html: string, json: DemoJson): Promise<void> {
    const { tab, complaints } = await open(html);
    const tableOf = (selector: string): Promise<ShownTable> =>
      tab.evaluate(`(() => {
        const table = document.querySelector(${JSON.stringify(selector)} + ' table');
        const heads = [...table.querySelectorAll('tbody tr:first-child > *')].map((cell) => cell.dataset.head);
        return { heads, rows: [...table.querySelectorAll('tbody tr')].map((row) => [...row.children].map((cell) => cell.textContent)) };
      })()`);
    const numbers = await tab.locator('.figures b').allTextContents();
    const { plans, evaluation, memory, situations, contention } = json;
    expect(shows(numbers[0]!, plans[0]!.totals.seconds)).toBe(true);
    expect(shows(numbers[1]!, plans[1]!.totals.seconds)).toBe(true);
    const restores = await tableOf('#restore');
    plans.forEach(({ criu, kernel, totals }) => {
      const row = restores.rows.find(([crius, at]) => crius!.split(', ').includes(criu) && at === kernel)!;
      if (totals.outcome === 'hangs') return;
      expect(
        [shows(row[3]!, totals.creates), shows(row[4]!, totals.deletes), shows(row[5]!, totals.seconds)],
        `${criu} ${kernel}`,
      ).toEqual([true, true, true]);
    });
    /** Compares a table's cells, by name of the row. */
    const check = async <T>(
      selector: string,
      ofAll: readonly T[],
      name: (one: T) => string,
      values: Record<string, (one: T) => number>,
    ): Promise<void> => {
      const table = await tableOf(selector);
      for (const one of ofAll) {
        const cells = cellsOf(table, name(one), Object.keys(values));
        Object.entries(values).forEach(([head, value], i) => {
          const shown = cells[i];
          // A column of zeros is a sentence.
          const right = shown === undefined ? value(one) === 0 : shows(shown, value(one));
          expect(right, `${selector}, ${name(one)}, ${head}: got ${shown}, expected ${value(one)}`).toBe(true);
        });
      }
    };
    const design = (one: { design: string }): string => one.design;
    for (const operation of ['create', 'lookup', 'lookupRandom', 'delete'] as const) {
      await check<DesignEvaluation>(`#misses-${operation}`, evaluation.designs, design, {
        D1: (one) => one[operation]!.d1Misses,
        LLd: (one) => one[operation]!.llMisses,
      });
      if (operation === 'lookupRandom') continue;
      await check<DesignEvaluation>(`#lines-${operation}`, evaluation.designs, design, {
        all: (one) => one[operation].linesTouched,
        table: (one) => one[operation].by.table.linesTouched,
        timer: (one) => one[operation].by.timer.linesTouched,
      });
    }
    await check<DesignEvaluation>('#holes > details', evaluation.designs, design, {
      'Highest ID': (one) => one.churn.highestId,
      'of them: lost': (one) => one.churn.lost,
      'By dance: time': (one) => one.restore.dance.seconds,
      'By ID time': (one) => one.restore.byId.seconds,
    });
    const bytes = await tableOf('#memory');
    for (const { design: name, points } of memory) {
      for (const { x, y } of points) {
        const [shown] = cellsOf(bytes, x.toLocaleString('en-US'), [name]);
        expect(shows(shown!, y), `${name} at ${x}: ${shown}`).toBe(true);
      }
    }
    if (situations.length > 0) {
      await check<Situation>('#situations', situations, ({ name }) => name, {
        'hash-512': ({ ns }) => ns['hash-512'],
        'hash-scaled-jhash': ({ ns }) => ns['hash-scaled-jhash'],
        xarray: ({ ns }) => ns.xarray,
      });
    }
    if (contention !== null) {
      await check<DesignEvaluation>('#lock-waits', contention.designs, (one) => `create in ${one.design}`, {
        hold: ({ create: { locks } }) => locks[0]!.holdNs / 1e9,
        wait: ({ create: { locks } }) => (locks[0]!.acquired * locks[0]!.waitNs) / 1e9,
      });
    }
    expect(complaints).toEqual([]);
  }
});

interface DemoJson {
  plans: {
    criu: string;
    kernel: string;
    totals: { outcome: string; creates: number; deletes: number; seconds: number };
  }[];
  evaluation: { designs: DesignEvaluation[] };
  memory: Series[];
  situations: Situation[];
  contention: { designs: DesignEvaluation[] } | null;
}
