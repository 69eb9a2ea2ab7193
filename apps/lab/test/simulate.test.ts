// idspace simulate on recorded traces: cachegrind's counters, and the ways to be wrong.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { withinBudget } from '@idspace/testkit';
import { afterAll, expect, test } from 'vitest';
import { idspace, TRACES } from './support/run.ts';

interface Recorded {
  events: string[];
  traces: Record<string, { file: string; expected: { I1: string; D1: string; LL: string; counts: number[] }[] }>;
}

const { events, traces } = JSON.parse(readFileSync(`${TRACES}/expected-cachegrind.json`, 'utf8')) as Recorded;
const cases = Object.values(traces).flatMap(({ file, expected }) => expected.map((one) => ({ file, ...one })));
const simulate = (...args: string[]): ReturnType<typeof idspace> => idspace(['simulate', ...args], { folder: TRACES });

const folder = mkdtempSync(join(tmpdir(), 'idspace-traces-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(withinBudget(cases, { least: 4 }))(
  '$file on $D1 and $LL counts as cachegrind does',
  async ({ file, I1, D1, LL, counts }) => {
    const { out, err, exitCode } = await simulate('--trace', file, '--i1', I1, '--d1', D1, '--ll', LL, '--json');
    const json = JSON.parse(out);
    expect(events.map((event) => json[event])).toEqual(counts);
    expect(json).toMatchObject({ trace: file, format: 'lackey', geometry: { D1: { size: Number(D1.split(',')[0]) } } });
    expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 });
  },
);

test('the text uses the words of cachegrind, with the geometry', async () => {
  const { out } = await simulate('--trace', 'radix.lackey.gz');
  expect(out).toContain('radix.lackey.gz: lackey, 219,224 accesses');
  expect(out).toContain('D1 cache: 32,768 B, 64 B lines, 8-way associative');
  expect(out).toMatch(/D refs: +23,363 {2}\(19,260 rd \+ 4,103 wr\)/);
  expect(out).toMatch(/D1 misses: +5,418 /);
  expect(out).toMatch(/LL miss rate: +1\.70 % {2}of all refs/);
});

test('the trace may stand without its flag', async () => {
  const [bare, flagged] = await Promise.all([simulate('radix.lackey.gz'), simulate('--trace', 'radix.lackey.gz')]);
  expect(bare).toEqual(flagged);
});

test('the format is told by the content, compressed or not', async () => {
  const plain = join(folder, 'plain');
  writeFileSync(plain, gunzipSync(readFileSync(`${TRACES}/din-stride.din.gz`)));
  const [packed, unpacked] = await Promise.all([
    simulate('--trace', 'din-stride.din.gz', '--json'),
    simulate('--trace', plain, '--json'),
  ]);
  expect(JSON.parse(packed.out)).toMatchObject({ format: 'din', Dr: 34_285, Dw: 5715 });
  expect({ ...JSON.parse(unpacked.out), trace: '' }).toEqual({ ...JSON.parse(packed.out), trace: '' });
});

test.each([
  ['a file that is not there', 'nowhere', /nowhere: got no such file, expected/],
  ['a folder', '.', /got a folder/],
  ['something else', 'README.md', /got no line of a trace/],
])('%s ends with 3', async (_, trace, message) => {
  const { exitCode, out, err } = await simulate('--trace', trace);
  expect({ exitCode, out }).toEqual({ exitCode: 3, out: '' });
  expect(err).toMatch(message);
});

test('a damaged line is named by file, line and byte', async () => {
  const damaged = join(folder, 'damaged');
  writeFileSync(damaged, 'r 10 4\nr 20 4\nnonsense\n');
  const { exitCode, err } = await simulate('--trace', damaged);
  expect(exitCode).toBe(3);
  expect(err).toContain(`${damaged}, trace line 3, byte 14`);
});

test.each([
  ['--d1', '32768,8'],
  ['--ll', '1000,3,64'],
  ['--i1', '32768,8,63'],
  ['--format', 'elf'],
])('%s %s is misuse', async (flag, value) => {
  const { exitCode, out, err } = await simulate('--trace', 'radix.lackey.gz', flag, value);
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
  expect(err).toContain('See `idspace simulate --help`.');
});

test('--classify and --curve tell why, and what size would help', async () => {
  const [{ out }, json] = await Promise.all([
    simulate('radix.lackey.gz', '--classify', '--curve'),
    simulate('radix.lackey.gz', '--classify', '--curve', '--json'),
  ]);
  expect(out).toMatch(/D1 causes: +5,418 {2}\(3,729 compulsory \+ 1,396 capacity \+ 293 conflict\)/);
  expect(out).toMatch(/^ +32 KiB {2}█+ +22\.46 %$/m);
  const { D1mr, levels, instruction, curve } = JSON.parse(json.out);
  expect(D1mr).toBe(3934);
  expect(levels[0]).toMatchObject({ name: 'D1', classes: { compulsory: 3729, capacity: 1396, conflict: 293 } });
  expect(instruction.classes).toEqual({ compulsory: 5, capacity: 0, conflict: 0 });
  // First uses of lines, and nothing else, miss where everything fits; few accesses lie on two lines.
  expect(curve.at(-1).missRatio).toBeCloseTo(3729 / 23363, 3);
  expect(out).toContain('Uses of lines by data that would miss');
});

test('--preset brings all levels and TLBs of a CPU', async () => {
  const { out } = await simulate('radix.lackey.gz', '--preset', 'zen-4', '--json');
  const { geometry, levels, tlb, D1mr } = JSON.parse(out);
  expect(Object.keys(geometry)).toEqual(['L1i', 'L1d', 'L2', 'LL']);
  expect([levels.length, D1mr, tlb.data.lookups]).toEqual([3, 3934, 23_363]);
  const text = await simulate('radix.lackey.gz', '--preset', 'zen-4');
  expect(text.out).toMatch(/^walks: +105 {2}of the page table$/m);
});

test('other rules give other counts', async () => {
  const misses = async (...flags: string[]): Promise<number> =>
    JSON.parse((await simulate('radix.lackey.gz', '--json', ...flags)).out).D1mr;
  expect(await misses('--policy', 'lru')).toBe(3934);
  expect(await misses('--policy', 'plru')).toBe(4041);
  expect(await misses('--policy', 'random')).toBe(await misses('--policy', 'random'));
  expect(await misses('--inclusive', '--ll', '65536,8,64')).not.toBe(3934);
});

test.each([
  [['--preset', 'zen-4', '--d1', '32768,8,64'], /--preset: got 'zen-4' beside --d1, expected one of them/],
  [['--preset', 'abacus'], /got 'abacus', expected one of ice-lake-sp, /],
  [['--policy', 'mru'], /got 'mru', expected one of lru, fifo, random, plru/],
  [['--compat', 'dinero'], /got 'dinero', expected one of pycachesim/],
  [['--inclusive', '--d1', '32768,8,32'], /lines: got 32, 64, 64, expected one size/],
])('%j is misuse', async (flags, message) => {
  const { exitCode, out, err } = await simulate('radix.lackey.gz', ...flags);
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
  expect(err).toMatch(message);
});
