// Frames per second of the timeline at 100,000 timers, while it plays 10⁶ × a call a second: prints them for each kernel, and what the
// page's thread takes for a frame, which a busy machine does not change. Needs Chromium.
//
//   node --conditions=@idspace/source --import tsx apps/explorer/bench/frames.ts
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { toLink } from '../src/engine/link.ts';
import { operation } from '../src/engine/operations.ts';
import { DEFAULT_SETUP } from '../src/engine/setup.ts';
import { buildPage } from '../test/support/page.ts';

const TIMERS = 100_000;
const SECONDS = 4;

const folder = mkdtempSync(join(tmpdir(), 'idspace-frames-'));
const url = pathToFileURL(await buildPage(folder)).href;
const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-sync',
    '--disable-component-update',
  ],
});
for (const [release, cpus] of [
  ['6.18', 64],
  ['xarray', 1],
  ['6.14', 1],
] as const) {
  const operations = [operation('limit', 1, 2 * TIMERS), operation('create', TIMERS), operation('churn', 1_000_000)];
  const state = { setup: { ...DEFAULT_SETUP, release, cpus }, operations, position: TIMERS + 1, access: 0 };
  const tab = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await tab.goto(`${url}#timeline/${await toLink(state)}`);
  const there = (TIMERS + 1).toLocaleString('en');
  while ((await tab.textContent('[data-count=position]')) !== there) await tab.waitForTimeout(50);
  for (let i = 0; i < 6; i++) await tab.keyboard.press(']');
  await tab.keyboard.press(' ');
  const session = await tab.context().newCDPSession(tab);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const busy = async (): Promise<number> => {
    const { metrics } = await session.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')!.value * 1000;
  };
  const before = await busy();
  const seen = await tab.evaluate<{ frames: number; calls: number; longest: number }>(`new Promise((done) => {
    const position = () => Number(document.querySelector('[data-count=position]').textContent.replaceAll(',', ''));
    const [start, before] = [performance.now(), position()];
    let [frames, longest, last] = [0, 0, start];
    const frame = (time) => {
      frames++;
      longest = Math.max(longest, time - last);
      last = time;
      if (time - start < ${SECONDS * 1000}) requestAnimationFrame(frame);
      else done({ frames, longest, calls: position() - before });
    };
    requestAnimationFrame(frame);
  })`);
  const cpu = ((await busy()) - before) / seen.frames;
  const perSecond = (n: number): string => Math.round(n / SECONDS).toLocaleString('en');
  console.log(
    `${release.padEnd(8)} ${perSecond(seen.frames)} frames/s, ${cpu.toFixed(1)} ms of CPU a frame, ${perSecond(seen.calls)} calls/s, longest frame ${Math.round(seen.longest)} ms`,
  );
  await tab.close();
}
await browser.close();
rmSync(folder, { recursive: true, force: true });
