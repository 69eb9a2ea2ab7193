// Limits of what is looked at in /proc and /sys, reached in folders that are made for it: docs/limits.md names these rows.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { BUDGET_SHARE } from '@idspace/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { gatherFacts } from '../src/facts/facts.ts';
import { numbersInUse } from '../src/facts/numbers-in-use.ts';
import { readSelf } from '../src/facts/self.ts';
import { seeIds } from '../src/probe/see-ids.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'idspace-limits-'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

test('bytes of an inotify file', () => {
  mkdirSync(join(root, 'a/7/fd'), { recursive: true });
  symlinkSync('anon_inode:inotify', join(root, 'a/7/fd/5'));
  const first = 'inotify wd:1 \n';
  const blanks = 16 * 2 ** 20 - 2 * first.length;
  const end = (watches: number): string =>
    `${first}${' '.repeat(blanks - 1)}\n${Array.from({ length: watches }, (_, at) => `inotify wd:${at + 2} \n`).join('')}`;
  write('a/7/fdinfo/5', end(1));
  expect(seeIds(7, join(root, 'a')).watches).toEqual(new Map([[5, { highest: 2, count: 2 }]]));
  write('a/7/fdinfo/5', end(2));
  expect(seeIds(7, join(root, 'a')).watches).toEqual(new Map([[5, { highest: 2, count: 2 }]]));
});

// Takes seconds.
test.runIf(BUDGET_SHARE >= 1)('threads of a process', () => {
  mkdirSync(join(root, 'b/7/task'), { recursive: true });
  for (let tid = 1; tid <= 10_001; tid++) writeFileSync(join(root, `b/7/task/${tid}`), '');
  expect(seeIds(7, join(root, 'b')).tasks).toHaveLength(10_000);
});

test('bytes of mountinfo', () => {
  const line = '22 1 0:5 / /there rw - proc proc rw\n';
  const filler = (length: number): string => `${'x'.repeat(length - 1)}\n`;
  const there = (before: number): unknown => {
    write('c/self/mountinfo', filler(before) + line);
    return readSelf(join(root, 'c')).mountAt('/there');
  };
  expect(there(2 ** 24 - line.length)).toMatchObject({ type: 'proc', options: 'rw' });
  expect(there(2 ** 24)).toBeUndefined();
});

test('possible CPUs', () => {
  const found = (list: string): ReturnType<typeof gatherFacts> => {
    write('d/devices/system/cpu/possible', list);
    return gatherFacts({ proc: join(root, 'none'), sys: join(root, 'd'), pts: join(root, 'none'), criu: () => '4.2' });
  };
  expect(found('0-1048575\n').machine.possibleCpus).toBe(2 ** 20);
  const over = found('0-1048576\n');
  expect([over.machine.possibleCpus, over.unseen.find(({ key }) => key === 'possibleCpus')?.why]).toEqual([
    undefined,
    expect.stringContaining('lists 1048577 CPUs'),
  ]);
});

const stat = (pid: number, command: string): string => `${pid} (${command}) S 1 ${pid} ${pid} 0 -1 0 1\n`;
const used = (proc: string): unknown => numbersInUse(join(root, proc), 1, () => false);

test('process numbers', () => {
  for (const pid of [2 ** 22, 2 ** 22 + 1]) {
    write(`e/${pid}/stat`, stat(pid, 'x'));
    mkdirSync(join(root, `e/${pid}/task`));
  }
  expect(used('e')).toEqual([{ number: 2 ** 22, as: 'pid', command: 'x', pid: 2 ** 22 }]);
});

test('characters of a command, and bytes of a stat', () => {
  mkdirSync(join(root, 'f/7/task'), { recursive: true });
  const commandOf = (length: number): unknown => {
    write('f/7/stat', stat(7, 'x'.repeat(length)));
    const numbers = used('f');
    return typeof numbers === 'string' ? numbers : (numbers as { command: string }[])[0]!.command.length;
  };
  expect([commandOf(64), commandOf(65), commandOf(4000)]).toEqual([64, 64, 64]);
  expect(commandOf(4096)).toMatch(/^1 of 1 processes cannot be read/);
});
