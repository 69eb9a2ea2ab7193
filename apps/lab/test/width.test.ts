// Every command's text on screens of several widths: no line is wider, no word is broken, and what is left out is said.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { BUDGET_SHARE, withinBudget } from '@idspace/testkit';
import { afterAll, describe, expect, test } from 'vitest';
import { claimsText } from '../src/claims/claims-text.ts';
import type { ClaimResult } from '../src/claims/run-claims.ts';
import { shellWord } from '../src/cli/invocation.ts';
import type { Terminal } from '../src/cli/terminal.ts';
import { demo } from '../src/demo/command.ts';
import { evaluationText } from '../src/evaluate/command.ts';
import type { Column } from '../src/format/exhibit.ts';
import { outcomeMark } from '../src/format/outcome-mark.ts';
import { columnsOf, type Screen, widthOf } from '../src/format/screen.ts';
import { table } from '../src/format/table.ts';
import { EXAMPLE_CHECKPOINT } from '../src/installed.ts';
import { debtText, kernelProbeText } from '../src/probe/probe-text.ts';
import { type ShownSpace, spacesText } from '../src/probe/space-probe-text.ts';
import { madeUpEvaluation } from './support/evaluation.ts';
import { CHECKPOINTS, Collector, idspace, type Ran, spawnIdspace, TRACES } from './support/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'idspace-width-'));
afterAll(() => rmSync(folder, { recursive: true }));
symlinkSync(EXAMPLE_CHECKPOINT, join(folder, 'checkpoint'));
symlinkSync(join(EXAMPLE_CHECKPOINT, '..', 'node.json'), join(folder, 'node.json'));
for (const name of ['sparse', 'int-max', 'clocks-and-notify-kinds']) {
  symlinkSync(join(CHECKPOINTS, name), join(folder, name));
}
symlinkSync(TRACES, join(folder, 'traces'));
mkdirSync(join(folder, 'nodes'));
for (const kernel of ['6.1', '6.12', '6.18']) {
  const facts = { format: 'idspace-target', version: 1, kernel, criu: '4.2', pidMax: 4_194_304, taken: [] };
  writeFileSync(join(folder, 'nodes', `a-node-with-a-rather-long-name-${kernel}.json`), JSON.stringify(facts));
}

const WIDTHS = BUDGET_SHARE < 1 ? [80] : [80, 100, 200];

/** What is run; a line that may be wider, as it holds something that cannot be broken. */
const COMMANDS: readonly (readonly string[])[] = [
  ['plan', 'checkpoint'],
  ['plan', 'checkpoint', '--kernel', '6.1'],
  ['plan', 'checkpoint', '--kernel', 'dense', '--criu', '3.18'],
  ['plan', 'checkpoint', '--on', 'node.json'],
  ['plan', 'checkpoint', '--matrix'],
  ['plan', 'checkpoint', '--emit', 'text', '--kernel', '6.1'],
  ['plan', 'clocks-and-notify-kinds'],
  ['plan', 'checkpoint', 'sparse', 'int-max', 'clocks-and-notify-kinds', '--kernel', '6.1'],
  ['plan', 'checkpoint', '--on', 'nodes'],
  ['plan', 'checkpoint', 'sparse', 'int-max', '--on', 'nodes'],
  ['plan', '--on', 'node.json'],
  ['plan', '--on', 'nodes'],
  ['explore', '--no-open', '--output', 'page.html'],
  ['rehearse', 'checkpoint', '--on', 'model:6.18'],
  ['rehearse', 'sparse', '--on', 'model:dense'],
  ['simulate', 'traces/radix.lackey.gz', '--classify', '--curve', '--traffic'],
  ['simulate', 'traces/radix.lackey.gz', '--region', 'nodes=0x1000+1000000', '--preset', 'zen-4'],
];

const CLAIMS: readonly ClaimResult[] = ['S1', 'I6'].map((id) => ({
  id,
  claim: 'a claim of several words, which a narrow screen shows in several lines of a column',
  source: 'T. Gleixner, "[RFD] posix-timers: CRIU woes", linux-kernel, 9 May 2023',
  measured: {},
  text: 'what was measured takes several lines on every screen, as there is much to tell of it, with numbers and units',
  verdict: 'no',
  condition: '(32 min at 894 ns); yes from 1,677 ns',
  command: `idspace claims ${id}`,
}));

const SWEEP = 'sweep --timers 5,50 --processes 1,2 --designs hash-512,xarray --jobs 1 --sample 20'.split(' ');

const HIDDEN = /^… \d+ columns? hidden.*: (widen the terminal|set COLUMNS) or --json$/gm;
const words = (text: string): Set<string> => new Set(text.replace(HIDDEN, '').split(/[\s│─]+/));

/** Lines that are too wide, and words that a wider screen does not have: times that were measured and ends of paths aside. */
function faults(text: string, wide: string, width: number): string[] {
  const known = words(wide);
  const broken = [...words(text)].filter((word) => !known.has(word) && !/^[≤\d.,]+$|^[nµm]?s$|^…/.test(word));
  // An address stays whole, however long the path of the folder for temporary files is.
  const foldable = text.split('\n').filter((line) => !/^ *file:\S+$/.test(line));
  return [...foldable.filter((line) => columnsOf(line) > width), ...broken];
}

test.each(withinBudget(COMMANDS, { least: 6 }).map((args) => [args.join(' '), args] as const))(
  'idspace %s fits 80, 100 and 200 columns',
  async (_, args) => {
    const at = (columns: number): Promise<Ran> => idspace(args, { folder, env: { COLUMNS: String(columns) } });
    const wide = await at(400);
    expect(wide).toMatchObject({ exitCode: 0 });
    for (const width of WIDTHS) expect(faults((await at(width)).out, wide.out, width)).toEqual([]);
  },
);

test('idspace sweep and merge fit 80, 100 and 200 columns', async () => {
  const out = join(folder, 'sweep.json');
  const { stdout } = spawnIdspace([...SWEEP, '--shard', '1/1', '--out', out], { env: { COLUMNS: '80' } });
  expect(stdout).toContain('Merge all shards');
  expect(faults(stdout, stdout, 80)).toEqual([]);
  // What a sweep prints as a whole is what merge prints.
  const at = async (columns: number): Promise<string> =>
    (await idspace(['merge', out], { folder, env: { COLUMNS: String(columns) } })).out;
  const wide = await at(400);
  expect(wide).toContain('xarray');
  for (const width of WIDTHS) expect(faults(await at(width), wide, width)).toEqual([]);
});

test('idspace demo fits 80, 100 and 200 columns', async () => {
  const at = async (columns: number): Promise<string> => {
    const out = new Collector();
    const terminal = { out, err: new Collector(), folder, env: { COLUMNS: String(columns) } };
    expect(await demo({ out: 'r.html', full: columns !== 100 }, terminal, { timers: 20, designs: ['xarray'] })).toBe(0);
    return out.text.replace(/^Done in .*$/m, '');
  };
  for (const width of WIDTHS) {
    const text = await at(width);
    expect(text).toContain('xarray');
    // The commands hold the path of the example, which may be long; one that is folded could not be pasted.
    const prose = text.split('\n').filter((line) => !line.startsWith('  idspace '));
    expect(prose.filter((line) => columnsOf(line) > width && line.trim().includes(' '))).toEqual([]);
    expect(text).toContain(`\n  idspace plan ${shellWord(EXAMPLE_CHECKPOINT)} --kernel 6.1\n`);
  }
});

// biome-ignore format: what belongs together stands in a row
const KERNEL = {
  release: '6.1.0', arch: 'x64', idPolicy: 'lowest', idsSeen: [0, 1, 2, 0], restoreCall: false, nsPerPair: 900,
  nsPerRestore: null, callingNsPerPair: 140, listing: false, rlimitSigpending: null, pendingSignals: 1, buckets: null,
  bucketsUnknown: 'because',
} as const;
const COST = { what: 'add + remove', min: 7000, median: 7200, p90: 79_000, isNoisy: true };
// biome-ignore format: what belongs together stands in a row
const SPACE: ShownSpace = {
  space: 'inotify', policy: 'cyclic', seen: '1, 2 came', canAsk: true, costs: [COST], unknown: null,
};
// biome-ignore format: what belongs together stands in a row
const DEBT = {
  timers: 3, highestId: 4_000_000, idsUsed: 12, idsPerDay: 1e6, secondsNow: 3, secondsPerDay: 4, daysToIntMax: 2143,
  unknown: null,
};

test.each<[string, (terminal: Terminal) => string]>([
  ['evaluate', (terminal) => evaluationText(madeUpEvaluation(), terminal)],
  ['claims', (terminal) => claimsText(CLAIMS, terminal)],
  ['claims --long', (terminal) => claimsText(CLAIMS, terminal, true)],
  ['probe', (terminal) => kernelProbeText(KERNEL, terminal, [COST]) + spacesText([SPACE], terminal)],
  ['probe --pid', (terminal) => debtText(DEBT, { pid: 7, readings: 2, seconds: 1, nsPerPair: 894 }, terminal)],
])('idspace %s fits 80, 100 and 200 columns', (_, textOn) => {
  const at = (columns: number): string => {
    const sink = new Collector();
    return textOn({ out: sink, err: sink, folder, env: { COLUMNS: String(columns) } });
  };
  for (const width of WIDTHS) expect(faults(at(width), at(400), width)).toEqual([]);
});

test('errors and notes fold, too, and stay whole lines in a file', async () => {
  const args = ['plan', 'nowhere/at/all', '--kernel', '7.4', '--on', 'node.json'];
  const told = async (env: Record<string, string>): Promise<string[]> => {
    return (await idspace(args, { folder, env })).err.trimEnd().split('\n');
  };
  const [narrow, whole] = [await told({ COLUMNS: '60' }), await told({})];
  expect(narrow.filter((line) => columnsOf(line) > 60 && line.trim().includes(' '))).toEqual([]);
  expect(narrow.length).toBeGreaterThan(whole.length);
  expect(narrow.map((line) => line.trim()).join(' ')).toBe(whole.join(' '));
});

test('the measure finds a line that is too wide and a word that is broken', () => {
  expect(faults('abc def', 'abc def', 6)).toEqual(['abc def']);
  expect(faults('restor\ned', 'restored', 80)).toEqual(['restor', 'ed']);
});

describe('a table', () => {
  const screen = (columns: number, env: Screen['env'] = {}): Screen => ({
    out: { write: () => {}, isTTY: true, columns },
    env: { NO_COLOR: '1', TERM: 'dumb', ...env },
  });
  const columns: Column[] = [
    { head: 'Path', align: 'left', isPath: true },
    { head: 'Outcome', align: 'left', mark: outcomeMark },
    { head: 'Many Creates', drop: 2 },
    { head: 'Peak', drop: 1 },
    { head: 'What is said', align: 'left', width: 30 },
  ];
  const rows = [
    ['/var/lib/checkpoints/of/a/fleet/one.tar', 'fails', '2,000,001', '1,999', 'it was refused, as there is none'],
    ['名前/容器', 'ok', '3', '7', ''],
  ];

  test('that has room is drawn as it is', () => {
    expect(table(columns, rows, screen(140)).split('\n').slice(0, 4)).toEqual([
      'Path                                     Outcome  Many Creates   Peak  What is said',
      '─'.repeat(103),
      '/var/lib/checkpoints/of/a/fleet/one.tar  fails       2,000,001  1,999  it was refused, as there is none',
      '名前/容器                                ok                  3      7',
    ]);
  });

  test('that has not wraps words, folds heads and cuts paths at their beginnings', () => {
    expect(table(columns, rows, screen(80)).split('\n')).toEqual([
      '                                             Many',
      'Path                            Outcome   Creates  Peak What is said',
      '─'.repeat(80),
      '…checkpoints/of/a/fleet/one.tar fails   2,000,001 1,999 it was refused, as there',
      '                                                        is none',
      '名前/容器                       ok              3     7',
      '',
    ]);
  });

  test('that still has not leaves columns out in their order, and says which', () => {
    expect(table(columns, rows, screen(70))).toMatch(/\n… 1 column hidden \(Peak\): widen the terminal or --json\n$/);
    expect(table(columns, rows, screen(62))).toMatch(/\n… 2 columns hidden: widen the terminal or --json\n$/);
  });

  test('says what a pipe can do, which has no width of its own but COLUMNS', () => {
    const piped = { out: { write: () => {} }, env: { COLUMNS: '70' } };
    expect(table(columns, rows, piped)).toMatch(/\n… 1 column hidden \(Peak\): set COLUMNS or --json\n$/);
  });

  test('never hides a column in a file', () => {
    expect(table(columns, rows, { out: { write: () => {} }, env: {} })).toContain(
      '/var/lib/checkpoints/of/a/fleet/one.tar',
    );
  });

  test('repeats the columns that tell its rows apart in each part', () => {
    const keys = ['CRIU', 'Kernel'].map((head): Column => ({ head, align: 'left', isKey: true }));
    const wide = ['one', 'two', 'three'].map((head): Column => ({ head }));
    const text = table([...keys, ...wide], [['4.2', '6.1', ...wide.map(() => '1,000,000,000')]], screen(40));
    expect(text.match(/^CRIU +Kernel /gm)).toHaveLength(2);
    expect(text.match(/^4\.2 +6\.1 /gm)).toHaveLength(2);
  });

  test('without columns to leave out goes on below itself, groups whole', () => {
    const wide = ['a', 'b', 'c'].flatMap((group) => ['one', 'two'].map((head): Column => ({ group, head })));
    const cells = ['xarray', ...wide.map(() => '1,000,000')];
    const text = table([{ head: 'Design', align: 'left' }, ...wide], [cells], screen(52));
    expect(text.split('\n\n').map((part) => part.split('\n')[0]!.trim().split(/\s+/))).toEqual([['a', 'b'], ['c']]);
    expect(text.match(/^Design( +one +two)+$/gm)).toHaveLength(2);
    expect(text).not.toContain('hidden');
  });

  test('has signs on a terminal that can show them, and colours unless they are unwanted', () => {
    const draw = (env: Screen['env']): string[] =>
      table(columns.slice(1, 2), [['fails'], ['ok'], ['']], { ...screen(80), env })
        .split('\n')
        .slice(2, -1);
    expect(draw({ NO_COLOR: '1' })).toEqual(['✗ fails', '✓ ok', '']);
    expect(draw({ TERM: 'dumb' })).toEqual(['fails', 'ok', '']);
    expect(draw({})).toEqual(['\u001b[31m✗ fails\u001b[39m', '\u001b[32m✓ ok\u001b[39m', '']);
  });
});

test.each<[Screen['env'], { isTTY?: boolean; columns?: number }, number]>([
  [{}, {}, 100],
  [{}, { isTTY: true }, 80],
  [{}, { isTTY: true, columns: 0 }, 80],
  [{}, { isTTY: true, columns: 132 }, 132],
  [{ COLUMNS: '90' }, { isTTY: true, columns: 132 }, 90],
  [{ COLUMNS: '90' }, {}, 90],
  [{ COLUMNS: 'wide' }, { isTTY: true, columns: 132 }, 132],
  [{ COLUMNS: '7' }, {}, 40],
])('in %j on %j there are %i columns', (env, out, columns) => {
  expect(widthOf({ out: { write: () => {}, ...out }, env })).toBe(columns);
});

test.each<[Screen['env'], boolean, boolean]>([
  [{}, true, true],
  [{}, false, false],
  [{ NO_COLOR: '1' }, true, false],
  [{ NO_COLOR: '' }, true, true],
  [{ TERM: 'dumb' }, true, false],
  [{ FORCE_COLOR: '1' }, false, true],
  [{ FORCE_COLOR: '' }, false, true],
  [{ FORCE_COLOR: '0' }, true, false],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true, true],
])('in %j, a terminal: %s, there are colours: %s', async (env, isTTY, colours) => {
  const out = Object.assign(new Collector(), { isTTY, columns: 80 });
  await idspace(['plan', 'checkpoint', '--kernel', '6.1'], { folder, out, env });
  expect(out.text.includes('\u001b[32m')).toBe(colours);
  expect(stripVTControlCharacters(out.text)).not.toContain('\u001b');
  const json = Object.assign(new Collector(), { isTTY, columns: 80 });
  await idspace(['plan', 'checkpoint', '--json'], { folder, out: json, env });
  expect(json.text).not.toContain('\u001b');
});
