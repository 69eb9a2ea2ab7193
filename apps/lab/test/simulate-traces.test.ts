// idspace simulate on the traces that people have: from files, pipes and standard input; what is cut, left out, skipped, of several cores.
import { execFileSync, spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { random } from '@idspace/testkit';
import { afterAll, describe, expect, test } from 'vitest';
import { CLI_ARGUMENTS, idspace, type Ran, spawnIdspace, TRACES } from './support/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'idspace-traces-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;
/** Writes a trace to a file. */
function file(content: string | Uint8Array): string {
  const path = join(folder, `trace${files++}`);
  writeFileSync(path, content);
  return path;
}

const simulate = (...args: string[]): Promise<Ran> => idspace(['simulate', ...args], { folder: TRACES });
async function json(...args: string[]): Promise<ReturnType<typeof JSON.parse>> {
  const { out, err, exitCode } = await simulate(...args, '--json');
  expect({ err, exitCode }).toEqual({ err: '', exitCode: 0 });
  return JSON.parse(out);
}

const BANNER = '==7== Lackey, an example Valgrind tool\n==7== Command: ./a\n==7== \n';
const LACKEY = `${BANNER}I  04000000,3\n L 1ffeffe7e0,8\n S 1ffeffe7e0,8\n==7== \n`;

describe('where a trace comes from', () => {
  test('standard input', async () => {
    const parts = [BANNER, 'I  04000000,3\n L 1ffe', 'ffe7e0,8\n S 1ffeffe7e0,8\n'].map((part) => Buffer.from(part));
    const { out } = await idspace(['simulate', '-', '--json'], { input: Readable.from(parts) });
    expect(JSON.parse(out)).toMatchObject({ Ir: 1, Dr: 1, Dw: 1, D1mr: 1, format: 'lackey', trace: '-' });
  });

  test.each(['-', '/dev/stdin'])('standard input of a process, %s, compressed', (name) => {
    const { stdout, status } = spawnIdspace(['simulate', name, '--json'], { input: gzipSync(LACKEY) });
    expect([JSON.parse(stdout).Dr, status]).toEqual([1, 0]);
  });

  test('a FIFO whose first chunk is valgrind’s banner', async () => {
    const path = join(folder, 'fifo');
    execFileSync('mkfifo', [path]);
    const result = json(path);
    const writer = createWriteStream(path);
    writer.write(BANNER);
    await wait(20);
    writer.end(LACKEY.slice(BANNER.length));
    expect(await result).toMatchObject({ Ir: 1, Dr: 1, Dw: 1, format: 'lackey' });
  });

  test('a pipe that stays open does not hold the program once the trace is refused, or enough was read', async () => {
    for (const [text, args, code] of [
      [' L 10,4\nhello\n', [], 3],
      [' L 10,4\n'.repeat(100), ['--limit', '50'], 0],
    ] as const) {
      const child = spawn(process.execPath, [...CLI_ARGUMENTS, 'simulate', '-', ...args], {
        stdio: ['pipe', 'ignore', 'ignore'],
      });
      child.stdin.on('error', () => {});
      child.stdin.write(text);
      const exitCode = await new Promise((resolve) => child.once('exit', resolve));
      child.stdin.destroy();
      expect(exitCode).toBe(code);
    }
  });
});

test('Ctrl-C ends a live trace: the counts so far are printed', async () => {
  const live = (async function* () {
    yield Buffer.from(' L 10,4\n S 20,4\n L 3');
    process.emit('SIGINT');
    await new Promise(() => {}); // no more comes, and the pipe stays open
  })();
  const { out, exitCode } = await idspace(['simulate', '-', '--format', 'lackey', '--json'], { input: live });
  expect(exitCode).toBe(0);
  // biome-ignore format: what belongs together stands in a row
  expect(JSON.parse(out)).toMatchObject({
    Dr: 1, Dw: 1, cut: { text: ' L 3', played: false },
    notes: [expect.stringMatching(/' L 3' is cut/), 'stopped by Ctrl-C: the counts are those so far'],
  });
});

describe('what is not a whole trace', () => {
  test('a last line that is cut: the counts are kept, and it is said', async () => {
    const path = file(' L 1000,4\n S 1040,8\n M 2000,4\nI  400000,3\n L 1000,4\n L 10');
    const counts = await json(path);
    expect(counts).toMatchObject({ Ir: 1, Dr: 3, Dw: 1, accesses: 5, cut: { line: 6, text: ' L 10', played: false } });
    const { out } = await simulate(path);
    expect(out).toContain("Note: the last line, number 6, has no end: ' L 10' is cut and was left out.\n");
    expect((await simulate(file(' L 1000,4\n L 1000,1'))).out).toContain(
      'was played as it stands, though it may be cut',
    );
  });

  test.each<[string, string | Uint8Array, RegExp]>([
    ['nothing', '', /got no access in 0 lines/],
    ['valgrind’s messages alone', BANNER, /got no access in 3 lines.*--trace-mem=yes/],
    [
      'a format that is not certain',
      ' L 10,4\nr 10 4\n',
      /line 2, byte 8: unsure of the format.*\nSay which it is with --format: lackey, din/,
    ],
    ['xz', Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0, 0]), /got xz data; expected text, gzip or zstd.*xz -dc/],
    ['an instruction word among sizes', '2 430d70 4\n0 10 27bdffe0\n', /line 2, byte 11: unsure of the format/],
  ])('%s is refused', async (_what, content, message) => {
    const path = file(content);
    const { exitCode, out, err } = await simulate(path);
    expect({ exitCode, out }).toEqual({ exitCode: 3, out: '' });
    expect(err).toMatch(message);
    expect(err).toContain(path);
  });

  test('what the format does not tell, and what is left out, is noted', async () => {
    expect((await simulate(file('0x1: R 0x10\n#eof\n'))).out).toMatch(
      /Note: pinatrace accesses without a size are played as 1/,
    );
    const { notes, leftOut } = await json(file('r,1,1,1\nu,1,1,1\n'));
    expect([notes, leftOut]).toEqual([['1 line was left out: neither fetches, reads nor writes'], 1]);
  });
});

describe('what is played and counted', () => {
  // Four rounds over 100 lines, then one over others.
  const rounds = Array.from(
    { length: 500 },
    (_, at) => ` L ${(at < 400 ? (at % 100) * 64 : at * 64).toString(16)},8\n`,
  );
  const path = file(rounds.join(''));

  test('--skip, --warm-up and --limit', async () => {
    const misses = async (...args: string[]): Promise<[number, number]> => {
      const { Dr, D1mr } = await json(path, ...args);
      return [Dr, D1mr];
    };
    expect(await misses()).toEqual([500, 200]);
    expect(await misses('--skip', '100')).toEqual([400, 200]);
    expect(await misses('--skip', '0', '--warm-up', '100')).toEqual([400, 100]);
    expect(await misses('--skip', '50', '--warm-up', '100', '--limit', '250')).toEqual([250, 0]);
    expect(await misses('--limit', '30')).toEqual([30, 30]);
    expect(await misses('--skip', '499')).toEqual([1, 1]);
    const { out } = await simulate(path, '--skip', '50', '--warm-up', '100');
    expect(out).toContain('Note: 50 accesses skipped, 100 played to warm the caches up.\n');
  });

  test('the curve is that of what is counted', async () => {
    const { curve } = await json(path, '--curve', '--warm-up', '100');
    expect(curve.find(({ size }: { size: number }) => size === 8192).missRatio).toBe(100 / 400);
  });

  test.each([
    [['--skip', '500'], /--skip: got 500, expected fewer than the 500 accesses of the trace/],
    [['--skip', '400', '--warm-up', '100'], /--skip \+ --warm-up: got 500, expected fewer/],
    [['--warm-up', '1e3'], /--warm-up: got 1,000, expected fewer than the 500 accesses of the trace/],
    [['--warm-up', '1e-3'], /--warm-up: got '1e-3', expected a whole number, 0…/],
    [['--skip', '-1'], /--skip: got '-1', expected a whole number/],
    [['--limit', '0'], /--limit: got '0', expected a whole number, 1…/],
    [['--cores', '0'], /--cores: got '0', expected a whole number, 1…1024/],
    [['--cores', '2', '--prefetch', 'd1'], /--prefetch: got 'd1' for 2 cores, expected write-back, allocation/],
    [['--write-through', 'd1,l2'], /--write-through: got 'l2', expected some of d1, ll, or all/],
    [['--prefetch', 'ram'], /--prefetch: got 'ram', expected some of i1, d1, ll, or all/],
    [['--l2', '1,2,3'], /--l2: got '1,2,3', expected a power of two/],
    [['--d1', 'none'], /--d1: got 'none', expected size,ways,line/],
    [['--region', 'a'], /--region: got 'a', expected name=start\+bytes/],
    [['--region', 'a=0+8', '--region', 'b=4+8'], /region b: got 4…11, expected none of a/],
    [['--preset', 'zen-4', '--l2', '1048576,8,64'], /--preset: got 'zen-4' beside --l2, expected one of them/],
    [['--compat', 'pycachesim', '--classify'], /--compat: got 'pycachesim' beside --classify, expected one of them/],
    [['-', '-'], /trace: got '-' twice/],
    [['--cores', '1024', '--l2', '2147483648,16,64'], /got \d+ lines in all caches of 1024 cores, expected at most/],
  ])('%j is misuse', async (flags, message) => {
    const { exitCode, out, err } = await simulate(path, ...flags);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toMatch(message);
  });

  test('levels between, and none', async () => {
    const four = await json(path, '--l2', '4096,4,64', '--l3', '16384,4,64');
    expect(Object.keys(four.geometry)).toEqual(['I1', 'D1', 'L2', 'L3', 'LL']);
    const one = await json(path, '--i1', 'none', '--ll', 'none');
    expect([Object.keys(one.geometry), one.DLmr]).toEqual([['D1'], 200]);
    const { out } = await simulate(
      path,
      '--l2',
      '4096,4,64',
      '--prefetch',
      'd1,l2',
      '--write-through',
      'd1',
      '--write-around',
      'd1',
    );
    expect(out).toContain(
      'D1 cache: 32,768 B, 64 B lines, 8-way associative, write-through, write-around, next-line prefetch\n',
    );
    expect(out).toContain('L2 cache: 4,096 B, 64 B lines, 4-way associative, next-line prefetch\n');
    expect(out).toMatch(/L2 misses: +\d+ {2}of \d+ data refs that came to it/);
  });

  test('habits of levels, and traffic', async () => {
    const writes = file('w 0 8\nw 8 8\nr 0 8\nw 40 8\n');
    const through = await json(writes, '--write-through', 'D1', '--traffic');
    expect(through.levels[0]).toMatchObject({ writes: 3, writeMisses: 2, traffic: { bytesOut: 24, linesIn: 2 } });
    expect(through.geometry.D1).toMatchObject({ write: 'through' });
    const around = await json(writes, '--write-around', 'all');
    expect(around.levels[0]).toMatchObject({ writeMisses: 3, readMisses: 1, traffic: { linesIn: 1 } });
    const early = await json(file('r 0 8\nr 40 8\nr 80 8\n'), '--prefetch', 'd1');
    expect(early.levels[0].traffic).toMatchObject({ prefetches: 2, prefetchHits: 1 });
    expect((await simulate(writes, '--traffic', '--usage')).out).toMatch(/D1 lines in: +2 {2}128 B\n.*\n.*LL/);
  });

  test('regions, by flag and by file', async () => {
    const regions = join(folder, 'regions.json');
    const fields = [
      { name: 'x', offset: 0, bytes: 8 },
      { name: 'y', offset: 8, bytes: 8 },
    ];
    writeFileSync(regions, JSON.stringify([{ name: 'points', start: '0x1000', bytes: 4096, stride: 16, fields }]));
    const trace = file('r 1000 8\nr 1008 8\nw 1058 8\nr 9000 8\nr 30 1\n');
    const { regions: rows } = await json(trace, '--regions', regions, '--region', 'low=0+0x40');
    expect(rows).toMatchObject([
      { region: '', reads: 1 },
      { region: 'low', field: '', reads: 1 },
      { region: 'points', field: 'x', reads: 1, misses: [1, 1] },
      { region: 'points', field: 'y', reads: 1, writes: 1, misses: [1, 1] },
    ]);
    expect((await simulate(trace, '--regions', regions)).out).toMatch(/^points\.y +0 +1 +1 +1 +1$/m);
    for (const [content, message] of [
      ['{}', /got no array/],
      ['[{"name":1}]', /got {"name":1} as number 0/],
      ['[', /expected a JSON array/],
    ] as const) {
      const { exitCode, err } = await simulate(trace, '--regions', file(content));
      expect(exitCode).toBe(3);
      expect(err).toMatch(message);
    }
    expect((await simulate(trace, '--regions', 'nowhere.json')).err).toMatch(/nowhere\.json: got no such file/);
  });
});

describe('several cores', () => {
  test('one trace each, in turn: two counters on a line', async () => {
    const [a, b] = [file('w 0 8\n'.repeat(100)), file('w 8 8\n'.repeat(100))];
    const result = await json(a, b, '--region', 'stats=0+16');
    expect(result).toMatchObject({
      cores: 2,
      Dw: 200,
      coherence: { transfers: 199, trueSharing: 0, falseSharing: 198 },
      traces: [
        { trace: a, accesses: 100 },
        { trace: b, accesses: 100 },
      ],
      sharedLines: [{ address: 0, fields: ['stats'] }],
    });
    const { out } = await simulate(a, b);
    expect(out).toMatch(/^2 cores\n/m);
    expect(out).toMatch(/^transfers: +199 /m);
    expect(out).toMatch(/^0x0 +199 +0 +0 +198$/m);
  });

  test('the threads of a trace, on as many cores as there are', async () => {
    const text = (threads: number): string =>
      Array.from({ length: 60 }, (_, at) => ` ${at} ${at}: ${70 + (at % threads)} write 8 byte(s) @ 0x10\n`).join('');
    expect((await json(file(text(3)), '--cores', '3')).coherence.transfers).toBe(59);
    const { coherence, notes } = await json(file(text(3)), '--cores', '4');
    expect([coherence.transfers, notes]).toEqual([59, ['the trace names 3 threads: 1 of the 4 cores did nothing']]);
    expect((await json(file(text(4)), '--cores', '2')).coherence.transfers).toBe(59);
    expect((await json(file(text(2)), '--cores', '1')).coherence).toBeUndefined();
  });

  test('traces of other lengths: every access is played on its core, in its order', async () => {
    const rng = random(7);
    const traces = Array.from({ length: 3 }, (_, core) =>
      file(
        Array.from(
          { length: rng.between(1, 9000) },
          () => ` L ${(core * 2 ** 24 + rng.below(2 ** 18)).toString(16)},1\n`,
        ).join(''),
      ),
    );
    const together = await json(...traces, '--ll', '67108864,16,64');
    const alone = await Promise.all(traces.map((path) => json(path, '--ll', '67108864,16,64')));
    // Nothing is shared, and the last level holds all: each core misses as if it were alone.
    for (const counter of ['Dr', 'D1mr', 'DLmr']) {
      expect(together[counter], counter).toBe(alone.reduce((sum, one) => sum + one[counter], 0));
    }
    expect(together.coherence.transfers).toBe(0);
  });
});

test('what is wrong in one of several traces has its name', async () => {
  const [right, wrong] = [file(' L 10,4\n'.repeat(9000)), file(`${' L 10,4\n'.repeat(8000)}hello\n`)];
  const { exitCode, err } = await simulate(right, wrong);
  expect(exitCode).toBe(3);
  expect(err).toContain(`simulate: ${wrong}, trace line 8001, byte 64000: `);
});

test('with the flags of every habit the counts are those of the library’s defaults where they say the same', async () => {
  const plain = JSON.parse(readFileSync(`${TRACES}/expected-cachegrind.json`, 'utf8'));
  const { file: trace, expected } = plain.traces.radix;
  const { I1, D1, LL, counts } = expected[0];
  const args = [trace, '--i1', I1, '--d1', D1, '--ll', LL, '--traffic', '--usage', '--policy', 'lru', '--skip', '0'];
  const result = await json(...args);
  expect(plain.events.map((event: string) => result[event])).toEqual(counts);
});
