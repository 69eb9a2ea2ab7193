// The report in a real browser, on a wide and on a narrow screen, light and dark: nothing fails, nothing sticks out.
import { existsSync } from 'node:fs';
import { readCheckpoint } from '@idspace/restore-planner';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { renderReport } from '../src/evaluate/report.ts';
import { EXAMPLE_CHECKPOINT } from '../src/installed.ts';
import { planPairings, STORY } from '../src/plan/compare.ts';
import { madeUpEvaluation, madeUpMemory, madeUpSituations } from './support/evaluation.ts';

const CHROMIUM = '/usr/bin/chromium';
const installed = existsSync(CHROMIUM);
if (!installed) console.warn(`SKIPPED: the report in a browser, for want of ${CHROMIUM} (apt-get install -y chromium)`);

const QUIET = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'];

describe.skipIf(!installed)('the report in Chromium', () => {
  let browser: Browser;
  let page: string;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM, args: [...QUIET, '--disable-component-update'] });
    page = renderReport({
      evaluation: madeUpEvaluation(),
      situations: madeUpSituations(),
      memory: madeUpMemory(),
      plans: planPairings(await readCheckpoint(EXAMPLE_CHECKPOINT), STORY),
      command: 'idspace demo',
      version: '1.2.3',
    });
  });
  afterAll(() => browser?.close());

  test.each([
    [1280, 'light'],
    [1280, 'dark'],
    [390, 'light'],
  ] as const)('%i px wide, %s', async (width, colorScheme) => {
    const tab = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const complaints: string[] = [];
    tab.on('console', (message) => complaints.push(message.text()));
    tab.on('pageerror', (error) => complaints.push(String(error)));
    tab.on('request', (request) => complaints.push(request.url()));
    await tab.setContent(page);
    // Run in the page, where there is a DOM to measure.
    const measured = (await tab.evaluate(`({
      overhang: document.documentElement.scrollWidth - window.innerWidth,
      figures: [...document.querySelectorAll('figure svg')].map((svg) => {
        const frame = svg.getBoundingClientRect();
        const out = [...svg.querySelectorAll('text')].filter((text) => {
          const box = text.getBoundingClientRect();
          return box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1;
        });
        return { drawn: frame.width > 100 && frame.height > 100, out: out.map((text) => text.textContent) };
      }),
    })`)) as { overhang: number; figures: { drawn: boolean; out: string[] }[] };
    expect(complaints).toEqual([]);
    expect(measured.overhang).toBeLessThanOrEqual(0);
    expect(measured.figures).toEqual(measured.figures.map(() => ({ drawn: true, out: [] })));
    expect(measured.figures.length).toBe(9);
    await tab.close();
  });
});
