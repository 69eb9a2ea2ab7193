// Files that a command writes: tried first, then there as a whole or as they were.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { OutputFile } from '../src/cli/output-file.ts';
import { idspace } from './support/run.ts';
import { flagsOf, IDSPACE, SMALL } from './sweep/support.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'idspace-output-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const at = (name: string): string => join(folder, name);
const check = (name: string, inputs: string[] = []): OutputFile => OutputFile.check(name, folder, inputs);

describe('a file', () => {
  test('is not there before it is written, nor are its folders', async () => {
    const file = check('a/b/c.txt');
    expect(readdirSync(folder)).toEqual([]);
    await file.write(['one', ' two']);
    expect(readFileSync(at('a/b/c.txt'), 'utf8')).toBe('one two');
    expect(readdirSync(at('a/b'))).toEqual(['c.txt']);
  });

  test('replaces an old one, whose access it keeps', async () => {
    writeFileSync(at('old'), 'old');
    chmodSync(at('old'), 0o600);
    await check('old').write(['new']);
    expect(readFileSync(at('old'), 'utf8')).toBe('new');
    expect(statSync(at('old')).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['old']);
  });

  test('stays as it was where writing fails, and leaves nothing behind', async () => {
    writeFileSync(at('old'), 'old');
    const failing = function* (): Generator<string> {
      yield 'x'.repeat(2 ** 21);
      throw Object.assign(new Error('full'), { code: 'ENOSPC' });
    };
    await expect(check('old').write(failing())).rejects.toThrow(/old: got a full disk, expected a file that can be/);
    await expect(check('new/folder/file').write(failing())).rejects.toThrow('a full disk');
    expect(readFileSync(at('old'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['old']);
  });

  test('is written behind links, and the links stay', async () => {
    mkdirSync(at('sub'));
    writeFileSync(at('sub/there'), 'old');
    symlinkSync('sub/there', at('link'));
    symlinkSync('sub/missing', at('dangling'));
    symlinkSync('loop', at('loop'));
    await check('link').write(['1']);
    await check('dangling').write(['2']);
    expect([readFileSync(at('sub/there'), 'utf8'), readFileSync(at('sub/missing'), 'utf8')]).toEqual(['1', '2']);
    expect(() => check('loop')).toThrow(/loop: got links that lead to each other/);
    expect(readdirSync(folder).sort()).toEqual(['dangling', 'link', 'loop', 'sub']);
  });

  test('may be a device', async () => {
    await check('/dev/null').write(['x']);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    if (existsSync('/dev/full')) await expect(check('/dev/full').write(['x'])).rejects.toThrow('a full disk');
  });

  test('with a name as long as names can be', async () => {
    const name = 'n'.repeat(255);
    await check(name).write(['x']);
    expect(readdirSync(folder)).toEqual([name]);
    expect(() => check(`${name}n`)).toThrow(/got a name that is too long/);
  });

  test.each(['in', './in', 'link', 'hard'])('may not be an input: %s', (name) => {
    writeFileSync(at('in'), 'input');
    symlinkSync('in', at('link'));
    linkSync(at('in'), at('hard'));
    expect(() => check(name, ['other', 'in'])).toThrow(/^in: got it as input and as output, expected two files$/);
  });
});

/** Places where nothing can be written. */
const PLACES: readonly (readonly [name: string, path: string, got: RegExp])[] = [
  ['a folder', 'folder', /got a folder/],
  ['a folder, with a slash', 'folder/', /got a folder/],
  ['below a file', 'file/x/y', /got a path through a file/],
  ['below /proc', '/proc/x/y', /got a place where nothing can be made/],
  ['a file of /proc', '/proc/self/comm', /got /],
  ['below /sys', '/sys/x/y', /got /],
  ['a name that is too long', 'n'.repeat(300), /got a name that is too long/],
];

describe.each<[string, (path: string) => string[]]>([
  ['evaluate --report', (path) => ['evaluate', '--timers', '4000000', '--report', path]],
  ['evaluate --workload --report', (path) => ['evaluate', '--workload', 'thread-pool', '--report', path]],
  [
    'evaluate --workload gleixner-2025 --report',
    (path) => ['evaluate', '--workload', 'gleixner-2025', '--report', path],
  ],
  ['claims --report', (path) => ['claims', '--full', '--report', path]],
  ['demo --out', (path) => ['demo', '--out', path]],
  ['sweep --out', (path) => ['sweep', '--out', path]],
  ['merge --out', (path) => ['merge', 'nowhere', '--out', path]],
])('%s is tried before the work', (_, args) => {
  test.each(PLACES)('%s', async (_, path, got) => {
    mkdirSync(at('folder'));
    writeFileSync(at('file'), 'old');
    const { exitCode, out, err } = await idspace(args(path), { folder });
    expect({ exitCode, out }).toEqual({ exitCode: 3, out: '' });
    expect(err).toMatch(got);
    expect(err).toMatch(/expected a file that can be written\n$/);
    expect(readdirSync(folder).sort()).toEqual(['file', 'folder']);
  });
});

test('merge does not write over a shard', async () => {
  writeFileSync(at('shard.json'), '{}');
  const { exitCode, err } = await idspace(['merge', 'shard.json', '--out', './shard.json'], { folder });
  expect(exitCode).toBe(2);
  expect(err).toMatch(/shard\.json: got it as input and as output, expected two files/);
  expect(readFileSync(at('shard.json'), 'utf8')).toBe('{}');
});

test('evaluate does not write over the log', async () => {
  writeFileSync(at('log'), 'a log');
  const { exitCode } = await idspace(['evaluate', '--workload', 'strace:log', '--report', 'log'], { folder });
  expect(exitCode).toBe(2);
  expect(readFileSync(at('log'), 'utf8')).toBe('a log');
});

const QUICK = ['evaluate', '--timers', '20', '--designs', 'xarray', '--json'];

test('a limit to the size of files leaves the old report', () => {
  writeFileSync(at('report.html'), 'old');
  // Without the limit: in a clone where no test ran yet, this bundles the sources, which is more than the limit.
  expect(spawnSync(process.execPath, [...IDSPACE, '--version']).status).toBe(0);
  const command = ['-c', 'ulimit -f 4; "$@" > /dev/null', 'sh', process.execPath, ...IDSPACE, ...QUICK];
  const { status, stderr } = spawnSync('sh', [...command, '--report', 'report.html'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect(stderr).toMatch(/report\.html: got a limit to the size of files, expected a file that can be written\n$/);
  expect(status).toBe(3);
  expect(readFileSync(at('report.html'), 'utf8')).toBe('old');
  expect(readdirSync(folder)).toEqual(['report.html']);
});

test.each(['SIGINT', 'SIGTERM'] as const)('%s while it is written: a whole file, and none beside', async (signal) => {
  const program = `
    import { OutputFile } from ${JSON.stringify(new URL('../src/cli/output-file.ts', import.meta.url).href)};
    const file = OutputFile.check('out', ${JSON.stringify(folder)});
    function* pieces() {
      for (let i = 0; i < 40; i++) {
        if (i === 5) process.kill(process.pid, ${JSON.stringify(signal)});
        yield 'x'.repeat(2 ** 20);
      }
    }
    await file.write(pieces());
    setInterval(() => {}, 1000); // the signal ends it
  `;
  writeFileSync(at('program.mjs'), program);
  const flags = IDSPACE.slice(0, -1);
  const child = spawn(process.execPath, [...flags, at('program.mjs')], { stdio: 'inherit' });
  expect(await once(child, 'exit')).toEqual([null, signal]);
  expect(readdirSync(folder).sort()).toEqual(['out', 'program.mjs']);
  expect(statSync(at('out')).size).toBe(40 * 2 ** 20);
});

test('a journal that is not a file is refused', async () => {
  mkdirSync(at('sweep.json.journal'));
  const { exitCode, err } = await idspace(['sweep', ...flagsOf(SMALL), '--out', 'sweep.json'], { folder });
  expect(exitCode).toBe(3);
  expect(err).toMatch(/sweep\.json\.journal: got no regular file, expected a file that can be read and written/);
});
