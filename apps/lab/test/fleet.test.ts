// Many checkpoints in one run, in every form, with some that cannot be read.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CHECKPOINTS, Collector, idspace } from './support/run.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'idspace-fleet-'));
  mkdirSync(join(folder, 'fleet'));
  const archive = (name: string, inner: string): Buffer => {
    cpSync(join(CHECKPOINTS, name), join(folder, name, inner), { recursive: true });
    writeFileSync(join(folder, name, 'dump.log'), 'Version: 4.2 (gitid 0)\nRunning on h Linux 6.18.44 #1 SMP\n');
    writeFileSync(join(folder, name, 'config.dump'), '{"name":"web","id":"0123456789abcdef"}');
    return execFileSync('tar', ['-c', '-C', join(folder, name), inner, 'dump.log', 'config.dump']);
  };
  writeFileSync(join(folder, 'fleet', 'sparse.tar'), archive('sparse', 'checkpoint'));
  writeFileSync(join(folder, 'fleet', 'ids.tar.zst'), gzipSync(archive('ids-1e6-2e6', './checkpoint')));
  writeFileSync(join(folder, 'fleet', 'cut.tar'), archive('three-timers', 'checkpoint').subarray(0, 3000));
  writeFileSync(join(folder, 'fleet', 'notes.txt'), 'not a checkpoint');
  cpSync(join(CHECKPOINTS, 'int-max'), join(folder, 'fleet', 'int-max'), { recursive: true });
});
afterAll(() => rmSync(folder, { recursive: true }));

const plan = (...args: string[]): ReturnType<typeof idspace> => idspace(['plan', ...args], { folder });

test('a folder is a fleet: a row for each checkpoint, the worst first, and all together', async () => {
  const { out, exitCode } = await plan('fleet', '--kernel', '6.1', '--criu', '4.2');
  const rows = out.split('\n').filter((line) => /^(fleet\/|Together)/.test(line) && !line.includes('`'));
  expect(rows.map((row) => row.split(/\s{2,}|\s(?=\d|ok|–)/)[0])).toEqual([
    'fleet/cut.tar',
    'fleet/int-max',
    'fleet/ids.tar.zst',
    'fleet/sparse.tar',
    'Together',
  ]);
  expect(rows[1]).toMatch(/^fleet\/int-max +1 +2 +2,147,483,647 +ok +2,147,483,649 +32\.0 min +0$/);
  expect(rows[4]).toMatch(/^Together +3 +\d+ +2,147,483,647 +3 of 4 ok +2,149,48\d,\d+ +32\.0 min +0$/);
  expect(out).toMatch(/^Not read:\n {2}\S+cut\.tar, byte \d+: got checkpoint\/\S+ of \d+ bytes with \d+ left/m);
  expect(out).toMatch(/^fleet\/int-max takes longest: `idspace plan fleet\/int-max` tells/m);
  expect(out).not.toContain('notes.txt');
  expect(exitCode).toBe(3);
});

test('long paths keep their ends, within the width of a terminal', async () => {
  const screen = Object.assign(new Collector(), { isTTY: true });
  await idspace(['plan', CHECKPOINTS, '--kernel', '6.1'], { folder, out: screen });
  const out = screen.text;
  const table = out.split('\n\n')[1]!.split('\n');
  expect(table.slice(2).map((row) => row.split(/ {2,}/)[0])).toContainEqual(expect.stringMatching(/^…\S+\/int-max$/));
  expect(Math.max(...table.map((row) => row.length))).toBeLessThanOrEqual(100);
});

test('paths are whole where no terminal is to be fitted', async () => {
  const { out } = await plan(CHECKPOINTS, '--kernel', '6.1');
  const paths = out
    .split('\n\n')[1]!
    .split('\n')
    .slice(2)
    .map((row) => row.split(/ {2,}/)[0]);
  expect(paths).toContain(join(CHECKPOINTS, 'int-max'));
  expect(paths.join('')).not.toContain('…');
});

test('--all shows every reason', async () => {
  const field = ['criu-field', 'criu-ids'].map((name) => join(CHECKPOINTS, '..', name));
  const some = (await plan(...field)).out;
  const [, left] = /… and (\d+) other reasons: --all shows each\n/.exec(some) ?? [];
  const all = (await plan(...field, '--all')).out;
  const reasons = (text: string): number => text.split('\n').filter((line) => /^ {2}\d+ × /.test(line)).length;
  expect(reasons(some)).toBe(8);
  expect(reasons(all)).toBe(8 + Number(left));
  expect(all).not.toContain('other reason');
});

test('what cannot be read is named on stderr, too: of many some', async () => {
  const { out, err, exitCode } = await plan('fleet');
  expect(exitCode).toBe(3);
  expect(err).toMatch(/^idspace plan: \S+cut\.tar, byte \d+: got [^\n]*\n$/);
  expect(out).toMatch(/^Not read:$/m);
  const many = Array.from({ length: 25 }, (_, index) => `nowhere-${index}`);
  const told = (await plan(...many)).err.trimEnd().split('\n');
  expect(told.filter((line) => /nowhere-\d+/.test(line))).toHaveLength(20);
  expect(told.at(-1)).toBe('idspace plan: … and 5 more cannot be read');
});

test('one that fails stands above all that succeed, one that hangs above it', async () => {
  const names = ['three-timers', 'clocks-and-notify-kinds', 'sparse'];
  const args = ['plan', ...names, '--kernel', 'dense', '--criu', '3.18', '--sigpending', '9'];
  const { out, exitCode } = await idspace(args, { folder: CHECKPOINTS });
  const rows = out
    .split('\n')
    .filter((line) => /^(three-timers|clocks-and-notify-kinds|sparse|Together) +\d/.test(line));
  expect(rows.map((row) => row.split(' ')[0])).toEqual([...names.toReversed(), 'Together']);
  expect(rows.map((row) => / (ok|hangs|exceeds-limit|1 of 3 ok) /.exec(row)?.[1])).toEqual([
    'hangs',
    'exceeds-limit',
    'ok',
    '1 of 3 ok',
  ]);
  expect(rows[3]).toMatch(/ ∞ +∞ /);
  expect(exitCode).toBe(0);
});

test('what goes to one node is added up, where it does not fit', async () => {
  const enough = await plan('three-timers', 'ids-1e6-2e6', '--sigpending', '5');
  expect(enough.out).not.toContain('On one node');
  const none = (await plan('three-timers', 'ids-1e6-2e6', '--sigpending', '4')).out.replace(/\s+/g, ' ');
  expect(none).toContain(
    'On one node the 5 timers of those that can be restored are charged to one user, and the lowest RLIMIT_SIGPENDING is 4: they do not all fit.',
  );
  const beside = (await plan('three-timers', 'ids-1e6-2e6', '--sigpending', '5', '--sigq', '1')).out.replace(
    /\s+/g,
    ' ',
  );
  expect(beside).toContain('of those that can be restored, beside 1 signal,');
});

test('JSON of a fleet: plans and errors in the order of the paths', async () => {
  const { out, exitCode } = await plan('fleet', '--json');
  const { checkpoints } = JSON.parse(out);
  expect(checkpoints.map(({ path }: { path: string }) => path)).toEqual(
    ['cut.tar', 'ids.tar.zst', 'int-max', 'sparse.tar'].map((name) => `fleet/${name}`),
  );
  expect(checkpoints[0].error).toEqual({ code: 'truncated', message: expect.stringContaining('cut.tar') });
  expect(checkpoints[1].plan.totals).toMatchObject({ timers: 2, outcome: 'ok' });
  expect(exitCode).toBe(3);
});

test('an archive is planned as the folder it was made of', async () => {
  for (const [archive, checkpoint] of [
    ['fleet/ids.tar.zst', 'ids-1e6-2e6'],
    ['fleet/sparse.tar', 'sparse'],
  ] as const) {
    const of = async (path: string): Promise<object> =>
      JSON.parse((await plan(path, '--json', '--kernel', '6.1')).out).checkpoints[0].plan;
    expect(await of(archive)).toEqual(await of(join(CHECKPOINTS, checkpoint)));
  }
});

test('where a checkpoint comes from stands in the JSON', async () => {
  const { out } = await plan('fleet/sparse.tar', '--json');
  // biome-ignore format: what belongs together stands in a row
  expect(JSON.parse(out).checkpoints).toMatchObject([
    {
      path: 'fleet/sparse.tar', format: 'criu-v1.1', kernelRelease: '6.18.44', criuVersion: '4.2', pod: null,
      containers: [{ name: 'web', id: '0123456789abcdef', pod: null }],
    },
  ]);
});

test('where a checkpoint comes from stands below its name', async () => {
  expect((await plan('fleet/sparse.tar')).out).toMatch(
    /^fleet\/sparse\.tar: .*\nDumped by CRIU 4\.2 on Linux 6\.18\.44 · container web \(0123456789ab\)\n\n/,
  );
});

test('--pid plans a process that still runs', async () => {
  const { out, exitCode } = await plan('--pid', String(process.pid));
  expect(out).toMatch(new RegExp(`^/proc/${process.pid}: 1 process, 0 timers`));
  expect(out).toMatch(/^Running on Linux \d\S+ · a listing: intervals and values are unknown$/m);
  expect(exitCode).toBe(0);
});

test('a listing in a file is a checkpoint of one process', async () => {
  const path = join(folder, 'timers.txt');
  writeFileSync(path, 'ID: 2000000\nsignal: 14/0000000000000000\nnotify: signal/pid.7\nClockID: 1\n');
  expect(JSON.parse((await plan(path, '--json')).out).checkpoints[0]).toMatchObject({
    path,
    format: 'proc-timers',
    plan: { processes: [{ pid: 7, timers: [{ id: 2_000_000, signo: 14, sival: '0' }], outcome: 'ok' }] },
  });
  expect(readFileSync(path, 'utf8')).toContain('2000000');
});

describe('a large fleet', () => {
  const names = (name: string, times: number): string[] => Array<string>(times).fill(join(CHECKPOINTS, name));
  const paths = [...names('three-timers', 40), ...names('sparse', 12), 'nowhere', ...names('int-max', 2)];
  const labels = (out: string): string[] => {
    return out
      .split('\n\n')[1]!
      .split('\n')
      .slice(2)
      .map((row) => row.split(/ {2,}/)[0]!);
  };

  test('shows what needs attention, and sums up the rest', async () => {
    const { out, exitCode } = await plan(...paths, '--kernel', '6.1', '--criu', '4.2');
    expect(out).toMatch(/^55 checkpoints · CRIU 4\.2 on Linux 6\.1 · 3 need attention\n/);
    expect(labels(out)).toEqual(
      [
        'nowhere',
        expect.stringMatching(/int-max$/),
        expect.stringMatching(/int-max$/),
        '52 others',
        'Together',
        '',
      ].slice(0, labels(out).length),
    );
    expect(out).toMatch(/^52 others +52 +156 +[\d,]+ +52 of 52 ok +[\d,]+ +\d+\.\d µs|ms +0$/m);
    expect(out).toMatch(/^Together +54 .* 54 of 55 ok /m);
    expect(out).toMatch(/^Not read:\n {2}\S*nowhere: got no such file/m);
    expect(out).toMatch(/^Why:\n {2}2 × takes more than 1\.00 s\n/m);
    expect(out.replace(/\s+/g, ' ')).toContain('--all shows a row for each checkpoint.');
    expect(exitCode).toBe(3);
  });

  test('--all unfolds it', async () => {
    const { out } = await plan(...paths, '--kernel', '6.1', '--all');
    expect(labels(out).filter((label) => label.startsWith('/'))).toHaveLength(54);
    expect(out).not.toContain('others');
    expect(out).not.toContain('--all');
  });

  test('--fail-over says what is slow', async () => {
    const { out } = await plan(...paths, '--kernel', '6.1', '--criu', '4.2', '--fail-over', '3600');
    expect(out).toMatch(/· 1 needs attention\n/);
    expect(out).toContain('54 others');
  });

  test('many of the same trouble are summed up, with the reason said once', async () => {
    const { out } = await plan(...names('sparse', 100), '--kernel', 'dense', '--criu', '3.19');
    expect(labels(out).filter((label) => label.startsWith('/'))).toHaveLength(29);
    expect(out).toMatch(/^71 others .* 0 of 71 ok /m);
    expect(out).toMatch(/^Why:\n {2}100 × fails: Can't create timers, kernel don't give them consequently\n\n/m);
  });

  test('none needs attention', async () => {
    const { out } = await plan(...names('sparse', 3), '--kernel', '6.18', '--criu', '4.2');
    expect(out).toMatch(/^3 checkpoints .* · none needs attention\n/);
    expect(out).not.toMatch(/^(Why|Not read):/m);
  });
});

test.each([
  [['--matrix'], ['dense', 'xarray', 'reversed', 'sigev-bit', 'restricted:65536']],
  [[], ['dense', 'xarray']],
])('%j --released leaves out kernels that never were', async (args, proposed) => {
  const path = join(CHECKPOINTS, 'sparse');
  const [all, released] = [await plan(path, ...args), await plan(path, ...args, '--released')];
  for (const kernel of proposed) {
    expect(all.out).toMatch(new RegExp(`\\b${kernel}\\b`));
    expect(released.out).not.toMatch(new RegExp(`^${kernel} | ${kernel} `, 'm'));
  }
  expect(released.out).toMatch(/\b6\.1\b/);
  const asked = await plan(path, ...args, '--released', '--kernel', 'dense');
  expect(asked.out).toContain('dense');
});
