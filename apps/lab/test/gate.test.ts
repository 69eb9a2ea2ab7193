// The gate of `idspace plan`: what passes, what does not, and what is told.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planRestore, type Target, WARNING_CODES } from '@idspace/restore-planner';
import { describe, expect, test } from 'vitest';
import { describeIt } from '../src/plan/describe-it.ts';
import { objections } from '../src/plan/gate.ts';
import { madeCheckpoint, madeTimer } from './support/made-checkpoint.ts';
import { CHECKPOINTS, idspace, ROOT } from './support/run.ts';

const plan = (...args: string[]): ReturnType<typeof idspace> => idspace(['plan', ...args], { folder: CHECKPOINTS });
const PAIR = ['--kernel', '6.1', '--criu', '4.2'];

const UNJUDGED =
  /^idspace plan: passed without judging processes, which depend on the machine \(to find out, `idspace probe --facts > node\.json` there, then `--on node\.json`\); inotify watches, .*: their images are/;

test.each([
  [
    'slower than allowed',
    ['ids-1e6-2e6', ...PAIR, '--fail-over', '1'],
    1,
    /takes 1\.79 s, and --fail-over allows 1\.00 s/,
  ],
  ['fast enough', ['ids-1e6-2e6', ...PAIR, '--fail-over', '2'], 0, UNJUDGED],
  ['not successful', ['sparse', '--kernel', 'dense', '--criu', '4.2', '--fail-over', '100'], 1, /outcome is 'fails'/],
  ['endless', ['sparse', '--kernel', 'dense', '--criu', '3.18', '--fail-over', '1e12'], 1, /outcome is 'hangs'/],
  ['past a limit', ['sparse', ...PAIR, '--sigpending', '1', '--fail-over', '9'], 1, /outcome is 'exceeds-limit'/],
  ['one of two', ['three-timers', 'int-max', ...PAIR, '--fail-over', '60'], 1, /^idspace plan: int-max does not pass/],
  ['a warning that is named', ['clocks-and-notify-kinds', '--fail-on', 'thread-cpu-clock'], 1, /has thread-cpu-clock/],
  ['a warning that is not there', ['sparse', '--fail-on', 'thread-cpu-clock'], 0, UNJUDGED],
  [
    'warnings, one of them there',
    ['clocks-and-notify-kinds', '--fail-on', 'bad-value,thread-cpu-clock'],
    1,
    /has thread-/,
  ],
  ['no warning named, but not successful', ['sparse', '--kernel', 'dense', '--fail-on', 'bad-value'], 1, /'fails'/],
  [
    'both reasons in one line',
    ['clocks-and-notify-kinds', ...PAIR, '--fail-over', '0', '--fail-on', 'mode-lost'],
    1,
    /takes .*; it has mode-lost/,
  ],
])('%s', async (_, args, expected, told) => {
  const { exitCode, out, err } = await plan(...args, '--json');
  const lines = err.trimEnd().split('\n');
  expect(lines.length).toBe(_ === 'fast enough' ? 2 : 1); // and whose rate that is
  expect({ exitCode, isTold: err !== '' }).toEqual({ exitCode: expected, isTold: true });
  expect(err).toMatch(told);
  expect(JSON.parse(out).checkpoints[0].plan).toBeDefined();
});

test.each<[string, string[]]>([
  ['one that passes beside it', ['three-timers', 'nowhere', ...PAIR, '--fail-over', '60']],
  ['one that does not pass beside it', ['int-max', 'nowhere', ...PAIR, '--fail-over', '60']],
  ['no other, in any form', ['nowhere', ...PAIR, '--fail-over', '60', '--matrix']],
  ['without a gate', ['nowhere', '--emit', 'json']],
])('what cannot be read comes before the gate: %s', async (_, args) => {
  expect((await plan(...args)).exitCode).toBe(3);
});

test.each<[string, string[], RegExp]>([
  ['no kernel', ['--criu', '4.2'], /--fail-over: got no --kernel, expected the pair to judge for: add --kernel 6\.18,/],
  ['no CRIU', ['--kernel', '6.1'], /--fail-over: got no --criu, /],
  ['neither', [], /--fail-over: got no --kernel and no --criu, /],
])('a limit of time with %s is misuse, before anything is read', async (_, args, told) => {
  const { exitCode, out, err } = await plan('nowhere', ...args, '--fail-over', '5');
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
  expect(err).toMatch(told);
});

test.each([
  ['thread-cpu-clok', /--fail-on: got 'thread-cpu-clok', expected thread-cpu-clock \(did you mean that\?\)/],
  ['bad-val', /expected bad-value \(did/],
  ['bad-d', /expected bad-id \(did/],
  ['everything', /expected some of .*bad-interval, /],
  ['', /got '', expected some of/],
  ['mode-lost,mode-lost', /expected each warning once, not mode-lost twice/],
  ['x'.repeat(100_000), /expected some of/],
])('--fail-on %.20s is misuse', async (codes, told) => {
  const { exitCode, err } = await plan('sparse', '--fail-on', codes);
  expect(exitCode).toBe(2);
  expect(err).toMatch(told);
});

test('many that do not pass are told in some lines', async () => {
  const paths = Array.from({ length: 30 }, () => 'int-max');
  const { err, exitCode } = await plan(...paths, ...PAIR, '--fail-over', '60');
  expect(exitCode).toBe(1);
  expect(err.trimEnd().split('\n')).toHaveLength(21);
  expect(err).toMatch(/… and 10 more of 30 do not pass\n$/);
});

test('it looks at the pair asked for, with the matrix and the calls too', async () => {
  for (const form of [['--matrix'], ['--emit', 'text'], ['--emit', 'json']]) {
    expect((await plan('int-max', ...form, ...PAIR, '--fail-over', '60')).exitCode).toBe(1);
  }
  expect((await plan('int-max', '--matrix', '--emit', 'text')).exitCode).toBe(2);
});

describe('what passes without being judged', () => {
  const IDS = join(CHECKPOINTS, '..', 'criu-ids');
  const NODE: Target = { pidMax: 4_194_304, taken: [], ptysTaken: [], aioNr: 0, aioMaxNr: 65_536, possibleCpus: 2 };
  const gate = ['--kernel', '6.18', '--criu', '4.2', '--fail-over', '5'];
  const written = (name: string, target: Target): string => {
    const path = join(mkdtempSync(join(tmpdir(), 'gate-')), `${name}.json`);
    writeFileSync(path, JSON.stringify({ format: 'idspace-target', version: 1, ...target }));
    return path;
  };

  test.each([
    [['pids'], 'processes'],
    [['pids', 'pty'], 'processes and terminals'],
    [['aio', 'pty', 'pids', 'pids'], 'processes, AIO rings and terminals'],
  ])('%j: one line, and the exit code stays 0', async (names, spaces) => {
    const { exitCode, err } = await idspace(['plan', ...names, ...gate], { folder: IDS });
    expect({ exitCode, err }).toEqual({
      exitCode: 0,
      err: `idspace plan: passed without judging ${spaces}, which depend on the machine (to find out, ${describeIt()})\n`,
    });
  });

  test('nothing is said where the machine is described, or where the gate trips', async () => {
    const passed = await idspace(['plan', 'pids', 'pty', ...gate, '--on', written('node', NODE)], { folder: IDS });
    expect(passed).toMatchObject({ exitCode: 0, err: '' });
    const known = await idspace(['plan', 'pids', ...gate, '--on', written('node', { pidMax: 100 })], { folder: IDS });
    expect(known).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/^idspace plan: pids does not pass: .*\n$/),
    });
    const slow = await idspace(['plan', 'pids', ...gate.slice(0, -1), '0'], { folder: IDS });
    expect(slow).toMatchObject({ exitCode: 1, err: expect.not.stringContaining('without judging') });
    expect(await idspace(['plan', 'pids'], { folder: IDS })).toMatchObject({ exitCode: 0, err: '' });
  });

  test('a running process shows only timers', async () => {
    const spaces = 'processes, inotify watches, SysV IPC, terminals and AIO rings';
    const pid = ['--pid', String(process.pid)];
    for (const more of [[], ['--on', written('node', NODE)], ['--tree']]) {
      const { out, err, exitCode } = await idspace(['plan', ...pid, ...gate, ...more], { folder: IDS });
      expect({ exitCode, err }).toEqual({
        exitCode: 0,
        err: `idspace plan: passed without judging ${spaces}: the input shows only timers\n`,
      });
      expect(out.replace(/\s+/g, ' ')).toContain(
        `No timers. Not judged: ${spaces}, because the input shows only timers.`,
      );
      expect(out).not.toMatch(/Will restore|\n\n\n/);
    }
  });

  test('on several nodes, images that are not there', async () => {
    const nodes = ['a', 'b'].flatMap((name) => ['--on', written(name, NODE)]);
    const { exitCode, err } = await plan('sparse', ...gate, ...nodes);
    expect({ exitCode, err }).toEqual({
      exitCode: 0,
      err: 'idspace plan: passed without judging inotify watches, SysV IPC, terminals and AIO rings: their images are not in the checkpoint\n',
    });
  });

  test('the help and the guide say the same', async () => {
    const { out } = await plan('--help');
    expect(out).not.toContain('worst of its ID spaces, that of timers');
    const guide = readFileSync(join(ROOT, 'apps/lab/docs/planning.md'), 'utf8');
    expect(guide).toContain('passed without judging processes, which depend on the machine (to find out,');
  });
});

describe('objections', () => {
  test.each(['depends', 'fails', 'hangs', 'exceeds-limit', 'of a later version'])("'%s' never passes", (outcome) => {
    const plan = planRestore(madeCheckpoint([madeTimer(0)]), { kernel: '6.18', criu: '4.2' });
    expect(objections({ plan }, { failOver: 1 })).toEqual([]);
    Object.assign(plan, { outcome });
    expect(objections({ plan }, { failOver: 1 })).toHaveLength(1);
    expect(objections({ plan }, { failOn: ['bad-value'] })).toHaveLength(1);
  });

  test('help and list name the same warnings', async () => {
    const { out } = await plan('--help');
    for (const code of WARNING_CODES) expect(out).toContain(code);
  });
});
