// The README's promises: its commands are there, and what it shows of `demo` is what `demo` prints.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { demo } from '../apps/lab/src/demo/command.ts';
import { lookupsExhibit } from '../apps/lab/src/evaluate/operation-exhibit.ts';
import { exhibitText } from '../apps/lab/src/format/exhibit-text.ts';
import { Collector } from '../apps/lab/test/support/run.ts';
import { evaluate } from '../packages/evaluation/src/index.ts';
import { BUDGET_SHARE } from '../packages/testkit/src/index.ts';
import { packages, ROOT } from './support/workspace.ts';

const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const scripts = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> })
  .scripts;
const folder = mkdtempSync(join(tmpdir(), 'idspace-readme-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('every pnpm script the README names exists', () => {
  const named = [...readme.matchAll(/pnpm(?:@12)?(?: --silent)? ([a-z-]+)/g)].map((match) => match[1]!);
  expect(named).toContain('demo');
  const builtIn = ['pack'];
  expect(named.filter((name) => !(name in scripts) && !builtIn.includes(name))).toEqual([]);
});

test('every link inside the repository leads somewhere, and every package has a README', () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map((match) => match[1]!);
  expect(links.filter((link) => !existsSync(join(ROOT, link)))).toEqual([]);
  expect(packages.filter(({ path }) => !existsSync(join(path, 'README.md')))).toEqual([]);
});

test('what the README shows of plans runs, and the gate trips as it says', () => {
  const calls = [...readme.matchAll(/^pnpm --silent idspace (plan|probe) ([^#\n]*?) *#(.*)$/gm)];
  expect(calls.length).toBeGreaterThan(3);
  for (const [line, command, rest, comment] of calls) {
    const [args, target] = rest!.split(' > ');
    const words = args!.replace('node.json', join(folder, 'node.json')).split(' ');
    // biome-ignore format: what belongs together stands in a row
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(ROOT, 'apps/lab/dist/cli.js'), command!, ...words],
      {
        cwd: ROOT, encoding: 'utf8',
      },
    );
    expect({ line, status, stderr }).toMatchObject({ status: Number(/exit code (\d)/.exec(comment!)?.[1] ?? 0) });
    if (target !== undefined) writeFileSync(join(folder, target), stdout);
  }
});

/**
 * Runs the demo as it is built in the full budget; otherwise a small one from the sources, with the table that the docs show
 * of the large one: of the design that is quick to count.
 */
async function printedBy(page: string): Promise<string> {
  if (BUDGET_SHARE >= 1) {
    const command = [join(ROOT, 'apps/lab/dist/cli.js'), 'demo', '--out', basename(page)];
    // In the folder of the page: a long name of it takes more lines.
    const cwd = dirname(page);
    return execFileSync(process.execPath, command, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  }
  const terminal = { out: new Collector(), err: new Collector(), folder: ROOT, env: {} };
  expect(await demo({ out: page }, terminal, { timers: 20, designs: ['xarray'] })).toBe(0);
  const evaluation = evaluate({ designs: ['xarray'] });
  return `${terminal.out.text}\n${exhibitText(lookupsExhibit(evaluation), terminal)}`;
}

test('demo prints what README and docs show of it in 60 lines, and writes one self-contained page', async () => {
  const page = join(folder, 'index.html');
  const printed = await printedBy(page);
  if (BUDGET_SHARE >= 1) expect(printed.trimEnd().split('\n').length).toBeLessThanOrEqual(60);
  // Columns are as wide as the designs that are shown need.
  const linesOf = (text: string): string[] => text.split('\n').map((line) => line.trim().replace(/\s+/g, ' '));
  const lines = new Set(linesOf(printed));
  const isSlow = (line: string): boolean => BUDGET_SHARE < 1 && line.startsWith('hash-');
  const docs = readFileSync(join(ROOT, 'apps/lab/docs/evaluating.md'), 'utf8');
  const blocks = [readme, docs].map((text) => text.match(/^```text\n(.*?)^```$/ms)![1]!);
  const shown = blocks.flatMap(linesOf).filter((line) => !isSlow(line));
  expect(shown.filter((line) => !lines.has(line))).toEqual([]);
  expect(readFileSync(page, 'utf8')).not.toMatch(/(?:src|href)="https?:/);
});
