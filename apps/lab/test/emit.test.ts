// Plans printed as their calls, as a file and as a C program; the programs are compiled and run where that can be.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import {
  type CheckpointTimer,
  parsePlan,
  planRestore,
  type RestorePlan,
  readCheckpoint,
} from '@idspace/restore-planner';
import { withinBudget } from '@idspace/testkit';
import { afterAll, describe, expect, test } from 'vitest';
import { printable, printableLines } from '../src/format/printable.ts';
import { C_PROGRAM } from '../src/installed.ts';
import { cInteger, cString } from '../src/plan/emit/c-text.ts';
import { emitC } from '../src/plan/emit/emit-c.ts';
import { emitText } from '../src/plan/emit/emit-text.ts';
import { compile, HAS_GCC, removeCompiled, runBinary } from './support/gcc.ts';
import { madeCheckpoint, madeTimer } from './support/made-checkpoint.ts';
import { CHECKPOINTS, idspace, PLAIN } from './support/run.ts';

const CASES = readdirSync(CHECKPOINTS).sort();
const TODAY = { kernel: '6.18', criu: '4.2' };
const plan = (...args: string[]): ReturnType<typeof idspace> => idspace(['plan', ...args], { folder: CHECKPOINTS });

describe('--emit text', () => {
  test('a line for each run of equal calls', async () => {
    const { out, exitCode } = await plan('ids-1e6-2e6', '--kernel', '6.1', '--emit', 'text');
    expect(out).toBe(`ids-1e6-2e6: the calls of CRIU 4.2 on Linux 6.1

process 12010: 2 timers, 5 steps
  1  prctl(PR_TIMER_CREATE_RESTORE_IDS, ON) → EINVAL: refused
  2  1,000,000 times: timer_create, timer_delete → IDs 0 … 999,999
  3  timer_create for timer 1,000,000 (CLOCK_MONOTONIC, none) → ID 1,000,000
  4  999,999 times: timer_create, timer_delete → IDs 1,000,001 … 1,999,999
  5  timer_create for timer 2,000,000 (CLOCK_MONOTONIC, none) → ID 2,000,000
  → ok: next ID 2,000,001
`);
    expect(exitCode).toBe(0);
  });

  test.each([
    [['dense', '3.18'], /→ hangs: from here on the same calls come again and again\n$/],
    [['dense', '4.2'], /→ fails\n {4}Can't create timers, .*\n {4}Can't restore posix timers -1\n$/],
    [
      ['6.18', '4.2', '--sigpending', '1'],
      /→ EAGAIN: refused\n.*OFF\)\n {2}→ exceeds-limit\n {4}Can't create posix timer - 1: -11\n/,
    ],
  ])('%j', async ([kernel, criu, ...more], ending) => {
    const { out } = await plan('sparse', '--kernel', kernel!, '--criu', criu!, ...more, '--emit', 'text');
    expect(out).toMatch(ending);
  });
});

describe('--emit text of a restore that other IDs decide', () => {
  const IDS = `${CHECKPOINTS}/../criu-ids`;
  test.each([
    [
      'pty-32-then-0',
      /there are none\. The outcome of the whole restore is fails\.\nWill fail: pseudo-terminal 32 is more/,
    ],
    ['pids', /Only calls for timers are shown, and there are none\. The outcome of the whole restore is ok\.\n$/],
  ])('%s', async (name, ending) => {
    expect((await plan(`${IDS}/${name}`, '--emit', 'text')).out).toMatch(ending);
  });

  test('timers come back, and the restore fails', async () => {
    const made = { ...planRestore(madeCheckpoint([madeTimer(0)]), TODAY), outcome: 'fails' as const };
    expect(emitText(made, 'x', PLAIN)).toContain(
      'Only calls for timers are shown. The outcome of the whole restore is fails.',
    );
  });

  test('where they tell the outcome, nothing is added', async () => {
    expect((await plan('sparse', '--kernel', 'dense', '--emit', 'text')).out).not.toContain('whole restore');
  });
});

test.each([
  ['clock-10', [], /There are no timers on CLOCK_SGI_CYCLE.*Way out: /],
  ['shared-limit', [], /Way out: raise RLIMIT_SIGPENDING/],
  ['../criu/sparse', ['--kernel', 'dense'], /with --kernel 6\.18 --criu 4\.2 it succeeds/],
  ['none-signo-0', ['--criu', '3.18'], /with --kernel 6\.18 --criu 4\.2 it succeeds/],
])('--emit c names another pair only where one succeeds: %s %j', async (name, flags, way) => {
  const field = `${CHECKPOINTS}/../criu-field/${name}`;
  const { exitCode, out, err } = await plan(field, '--emit', 'c', ...flags);
  expect({ exitCode, out }).toEqual({ exitCode: 3, out: '' });
  expect(err).toMatch(way);
  const [, kernel, criu] = /--kernel (\S+) --criu (\S+)/.exec(err) ?? [];
  if (kernel !== undefined)
    expect((await plan(field, '--emit', 'c', '--kernel', kernel, '--criu', criu!)).exitCode).toBe(0);
});

describe('--emit json', () => {
  test.each(CASES)('%s comes back with its steps', async (name) => {
    const { out } = await plan(name, '--kernel', '6.1', '--emit', 'json');
    const checkpoint = await readCheckpoint(`${CHECKPOINTS}/${name}`);
    expect(JSON.parse(out).checkpoints).toHaveLength(1);
    const { processes, totals } = planRestore(checkpoint, { kernel: '6.1', criu: '4.2' });
    expect(parsePlan(out)).toMatchObject({ processes, totals });
  });

  test('several are one document', async () => {
    const { checkpoints } = JSON.parse((await plan('sparse', 'int-max', '--emit', 'json')).out);
    expect(checkpoints.map(({ path }: { path: string }) => path)).toEqual(['sparse', 'int-max']);
    expect(parsePlan(JSON.stringify(checkpoints[1].plan)).totals.timers).toBe(2);
  });
});

test.each([
  [
    'two checkpoints in a program',
    ['sparse', 'int-max', '--emit', 'c'],
    2,
    /--emit c: got 2 checkpoints, expected one/,
  ],
  [
    'a plan that fails in a program',
    ['sparse', '--emit', 'c', '--kernel', 'dense'],
    3,
    /process 11884: the outcome is 'fails', expected 'ok'/,
  ],
  ['an unknown form', ['sparse', '--emit', 'rust'], 2, /--emit: got 'rust', expected one of text, json, c/],
  ['two documents in one run', ['sparse', '--emit', 'text', '--json'], 2, /--json: got it beside --emit/],
])('%s', async (_, args, expected, message) => {
  const { exitCode, out, err } = await plan(...args);
  expect({ exitCode, out }).toEqual({ exitCode: expected, out: '' });
  expect(err).toMatch(message);
});

test('a plan that may succeed is a program, and its calls end with what CRIU prints if not; one past the limit is none', async () => {
  const field = `${CHECKPOINTS}/../criu-field`;
  expect((await plan(`${field}/alarm-clock`, '--emit', 'c')).out).toContain('{ 1, 8, 0, 10, 0ULL,');
  const { out } = await plan(`${field}/alarm-clock`, '--emit', 'text');
  expect(out).toContain("→ ok if the target grants them: next ID 2; else\n    Can't create posix timer - 1: -95\n");
  expect(await plan(`${field}/shared-limit`, '--emit', 'c')).toMatchObject({
    exitCode: 3,
    out: '',
    err: expect.stringContaining("process 15479: the outcome is 'exceeds-limit', expected 'ok'"),
  });
});

test('a checkpoint without timers makes no program', () => {
  expect(() => emitC(planRestore(madeCheckpoint([]), TODAY), 'x')).toThrow('x: no process has POSIX timers');
});

/** Texts that would leave a comment or a string, join lines, reorder what a reader sees, or reach the terminal of the program. */
const HOSTILE = [
  'a*/ int x;\n\\u002a/ b',
  '*/ }; int evil(void) { return 1; } /*',
  '/*/ // /**/ *\\',
  '*\\\n/ int evil; /*',
  '*??/\n/ int evil; /*',
  '"; int evil; char *s = "',
  '??/" ??/??/ ??(??) %s %n',
  'ends in a backslash \\',
  'ends in a trigraph ??/',
  '\u202e\u2066 reordered \u0000 \u001b[2J \u2028 \ud800 \u{e0041}',
  '\\u2028 \\x41 \\101 \\N{DEL} 名前 é',
  `#define evil\r\n#include "/etc/passwd"`,
];

describe('what comes from outside stays in its place', () => {
  test.each(HOSTILE)('in a comment: %j', (text) => {
    const plan = { ...planRestore(madeCheckpoint([madeTimer(0)]), TODAY), kernel: `6.18-${text}`, criu: text };
    const source = emitC(plan, text);
    const comment = source.slice(0, source.indexOf('*/'));
    expect(comment).toContain('SPDX-License-Identifier: MIT');
    expect(comment.slice(2)).not.toMatch(/\/\*|\\|\?\?/);
    expect(printableLines(source)).toBe(source);
  });

  test.each(HOSTILE)('in a string: %j', (text) => {
    const literal = cString(text);
    expect(literal).toMatch(/^"(?:[ !#->@-[\]-~]|\\[0-3][0-7]{2})*"$/);
    const bytes = literal.slice(1, -1).replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(parseInt(octal, 8)));
    expect(Buffer.from(bytes, 'latin1').toString()).toBe(printable(text));
  });

  test.each(['1; int evil', Number.NaN, 1.5, Infinity, undefined])('as a number: %j', (value) => {
    expect(() => cInteger(value as number)).toThrow(RangeError);
  });

  test('a kernel that closes the comment', async () => {
    const { out, exitCode } = await plan('sparse', '--kernel', '6.18-*/int/**/evil;/*', '--emit', 'c');
    expect(exitCode).toBe(0);
    expect(out.slice(0, out.indexOf('*/'))).toContain('on Linux 6.18-* /int/ ** /evil;/ * would');
  });
});

describe.skipIf(!HAS_GCC)('--emit c', () => {
  afterAll(removeCompiled);

  /** Runs a plan's program; one that needs restore mode where the kernel has none is told apart. */
  function run(plan: RestorePlan): { status: number | null; stdout: string } | null {
    const { status, stdout, stderr } = runBinary(compile(emitC(plan, 'a test')));
    expect(stderr).toBe('');
    if (status !== 2) return { status, stdout };
    expect(stdout).toContain('this kernel has no restore mode');
    console.warn('SKIPPED: an emitted C program, as this kernel has no restore mode (Linux 6.15 has)');
    return null;
  }

  function verified(plan: RestorePlan): string {
    const ran = run(plan);
    if (ran === null) return '';
    expect(ran.stdout).not.toMatch(/DIFFERS|NOT VERIFIED/);
    expect(ran.status, ran.stdout).toBe(0);
    expect(ran.stdout.match(/^ {2}verified$/gm)).toHaveLength(plan.processes.filter((p) => p.timers.length > 0).length);
    return ran.stdout;
  }

  test('its program is a file that compiles and runs as it is', () => {
    const { status, stdout, stderr } = runBinary(compile(readFileSync(C_PROGRAM, 'utf8')));
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^process 1: 2 timers by create and delete$[\s\S]*^ {2}verified$/m);
  });

  test.each(HOSTILE)('compiles with %j in every place, and says nothing new', (text) => {
    const timer = madeTimer(5, { clock: (~8 << 3) | 2, clockName: text });
    const plan = planRestore(madeCheckpoint([timer], [madeTimer(1)], []), TODAY);
    const source = emitC({ ...plan, kernel: `6.18-${text}`, criu: text }, text);
    expect(
      compile(source, ['-Wcomment', '-Wtrigraphs', '-trigraphs', '-Wbidi-chars=any', '-fsyntax-only']),
    ).toBeTruthy();
    expect(source.replace(/"[^"]*"/g, '').replace(/\/\*.*?\*\//gs, '')).not.toContain('evil');
  });

  test.each(withinBudget(CASES, { least: 2 }))('%s by restore mode', async (name) => {
    const out = verified(planRestore(await readCheckpoint(`${CHECKPOINTS}/${name}`), TODAY));
    if (out !== '') expect(out).toMatch(/restore mode on\n.*restore mode off\n/s);
  });

  test.each(withinBudget(['three-timers', 'sparse', 'clocks-and-notify-kinds']))('%s by the dance', async (name) => {
    const checkpoint = await readCheckpoint(`${CHECKPOINTS}/${name}`);
    verified(planRestore(checkpoint, { kernel: '6.1', criu: '4.1' }));
    expect(verified(planRestore(checkpoint, { kernel: '6.1', criu: '4.2' }))).toContain('refused is left out');
  });

  test('every clock, kind and time; what would end the program is replaced, and said', () => {
    const long = { sec: 2n ** 63n - 1n, nsec: 999_999_999n };
    const short = { sec: 0n, nsec: 1n };
    const timers: CheckpointTimer[] = [
      madeTimer(1, { notify: 'signal', signo: 9, value: short, interval: short }), // SIGKILL
      madeTimer(2, { notify: 'signal', signo: 11, value: short, interval: short, sival: 2n ** 64n - 1n }), // SIGSEGV
      madeTimer(3, { notify: 'signal', signo: 2, value: short }), // SIGINT
      madeTimer(4, { clock: -6, notify: 'thread', signo: 33, value: long, interval: long }),
      madeTimer(5, { clock: -2, notify: 'thread-id', signo: 34, notifyThreadId: 7, interval: { sec: 5n, nsec: 3n } }),
      madeTimer(6, { clock: (~8 << 3) | 2, value: { sec: 100n, nsec: 0n } }),
      madeTimer(7, { clock: 2 }),
      madeTimer(30, { clock: 7, value: { sec: 3600n, nsec: 5n }, interval: { sec: 1n, nsec: 0n } }),
    ];
    const family = madeCheckpoint(timers, [madeTimer(4), madeTimer(2)], []);
    for (const kernel of ['6.18', '6.1']) {
      const out = verified(planRestore(family, { kernel, criu: kernel === '6.1' ? '3.18' : '4.2' }));
      if (out === '') continue;
      expect(out).toContain('timer 1: SIGEV_NONE: SIGKILL cannot be blocked\n');
      expect(out).toContain("timer 5: a signal goes to this program's thread, not to thread 7\n");
      expect(out).toContain('timer 6: the clock is the CLOCK_PROCESS_CPUTIME_ID, not the CPU time of process 8\n');
      expect(out).toContain('timer_gettime: 7 armed, 1 disarmed');
      expect(out).toContain('nothing is restored');
    }
  });

  test('a plan that is wrong is not verified', () => {
    const plan = planRestore(madeCheckpoint([madeTimer(5)]), { kernel: '6.1', criu: '4.1' });
    const skipping = structuredClone(plan);
    Object.assign(skipping.processes[0]!.steps[0]!, { pairs: 4 });
    expect(run(skipping)).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('DIFFERS: timer_create gave ID 4, expected 5'),
    });
  });

  test('a dance can be stopped', async () => {
    const endless = planRestore(madeCheckpoint([madeTimer(2 ** 31 - 1)]), { kernel: '6.1', criu: '4.1' });
    const program = spawn(compile(emitC(endless, 'a test')), { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
    let out = '';
    let isStopped = false; // what it prints when it is stopped comes here, too
    program.stdout.on('data', (data) => {
      out += data;
      if (isStopped || !out.includes('by create and delete')) return;
      isStopped = true;
      setTimeout(() => process.kill(-program.pid!, 'SIGINT'), 100);
    });
    expect(await once(program, 'close')).toEqual([130, null]);
    expect(out).toMatch(/ {2}stopped at ID \d+\n {2}NOT VERIFIED\n$/);
  });
});
