// Sweeps as a whole: the same bytes whatever the jobs, the shards and the interruptions.
import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Cell, cellCount, DEFAULT_GRID, placeOf } from '@idspace/evaluation';
import { budget, withinBudget } from '@idspace/testkit';
import { beforeAll, describe, expect, test } from 'vitest';
import { exhibitText } from '../../src/format/exhibit-text.ts';
import { cellsOf } from '../../src/sweep/cells-of.ts';
import { journalPath } from '../../src/sweep/journal.ts';
import { difference, documentText, parseDocument, type SweepDocument } from '../../src/sweep/sweep-document.ts';
import { sweepExhibits, sweepLine } from '../../src/sweep/sweep-exhibits.ts';
import { idspace } from '../support/run.ts';
import { cellsInJournal, flagsOf, SMALL, start, sweep, temporaryFolder } from './support.ts';

const folder = temporaryFolder();
const path = (name: string): string => join(folder, name);
const text = (name: string): string => readFileSync(path(name), 'utf8');

beforeAll(async () => {
  await sweep(SMALL, { path: path('whole.json') });
  const shards = [1, 2, 3];
  const swept = withinBudget(shards);
  for (const index of shards) {
    const file = path(`shard-${index}.json`);
    if (swept.includes(index)) await sweep(SMALL, { path: file, shard: { index, of: 3 } });
    else writeFileSync(file, [...documentText(shardOf(text('whole.json'), index, 3))].join(''));
  }
});

test('one job or several, with a file or without: the same; progress is told', async () => {
  const seen: number[] = [];
  const { document } = await sweep(SMALL, {
    jobs: budget(3, 2),
    onProgress: ({ work }) => seen.push(work),
  });
  expect(seen.length).toBe(25);
  expect(seen[0]).toBe(0);
  expect(seen.at(-1)).toBeCloseTo(1, 9);
  expect(document).toEqual(JSON.parse(text('whole.json')));
  expect(text('whole.json').split('\n').length).toBe(24 + 3); // a cell on each line
  expect(existsSync(journalPath(path('whole.json')))).toBe(false);
});

describe('merge', () => {
  const merge = (...files: string[]): ReturnType<typeof idspace> => idspace(['merge', ...files], { folder });

  test('shards in any order are the whole, byte for byte', async () => {
    const ran = await merge('shard-3.json', 'shard-1.json', 'shard-2.json', '--out', 'merged.json');
    expect(ran).toMatchObject({ exitCode: 0, err: 'Result: merged.json\n' });
    expect(text('merged.json')).toBe(text('whole.json'));
    expect(ran.out).toContain('The designs, over all cells');
    expect(Math.max(...ran.out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
    const json = await merge('shard-1.json', 'shard-2.json', 'shard-3.json', '--json');
    expect(json.out).toBe(text('whole.json'));
  });

  test('shards that are missing, twice there, foreign, whole or unfinished are refused by name', async () => {
    writeFileSync(path('foreign.json'), text('shard-3.json').replace('"seed":1', '"seed":2'));
    writeFileSync(path('half-1.json'), JSON.stringify(shardOf(text('whole.json'), 1, 2)));
    writeFileSync(path('later.json.journal'), headAndCells(text('shard-3.json'), 2));
    writeFileSync(path('cut.json'), text('shard-3.json').slice(0, -100));
    const lines = text('shard-3.json').split('\n');
    writeFileSync(path('short.json'), [...lines.slice(0, 3), ...lines.slice(4)].join('\n'));
    writeFileSync(path('changed.json'), text('shard-3.json').replace('"bytesPerTimer":', '"bytesPerTimer":"a","x":'));
    for (const [files, message] of [
      [['shard-1.json', 'shard-3.json'], 'shards: got 2 of 3, expected all: 2/3 missing'],
      [['shard-1.json', 'shard-1.json'], 'shard-1.json: got shard 1/3, which shard-1.json is already'],
      [
        ['shard-1.json', 'foreign.json'],
        'foreign.json: got a sweep with --seed 2, expected --seed 1 as in shard-1.json',
      ],
      [['shard-1.json', 'half-1.json'], 'half-1.json: got shard 1/2, expected one of 3 as in shard-1.json'],
      [['shard-1.json', 'whole.json'], 'whole.json: got a whole sweep, expected a shard'],
      [
        ['later.json'],
        'later.json: got no such file, expected a shard of idspace sweep\nlater.json.journal has 2 of 8 cells',
      ],
      [['later.json.journal'], 'got a journal, expected a shard of idspace sweep\nlater.json.journal has 2 of 8 cells'],
      [['cut.json'], 'cut.json: got no JSON'],
      [['short.json'], 'short.json: got cell '],
      [['changed.json'], 'got no usable bytesPerTimer, expected what idspace sweep writes'],
    ] as const) {
      const { exitCode, out, err } = await merge(...files, '--out', 'never.json');
      expect({ exitCode, out, err }).toEqual({ exitCode: 3, out: '', err: expect.stringContaining(message) });
    }
    expect(existsSync(path('never.json'))).toBe(false);
  });
});

/** A shard of a whole sweep, cut from it. */
function shardOf(document: string, index: number, of: number): SweepDocument {
  const whole = parseDocument(document, 'whole.json');
  const cells = cellsOf({ index, of }, 24).map((cell) => whole.cells[cell]!);
  return { ...whole, shard: `${index}/${of}`, cells };
}

/** A journal as it is after some cells. */
function headAndCells(document: string, cells: number): string {
  const { cells: all, ...header } = JSON.parse(document);
  return [header, ...all.slice(0, cells)].map((line) => `${JSON.stringify(line)}\n`).join('');
}

describe('resume', () => {
  const resume = (name: string, grid = SMALL): ReturnType<typeof sweep> =>
    sweep(grid, { path: path(name), resume: true });
  const journal = (name: string, content: string): void => writeFileSync(journalPath(path(name)), content);

  test.each(withinBudget([0, 7, 24]))('after %i cells does the others', async (cells) => {
    journal(`after-${cells}.json`, headAndCells(text('whole.json'), cells));
    const { done, resumed } = await resume(`after-${cells}.json`);
    expect([done, resumed]).toEqual([24, cells]);
    expect(text(`after-${cells}.json`)).toBe(text('whole.json'));
    expect(existsSync(journalPath(path(`after-${cells}.json`)))).toBe(false);
  });

  test('drops a last record that is torn, wherever', async () => {
    const few = { ...SMALL, timers: [3], processes: [1] };
    await sweep(few, { path: path('few.json') });
    const [head, first, torn] = headAndCells(text('few.json'), 2).split('\n');
    const journals = [
      [0, '', 10],
      [1, `${head}\n`, 1],
      [2, `${head}\n${first}\n`, torn!.length],
    ] as const;
    for (const [i, whole, length] of withinBudget(journals)) {
      journal(`torn-${i}.json`, whole + (whole === '' ? head : torn).slice(0, length));
      expect((await resume(`torn-${i}.json`, few)).resumed).toBe(Math.max(0, i - 1));
      expect(text(`torn-${i}.json`)).toBe(text('few.json'));
    }
  });

  test('of a result that is there has nothing to do', async () => {
    const before = text('whole.json');
    expect(await resume('whole.json')).toMatchObject({ done: 24, resumed: 24 });
    expect(text('whole.json')).toBe(before);
  });

  test('refuses the journal and the result of another sweep, and what is not a journal', async () => {
    journal('other.json', headAndCells(text('whole.json'), 3));
    const other = { ...SMALL, timers: [3, 41] };
    await expect(resume('other.json', other)).rejects.toThrow(
      'other.json.journal: got the journal of a sweep with --timers 3,40, expected --timers 3,41',
    );
    await expect(resume('whole.json', { ...SMALL, seed: 2 })).rejects.toThrow(
      'got the result of a sweep with --seed 1',
    );
    journal('shard.json', headAndCells(text('shard-1.json'), 3));
    await expect(resume('shard.json')).rejects.toThrow(
      'got the journal of a sweep with shard 1/3, expected shard null',
    );
    journal('none.json', 'hello\n');
    await expect(resume('none.json')).rejects.toThrow('none.json.journal:1: got no JSON');
    journal('bad.json', `${headAndCells(text('whole.json'), 1)}{"cell":99}\n`);
    await expect(resume('bad.json')).rejects.toThrow('bad.json.journal:3: got no cell of this sweep');
    expect(readFileSync(journalPath(path('other.json')), 'utf8')).toBe(headAndCells(text('whole.json'), 3));
  });

  test('is asked for: without it, a journal is not touched', async () => {
    journal('left.json', headAndCells(text('whole.json'), 3));
    await expect(sweep(SMALL, { path: path('left.json') })).rejects.toThrow(
      'left.json.journal: got 3 cells of an interrupted sweep, expected none; --resume goes on with them',
    );
    expect(readFileSync(journalPath(path('left.json')), 'utf8')).toBe(headAndCells(text('whole.json'), 3));
  });
});

test('a journal that cannot be written ends it', async () => {
  appendFileSync(path('file'), '');
  await expect(sweep(SMALL, { path: path('file/result.json') })).rejects.toThrow(
    /journal: got a path through a file, expected a file that can be read and written/,
  );
});

describe('the program, killed', () => {
  // biome-ignore format: what belongs together stands in a row
  const grid = {
    ...SMALL, timers: [200, budget(4000, 1500)], processes: [1], designs: ['hash-512', 'xarray'] as const, sample: 500,
  };

  test('by kill -9, then by SIGINT, then resumed: as if nothing had been', async () => {
    const args = ['sweep', ...flagsOf(grid), '--jobs', String(budget(2)), '--out', 'killed.json', '--resume'];
    const killed = start(args, folder);
    await cellsInJournal(path('killed.json.journal'), 1);
    killed.kill('SIGKILL');
    await once(killed, 'close');
    const had = readFileSync(path('killed.json.journal'), 'utf8').split('\n').length - 2;
    const stopped = start(args, folder);
    let told = '';
    stopped.stderr!.on('data', (chunk: Buffer) => {
      told += chunk.toString();
    });
    await cellsInJournal(path('killed.json.journal'), had + 1);
    stopped.kill('SIGINT');
    expect(await once(stopped, 'close')).toEqual([null, 'SIGINT']);
    expect(told).toMatch(/^Stopped at \d of 8 cells; the same command with --resume goes on\.$/m);
    const { resumed } = await sweep(grid, { path: path('killed.json'), resume: true });
    expect(resumed).toBeGreaterThan(had);
    expect(resumed).toBeLessThan(8);
    await sweep(grid, { path: path('unharmed.json') });
    expect(text('killed.json')).toBe(text('unharmed.json'));
    expect(parseDocument(text('killed.json'), 'killed.json').cells.length).toBe(8);
  });
});

test('lookups are counted in both orders, unless told otherwise', async () => {
  const both = parseDocument(text('whole.json'), 'whole.json');
  expect(Object.keys(both.cells[0]!)).toContain('lookupRandom');
  expect(sweepLine(both)).toContain('lookups in creation and random order');
  expect(sweepExhibits(both).map(({ title }) => title)).toContain('What moves the time of a lookup in random order');
  const creation = (await sweep({ ...SMALL, timers: [3], processes: [1], strides: [1], orders: ['creation'] }))
    .document!;
  expect(Object.keys(creation.cells[0]!)).not.toContain('lookupRandom');
  expect(sweepLine(creation)).toContain('lookups in creation order');
  expect(difference(both, { ...both, grid: { ...both.grid, orders: ['creation'] } })).toEqual([
    '--order creation,random',
    '--order creation',
  ]);
  const { exitCode, err } = await idspace(['sweep', '--order', 'sideways']);
  expect({ exitCode, err }).toEqual({ exitCode: 2, err: expect.stringContaining('creation, random') });
});

test('the tables of a sweep fit a terminal whatever is in its cells', async () => {
  const { cells, ...document } = parseDocument(text('whole.json'), 'whole.json');
  // All designs and both orders; digits as many as the formats have.
  const grid = {
    ...DEFAULT_GRID,
    timers: [10, 250_000],
    processes: [1, 4096],
    strides: [1, 2 ** 31 - 1],
    cpus: [2, 8192],
  };
  const cost = { ...cells[0]!.lookup!, nsPerOp: 11_900 };
  const wide = Array.from({ length: cellCount(grid) }, (_, cell): Cell => {
    const costs = { restore: cost, lookup: cost, lookupRandom: cost, delete: cost };
    return { ...cells[0]!, ...placeOf(grid, cell), cell, ...costs, bytesPerTimer: 99_999 };
  });
  const plain = { out: process.stdout, err: process.stderr, folder: '/', env: { NO_COLOR: '1' } };
  const exhibits = sweepExhibits({ ...document, grid, gridCells: wide.length, cells: wide });
  const lines = exhibits.flatMap((exhibit) => exhibitText(exhibit, plain).split('\n'));
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  expect(exhibits[0]!.reading).toContain('more processes than CPUs');
});
