// idspace simulate on recorded traces: cachegrind's counters, and the ways to be wrong.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, expect, test } from 'vitest';
import { traceFormatOf } from '../src/trace-head.ts';
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

test.each(cases)('$file on $D1 and $LL counts as cachegrind does', async ({ file, I1, D1, LL, counts }) => {
  const { out, err, exitCode } = await simulate('--trace', file, '--i1', I1, '--d1', D1, '--ll', LL, '--json');
  const json = JSON.parse(out);
  expect(events.map((event) => json[event])).toEqual(counts);
  expect(json).toMatchObject({ trace: file, format: 'lackey', geometry: { D1: { size: Number(D1.split(',')[0]) } } });
  expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 });
});

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
  ['==1== Lackey, an example tool\nI  04000000,3\n', 'lackey'],
  [' S 1ffe,8\n', 'lackey'],
  ['r 1fc0 8\n', 'din'],
  ['\n2 0x10\n', 'din'],
  ['hello\n', null],
  ['', null],
])('%j is %s', (text, format) => {
  expect(traceFormatOf(Buffer.from(text))).toBe(format);
});

test.each([
  ['a file that is not there', 'nowhere', /nowhere: got no such file, expected/],
  ['a folder', '.', /got a directory/],
  ['something else', 'README.md', /got no line of a trace/],
])('%s ends with 1', async (_, trace, message) => {
  const { exitCode, out, err } = await simulate('--trace', trace);
  expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
  expect(err).toMatch(message);
});

test('a damaged line is named by file, line and byte', async () => {
  const damaged = join(folder, 'damaged');
  writeFileSync(damaged, 'r 10 4\nr 20 4\nnonsense\n');
  const { exitCode, err } = await simulate('--trace', damaged);
  expect(exitCode).toBe(1);
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
