// idspace evaluate and demo: what they print, and the report they write.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DESIGNS } from '@idspace/posix-timers';
import { BUDGET_SHARE, budget } from '@idspace/testkit';
import { parseHTML } from 'linkedom';
import { afterAll, expect, test } from 'vitest';
import { demo } from '../src/demo/command.ts';
import { Collector, idspace, ROOT } from './support/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'idspace-evaluate-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TIMERS = budget(600, 100);
const SMALL = ['evaluate', '--designs', 'hash-512,xarray', '--timers', String(TIMERS), '--seed', '7'];

test('the JSON has the promised form', async () => {
  const { out, err, exitCode } = await idspace([...SMALL, '--json']);
  expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 });
  const { workload, machine, designs } = JSON.parse(out);
  expect(workload).toMatchObject({ processes: 1, threads: 1, timers: TIMERS, seed: 7 });
  expect(machine).toMatchObject({ cpus: 64, levels: expect.any(Array) });
  expect(designs.map(({ design }: { design: string }) => design)).toEqual(['hash-512', 'xarray']);
  const costs = Object.fromEntries(
    ['refs', 'd1Misses', 'llMisses', 'linesTouched'].map((name) => [name, expect.any(Number)]),
  );
  for (const design of designs) {
    expect(design.bytesPerTimer).toBeGreaterThan(200);
    for (const operation of ['create', 'lookup', 'delete']) {
      expect(design[operation]).toMatchObject({ ...costs, nsPerOp: expect.any(Number) });
      expect(design.js[operation]).toMatchObject(costs);
    }
  }
});

test('the text has a table per question, with seed and geometry, within 100 columns', async () => {
  const { out, exitCode } = await idspace(SMALL);
  expect(exitCode).toBe(0);
  expect(out).toContain(`1 process × 1 thread × ${TIMERS} timers, seed 7`);
  expect(out.replace(/\s+/g, ' ')).toMatch(/L1d \d+ KiB \d+-way 64 B lines/);
  for (const title of ['One create', 'One lookup', 'One delete', 'Memory', 'Locks', 'After', 'JS layout']) {
    expect(out).toContain(title);
  }
  expect(out.match(/NaN|undefined|Infinity/g)).toBeNull();
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
});

test('the report is written where the user stands, and says how to make it again', async () => {
  const { err, exitCode } = await idspace([...SMALL, '--report', 'sub/report.html', '--json'], { folder });
  expect({ err, exitCode }).toEqual({ err: 'Report: sub/report.html\n', exitCode: 0 });
  const page = readFileSync(join(folder, 'sub/report.html'), 'utf8');
  expect(page).toContain('--designs hash-512,xarray');
  expect(page).toContain('--report sub/report.html</code>');
  expect(parseHTML(page).document.querySelectorAll('figure').length).toBe(12);
});

test('a report that cannot be written ends with 3', async () => {
  writeFileSync(join(folder, 'file'), '');
  const { err, exitCode } = await idspace([...SMALL, '--report', 'file/report.html', '--json'], { folder });
  expect(exitCode).toBe(3);
  expect(err).toMatch(/file\/report\.html: got a path through a file, expected a file that can be written/);
});

/** All designs. To compare the three that the verdict is on takes most of the time: that is for the full budget. */
const DEMO_DESIGNS = BUDGET_SHARE < 1 ? (['idr', 'hash-512', 'xarray', 'generational'] as const) : DESIGNS;

test('the demo plans, evaluates, explains itself and writes its report', async () => {
  const terminal = { out: new Collector(), err: new Collector(), folder, env: {} };
  expect(await demo({ out: 'report/index.html' }, terminal, { timers: 600, designs: DEMO_DESIGNS })).toBe(0);
  const { text } = terminal.out;
  expect(text).toMatch(/^A POSIX timer is an alarm clock/);
  expect(text).toMatch(/^4\.2 +6\.1 +ok +2,000,001 +1,999,999 +1\.79 s$/m);
  expect(text.replaceAll(/\s+/g, ' ')).toContain('CRIU 4.2 on Linux 6.18 makes 4 calls instead of 4,000,001');
  for (const design of DEMO_DESIGNS) expect(text).toContain(design);
  expect(text).toMatch(/report\/index\.html, all of this and more with charts/);
  expect(text).toMatch(/Done in [\d.]+ (s|ms)/);
  expect(text.match(/^One lookup, kernel layout$/gm)).toHaveLength(1);
  expect(text).toContain('in creation order');
  expect(text).toContain('in random order');
  expect(text.split('\n').length).toBeLessThanOrEqual(150);
  const lines = text.split('\n').filter((line) => !line.includes(folder) && !line.includes('idspace plan /'));
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  const { document } = parseHTML(readFileSync(join(folder, 'report/index.html'), 'utf8'));
  expect(document.querySelectorAll('figure').length).toBe(BUDGET_SHARE < 1 ? 12 : 14);
  if (BUDGET_SHARE >= 1) {
    expect(document.querySelectorAll('#verdict ul.plain li').length).toBe(2);
    expect(document.querySelectorAll('#verdict tbody tr').length).toBe(8);
  }
  expect(document.querySelectorAll('#restore table tbody tr').length).toBe(6); // seven pairs, two of which differ in the CRIU only
});

test.each([
  [{}, /^ {2}idspace plan \S+criu-ids-1e6-2e6 --kernel 6\.1$/m],
  [{ npm_lifecycle_event: 'npx' }, /^ {2}npx idspace plan /m],
  [
    { npm_lifecycle_event: 'demo' },
    /^ {2}npx --yes pnpm@12 --silent idspace plan apps\/lab\/examples\/criu-ids-1e6-2e6 /m,
  ],
])('started in %j, the demo ends with a command to paste', async (env, command) => {
  const terminal = { out: new Collector(), err: new Collector(), folder: ROOT, env };
  await demo({ out: join(folder, 'paste.html') }, terminal, { timers: 20, designs: ['xarray'] });
  expect(terminal.out.text).toMatch(command);
});

test('the demo as JSON is one document', async () => {
  const terminal = { out: new Collector(), err: new Collector(), folder, env: {} };
  await demo({ out: 'again.html', json: true }, terminal, { timers: 600, designs: ['xarray'] });
  const { plans, evaluation, report } = JSON.parse(terminal.out.text);
  expect(plans[1].totals.creates).toBe(2_000_001);
  expect(evaluation.designs).toHaveLength(1);
  expect(report).toBe(join(folder, 'again.html'));
  expect(terminal.err.text).toBe('');
});
