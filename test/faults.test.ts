// Faults: commands whose n-th call of the file system fails, or is the last, and what a shell does around them; what they leave behind is whole.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { BUDGET_SHARE, budget, random, withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import {
  CLI,
  type Clean,
  clean,
  contents,
  ended,
  filesOf,
  LEFTOVER,
  LINES,
  type Line,
  newFolder,
  nothingRuns,
  run,
  SLOW_LINES,
  spawned,
  useFolders,
} from './support/command-lines.ts';

useFolders();

const KINDS = ['SIGKILL', 'half', 'EIO', 'EACCES', 'ENOSPC', 'SIGTERM'] as const;
/** Faults of each command line that is drawn. `IDSPACE_TEST_BUDGET=30 npx vitest run test/faults.test.ts -t whole` tries every one, in some 20 minutes. */
const FEW = budget(20);

interface Fault {
  at: number;
  call: string;
  kind: (typeof KINDS)[number];
}

const DRAWN = withinBudget(Object.entries(LINES), { least: 2, seed: 4 }).map(
  ([name, line]) => [name, line, FEW] as const,
);
const SLOW = Object.entries(BUDGET_SHARE < 1 ? {} : SLOW_LINES).map(([name, line]) => [name, line, budget(3)] as const);

describe.each([...DRAWN, ...SLOW])('%s leaves its files whole', (_, line, few) => {
  test('whichever call of the file system fails, or is the last', async () => {
    const whole = await clean(line);
    const every = whole.calls.flatMap((call, at) => KINDS.map((kind): Fault => ({ at, call, kind })));
    const some = random(whole.calls.length)
      .shuffle([...every])
      .slice(0, few);
    const drawn = every.filter((fault) => some.includes(fault) || line.found?.includes(`${fault.call} ${fault.kind}`));
    const wrong: string[] = [];
    for (const fault of drawn) {
      try {
        await withFault(line, whole, fault);
      } catch (error) {
        wrong.push(`call ${fault.at} (${fault.call}), ${fault.kind}: ${(error as Error).message}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

async function withFault(line: Line, whole: Clean, { at, call, kind }: Fault): Promise<void> {
  const { args, out, beside, again = args, journal, depth = 0 } = line;
  const folder = newFolder();
  const before = filesOf(folder);
  const old = contents(folder, out);
  const ran = await run(args, folder, { FAULT_DEPTH: String(depth), FAULT_AT: String(at), FAULT_KIND: kind });
  const now = contents(folder, out);
  expect([old, whole.made]).toContain(now);
  expect([null, whole.beside]).toContain(contents(folder, beside));
  await nothingRuns(folder);
  const isKill = depth === 0 && (kind === 'half' || kind.startsWith('SIG'));
  // How often a stream reads is the machine's: the call may not come.
  const allowed: unknown[] =
    kind === 'SIGTERM' ? [0, 143, 'SIGTERM'] : isKill ? ['SIGKILL', ...(call === 'read' ? [0] : [])] : [0, 3];
  expect(allowed, ran.err).toContain(ran.signal ?? ran.code);
  expect(ran.err).not.toMatch(/^ {4}at /m); // a stack
  if (ran.code === 3) expect(ran.err).toMatch(/got [\s\S]*expected /);
  if (ran.code === 0) expect(now).toBe(whole.made);
  const kept = filesOf(folder).filter((name) => !before.includes(name) && ![out, beside, journal].includes(name));
  const isKept = isKill || call.startsWith('rm'); // what cannot be removed stays
  expect(kept.filter((name) => !(isKept && LEFTOVER.test(name)) && !(out ?? '').startsWith(`${name}/`))).toEqual([]);
  if (ran.code !== 0) {
    expect(await run(again, folder)).toMatchObject({ code: 0 });
    expect(contents(folder, out)).toBe(whole.made);
  }
  rmSync(folder, { recursive: true });
}

/** What a shell does to a command, and how it may end then. */
const AROUND: readonly (readonly [string, string, readonly (number | null)[]])[] = [
  ['a closed standard output', '"$@" >&-', [0, 3]],
  ['closed streams', '"$@" <&- >&- 2>&-', [0, 3]],
  ['a reader that has gone', '{ "$@"; echo $? > code; } | true; exit $(cat code)', [0, 3]],
  ['a full disk behind standard output', '"$@" > /dev/full', [3]],
  ['few open files', 'ulimit -n 32; "$@"', [0, 3]],
  ['a small stack', 'ulimit -s 512; "$@"', [0, 3]],
  ['little address space', 'ulimit -v 2000000; "$@"', [0, 3, 133, 134, null]], // Node.js itself ends by a signal
  ['a small limit to files', 'ulimit -f 2; "$@"', [0, 3]],
  ['a second of CPU time', 'ulimit -t 1; "$@"', [0, 3, 137, 152, null]], // the kernel ends it
  ['no more processes', 'ulimit -u 1; "$@"', [0, 3, 133, 134, null]], // root is not bound by it
];

test.each(withinBudget(AROUND, { least: 2 }))(
  '%s: files are whole, and the exit code tells',
  async (_, shell, codes) => {
    const lines = ['claims --report', 'sweep --out', 'plan'] as const;
    for (const name of withinBudget(lines, { seed: shell.length })) {
      const { args, out } = LINES[name]!;
      const whole = await clean(LINES[name]!);
      const folder = newFolder();
      const before = contents(folder, out);
      const ran = await ended(spawned(['sh', '-c', shell, 'sh', process.execPath, CLI, ...args], folder), folder);
      expect(codes, ran.err).toContain(ran.code);
      expect([before, whole.made]).toContain(contents(folder, out));
      if (ran.code === 0) expect(contents(folder, out)).toBe(whole.made);
      await nothingRuns(folder);
    }
  },
);

/** A file system of its own for what a command writes: where it is, what is done to it before, and how the command may end. */
const DISKS: readonly (readonly [string, string, readonly number[]])[] = [
  ['a read-only file system', 'mount -o remount,ro disk', [3]],
  ['a full disk', 'head -c 65536 /dev/zero > disk/ballast', [3]],
  // What a command has begun to write does not fit.
  ['a disk that is nearly full', 'head -c 65536 /dev/zero > disk/ballast; truncate -s -4096 disk/ballast', [0, 3]],
];
/** A user namespace, where anyone may mount: even root cannot write to what is read-only there. */
const ON_DISK = `mount -t tmpfs -o size=64k none disk && echo old > "disk/$1" || exit 99
eval "$2" 2> /dev/null
shift 2; "$@"; code=$?
cp -a disk/. after; exit $code`;
const MAY_MOUNT = spawnSync('unshare', ['-rm', 'mount', '-t', 'tmpfs', 'none', '/mnt']).status === 0;
if (!MAY_MOUNT) console.warn('SKIPPED: full disks and read-only folders, for want of a user namespace that may mount');

/** The command lines that write a file. */
const WRITING = Object.entries({ ...LINES, ...(BUDGET_SHARE < 1 ? {} : SLOW_LINES) }).filter(
  ([, { out, depth }]) => out !== undefined && depth === undefined,
);
const ON_DISKS = withinBudget(
  DISKS.flatMap((disk) => WRITING.map((line) => [line[0], disk[0], line[1], ...disk.slice(1)] as const)),
  { least: 3, seed: 5 },
) as [string, string, Line, string, readonly number[]][];

test.skipIf(!MAY_MOUNT).each(ON_DISKS)(
  '%s on %s: an old file is whole, and nothing is left beside it',
  async (_, _disk, line, prepare, codes) => {
    const folder = newFolder();
    for (const name of ['disk', 'after']) mkdirSync(join(folder, name));
    const name = basename(line.out!);
    const args = line.args.map((arg) => (arg === line.out ? `disk/${name}` : arg));
    const command = ['unshare', '-rm', 'sh', '-c', ON_DISK, 'sh', name, prepare, process.execPath, CLI, ...args];
    const ran = await ended(spawned(command, folder), folder);
    expect(codes, ran.err).toContain(ran.code);
    if (ran.code === 3) {
      expect(ran.err).toMatch(/got [\s\S]*expected /);
      expect(readFileSync(join(folder, 'after', name), 'utf8')).toBe('old\n');
    } else expect(readFileSync(join(folder, 'after', name), 'utf8').length).toBeGreaterThan(100);
    // A full disk still takes the name of a journal.
    const kept = [name, 'ballast', ...(line.journal === undefined ? [] : [basename(line.journal)])];
    expect(readdirSync(join(folder, 'after')).filter((file) => !kept.includes(file))).toEqual([]);
    await nothingRuns(folder);
  },
);

test.each(withinBudget(Object.entries(LINES).slice(0, 5), { seed: 2 }))(
  'a clock that jumps by days changes no answer: %s',
  async (_, line) => {
    const whole = await clean(line);
    const folder = newFolder();
    const { code, err } = await run(line.args, folder, { FAULT_DEPTH: '0', FAULT_KIND: 'later' });
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(contents(folder, line.out)).toBe(whole.made);
  },
);
