// `idspace plan --on`: the same checkpoint against several machines, as text and JSON, as a gate, and targets that are none.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { describeIt } from '../src/plan/describe-it.ts';
import { idspace } from './support/run.ts';

const CASES = join(import.meta.dirname, '..', '..', '..', 'packages/restore-planner/test/ground-truth/criu-ids');
const folder = mkdtempSync(join(tmpdir(), 'idspace-target-'));
afterAll(() => rmSync(folder, { recursive: true }));

// biome-ignore format: what belongs together stands in a row
const FREE = {
  format: 'idspace-target', version: 1, kernel: '6.18', criu: '4.2', pidMax: 4_194_304, taken: [] as object[],
  criuPid: 20_000, criuSid: 20_000, ptysTaken: [] as number[], possibleCpus: 2, aioNr: 0, aioMaxNr: 65_536,
};

/** Runs plan on a target of these facts; `null` leaves out what an idle machine has. */
async function on(name: string, facts: object, ...more: string[]): ReturnType<typeof idspace> {
  writeFileSync(join(folder, 'node.json'), JSON.stringify({ ...FREE, ...facts }));
  return idspace(['plan', join(CASES, name), '--on', join(folder, 'node.json'), ...more], { folder });
}

const flat = (text: string): string => text.replace(/\s+/g, ' ');

describe('as text', () => {
  test('a machine where all is free', async () => {
    const { out, exitCode } = await on('mixed', {});
    expect(exitCode).toBe(0);
    expect(flat(out)).toContain(
      'Will restore timers, processes, inotify watches, SysV IPC, terminals and AIO rings in at most 1', // of an AIO ring's requests
    );
    expect(out.match(/^Judges the IDs of timers, processes/gm)).toHaveLength(1);
    expect(flat(out)).toContain('not files, sockets, memory.');
  });

  test('a number that is held: who, what CRIU says, a way out', async () => {
    const { out } = await on('mixed', { taken: [{ number: 7001, as: 'pid', command: 'postgres', pid: 7001 }] });
    expect(flat(out)).toContain(
      "Will fail: PID 7001 is held by postgres (pid 7001) on the target; CRIU will say: Can't fork for 7001: File exists. Way out:",
    );
    expect(flat(out)).toContain('write 7004 to /proc/sys/kernel/ns_last_pid before they start');
    expect(out).toMatch(/^processes +fails +4 +4 +0 +480 µs$/m);
  });

  test('what is not known of a machine', async () => {
    const { out } = await on('mixed', { possibleCpus: null });
    expect(flat(out)).toContain('May fail: the smallest AIO ring fits machines with 1…15 possible CPUs');
    expect(flat(out)).toContain('To find out: read /sys/devices/system/cpu/possible on the target.');
  });

  test('a name that would write to the terminal is shown', async () => {
    const { out } = await on('mixed', { taken: [{ number: 7001, as: 'pid', command: '\u001b[2Jx' }] });
    expect(out).toContain('\\u001b[2Jx');
    expect(out).not.toContain('\u001b');
  });

  test('no target: what depends on one, and what is not judged', async () => {
    const { out } = await idspace(['plan', join(CASES, 'mixed')], { folder });
    expect(flat(out)).toContain(
      'Will restore timers, inotify watches and SysV IPC. Whether processes, terminals and AIO rings come back depends on the machine. To find out: `idspace probe --facts > node.json` there, then `--on node.json`.',
    );
  });

  test('several checkpoints: the space that decides', async () => {
    const args = ['plan', join(CASES, 'mixed'), join(CASES, 'aio-min'), '--on', join(folder, 'node.json')];
    writeFileSync(join(folder, 'node.json'), JSON.stringify({ ...FREE, possibleCpus: 64 }));
    const { out } = await idspace(args, { folder });
    expect(out.match(/ fails \(aio\) /g)).toHaveLength(2);
    expect(flat(out)).toContain('fails (aio): the AIO ring of process 6 has 1 page');
    expect(out.match(/^Judges the IDs/gm)).toHaveLength(1);
  });

  test('--matrix names the space', async () => {
    const { out } = await on('mixed', { possibleCpus: 64 }, '--matrix');
    expect(out).toContain('fails (aio)');
  });

  test('a target alone is explained', async () => {
    writeFileSync(join(folder, 'node.json'), JSON.stringify({ ...FREE, taken: [{ number: 5, as: 'sid' }] }));
    const { out, exitCode } = await idspace(['plan', '--on', 'node.json'], { folder });
    expect(exitCode).toBe(0);
    expect(out).toMatch(/^numbers of processes, threads, groups, sessions +5 \(sid\) +processes$/m);
    expect(flat(out)).toContain('ipcmni_extend ("ipcmniExtend": /proc/cmdline)');
  });
});

describe('as JSON', () => {
  test('outcome, reasons and spaces have the promised form', async () => {
    const { out } = await on(
      'mixed',
      { taken: [{ number: 7002, as: 'tid' }] },
      '--json',
      '--kernel',
      '6.18',
      '--criu',
      '4.2',
    );
    const { plan } = JSON.parse(out).checkpoints[0];
    expect(plan.outcome).toBe('fails');
    expect(plan.reasons).toHaveLength(1);
    expect(Object.keys(plan.reasons[0])).toEqual(['space', 'code', 'outcome', 'ids', 'text', 'words', 'remedy']);
    expect(plan.reasons[0]).toMatchObject({
      space: 'pids',
      code: 'pid-taken',
      ids: [7002],
      words: "Can't fork for 7002: File exists",
    });
    expect(plan.spaces.map(({ space }: { space: string }) => space)).toEqual([
      'timers',
      'pids',
      'inotify',
      'sysv',
      'pty',
      'aio',
    ]);
    for (const space of plan.spaces) {
      expect(Object.keys(space)).toEqual(
        expect.arrayContaining(['space', 'outcome', 'asks', 'creates', 'deletes', 'seconds', 'left']),
      );
    }
    expect(plan.totals.outcome).toBe('ok'); // of timers
  });
});

describe('as a gate', () => {
  test('kernel and CRIU of the target are given ones', async () => {
    const passed = await on('mixed', {}, '--fail-over', '30');
    expect(passed).toMatchObject({ exitCode: 0, err: '' });
    const stopped = await on('mixed', { possibleCpus: 64 }, '--fail-over', '30');
    expect(stopped.exitCode).toBe(1);
    expect(stopped.err).toContain(
      "does not pass: the outcome is 'fails', and a gate passes 'ok' alone: the AIO ring of process 7001",
    );
  });

  test('a bound is called one', async () => {
    const { exitCode, err } = await on('mixed', {}, '--fail-over', '0.001');
    expect(exitCode).toBe(1);
    expect(err).toMatch(/restoring the IDs takes up to 1\.\d\d ms, and --fail-over allows 1\.00 ms/);
  });

  test('hours of watches are hours', async () => {
    const { exitCode, err } = await on('inotify-high', { cannotAsk: ['inotify-next-wd'] }, '--fail-over', '0.1');
    expect(exitCode).toBe(1);
    expect(err).toContain('restoring the IDs takes 400 ms, and --fail-over allows 100 ms');
  });
});

describe('whose rate a dance is at', () => {
  const CRIU_CASES = join(CASES, '..', 'criu');
  const DANCE = join(CRIU_CASES, 'ids-1e6-2e6');
  const OF_ANOTHER = 'imes are at 894 ns per create and delete of a timer, as measured on another machine: ';
  const old = { kernel: '6.1' };
  const gate = ['--kernel', '6.1', '--criu', '4.2', '--fail-over', '5'];
  const run = (...args: string[]): ReturnType<typeof idspace> => idspace(['plan', DANCE, ...args], { folder });
  const node = (facts: object): string => {
    writeFileSync(join(folder, 'dance.json'), JSON.stringify({ ...FREE, ...facts }));
    return join(folder, 'dance.json');
  };

  test.each<[string, string[], 'out' | 'err' | null, string]>([
    ['text', ['--on', node(old)], 'out', 'idspace probe on the machine of '],
    ['a gate', ['--on', node(old), '--fail-over', '5'], 'err', 'idspace probe on the machine of '],
    ['a gate that trips', ['--on', node(old), '--fail-over', '1'], 'err', 'idspace probe on the machine of '],
    ['JSON', ['--on', node(old), '--json'], 'err', 'idspace probe on the machine of '],
    ['the calls', ['--on', node(old), '--emit', 'text'], 'err', 'idspace probe on the machine of '],
    [
      'this machine',
      ['--on', 'live', '--kernel', '6.1', '--criu', '4.2'],
      'out',
      '--nspp measured takes the rate of this one',
    ],
    [
      'this machine, as a gate',
      ['--on', 'live', ...gate, '--json'],
      'err',
      '--nspp measured takes the rate of this one',
    ],
    ['several nodes', ['--on', node(old), '--on', 'live', '--kernel', '6.1'], 'err', 'idspace probe on the target'],
    ['a gate without a target', gate, 'err', 'idspace probe on the target'],
    ['a gate without a target that trips', [...gate.slice(0, -1), '1'], null, ''],
    ['a stated rate', ['--on', node(old), '--nspp', '4000', '--fail-over', '9'], null, ''],
    ['no target', ['--kernel', '6.1'], null, ''],
  ])('%s', async (_, args, where, how) => {
    const ran = await run(...args);
    for (const stream of ['out', 'err'] as const) {
      const said = flat(ran[stream]);
      expect(said.includes(OF_ANOTHER)).toBe(stream === where);
      if (stream === where) expect(said).toContain(`${OF_ANOTHER}${how}`);
    }
  });

  test('nothing where no timer is danced to', async () => {
    const { out, err } = await run('--on', node({ kernel: '6.18' }), '--fail-over', '5', '--json');
    expect(`${out}${err}`).not.toContain('another machine');
  });
});

describe('a flag that stands in for what the target has', () => {
  test.each([
    [['--kernel', '6.1'], /^idspace plan: --kernel 6\.1 stands in for Linux 6\.18\.44, which \S+node\.json has$/m],
    [['--criu', '4.1'], /^idspace plan: --criu 4\.1 stands in for CRIU 4\.2, which \S+node\.json has$/m],
  ])('%j', async (flags, told) => {
    const { err } = await on('pids', { kernel: '6.18.44' }, ...flags, '--json');
    expect(err).toMatch(told);
    expect(err.trimEnd().split('\n')).toHaveLength(1);
  });

  test('is said of this machine', async () => {
    const args = ['plan', join(CASES, 'pids'), '--on', 'live', '--kernel', '4.4', '--criu', '4.2'];
    expect((await idspace(args, { folder })).err).toMatch(
      /--kernel 4\.4 stands in for Linux \S+, which this machine has$/m,
    );
  });

  test('is not said of the same', async () => {
    expect((await on('pids', { kernel: '6.18.44' }, '--kernel', '6.18', '--criu', '4.2.1')).err).toBe('');
  });
});

describe('images that are not there', () => {
  const ZOMBIE = join(CASES, '..', 'criu-field', 'zombie');

  test('are said and do not count, with a target or without', async () => {
    writeFileSync(join(folder, 'node.json'), JSON.stringify(FREE));
    for (const target of [[], ['--on', 'node.json']]) {
      const gate = ['--fail-over', '30', '--kernel', '6.18', '--criu', '4.2'];
      const { out, err, exitCode } = await idspace(['plan', ZOMBIE, ...target, ...gate], { folder });
      const unjudged =
        target.length > 0 ? '' : `processes, which depend on the machine (to find out, ${describeIt()}); `;
      expect({ err, exitCode }).toEqual({
        err: `idspace plan: passed without judging ${unjudged}inotify watches, terminals and AIO rings: their images are not in the checkpoint\n`,
        exitCode: 0,
      });
      expect(flat(out)).toContain(
        'Not judged: inotify watches, terminals and AIO rings, whose images are not in the checkpoint.',
      );
      expect(flat(out)).toContain('AIO rings, as far as their images are there; not files, sockets, memory.');
    }
  });
});

describe('the pair', () => {
  const without = ({ kernel: _, criu: __, ...rest }: typeof FREE): object => rest;

  test('that neither the target nor a flag names is said to be assumed', async () => {
    writeFileSync(join(folder, 'some.json'), JSON.stringify({ ...without(FREE), kernel: '6.1' }));
    const some = await idspace(['plan', join(CASES, 'mixed'), '--on', 'some.json'], { folder });
    expect(some.err).toBe(
      'idspace plan: the CRIU of some.json is not known: CRIU 4.2 is assumed, --criu names another\n',
    );
    writeFileSync(join(folder, 'none.json'), JSON.stringify(without(FREE)));
    const none = await idspace(['plan', join(CASES, 'mixed'), '--on', 'none.json', '--json'], { folder });
    expect(none.err).toContain('the kernel of none.json is not known: Linux 6.18 is assumed, --kernel names another');
    rmSync(join(folder, 'none.json'));
    const named = await idspace(['plan', join(CASES, 'mixed'), '--on', 'some.json', '--criu', '4.1'], { folder });
    expect(named.err).toBe('');
  });

  test('of this machine, too', async () => {
    const { err, out } = await idspace(['plan', join(CASES, 'mixed'), '--on', 'live', '--json'], { folder });
    const { criu } = JSON.parse((await idspace(['plan', '--on', 'live', '--json'], { folder })).out).target;
    expect(err.includes('the CRIU of this machine is not known: CRIU 4.2 is assumed')).toBe(criu === undefined);
    expect(JSON.parse(out).checkpoints[0].plan.criu).toBe(criu ?? '4.2');
  });
});

test('what CRIU prints ends as it does: no second full stop', async () => {
  const { out } = await idspace(['plan', join(CASES, '..', 'criu-field', 'old-images')], { folder });
  expect(flat(out)).toContain('rejected. Way out: give CRIU --deprecated.');
  expect(out).not.toMatch(/\.\.(?!\.)/);
});

describe('what is not a target', () => {
  test.each([
    [
      'no such file',
      ['--on', 'none.json'],
      /--on: none\.json is not there, expected the file of a target, as `idspace probe --facts` writes it, or 'live' for this machine$/m,
    ],
    [
      'live, mistyped',
      ['--on', 'liv'],
      /--on: liv is not there, expected .* for this machine \(did you mean live\?\)$/m,
    ],
    ['live, in capitals', ['--on', 'LIVE'], /--on: LIVE is not there, expected .* \(did you mean live\?\)$/m],
    ['below a file', ['--on', 'text/node.json'], /--on: text\/node\.json is not there, expected/],
    ['a misspelt key', ['--on', 'typo'], /typo: got the key "kernal", expected kernel \(did you mean that\?\)/],
    ['a folder without targets', ['--on', 'empty'], /--on: empty has no file \*\.json, expected one for each node/],
    ['a device without end', ['--on', '/dev/zero'], /--on: \/dev\/zero has more than 67108864 bytes/],
    ['text', ['--on', 'text'], /text: got Unexpected token/],
    [
      'a target of another version',
      ['--on', 'later'],
      /later: got format "idspace-target", version 2, expected "idspace-target", version 1/,
    ],
    ['a wrong value', ['--on', 'wrong'], /wrong: got pidMax: got "many", expected a whole number/],
    ['an unknown kernel', ['--on', 'kernel'], /--on: kernel: kernel: got '7', expected/],
  ])('%s', async (_, args, message) => {
    writeFileSync(join(folder, 'text'), 'x');
    writeFileSync(join(folder, 'later'), JSON.stringify({ ...FREE, version: 2 }));
    writeFileSync(join(folder, 'wrong'), JSON.stringify({ ...FREE, pidMax: 'many' }));
    writeFileSync(join(folder, 'typo'), JSON.stringify({ ...FREE, kernal: '6.1' }));
    writeFileSync(join(folder, 'kernel'), JSON.stringify({ ...FREE, kernel: '7' }));
    mkdirSync(join(folder, 'empty'), { recursive: true });
    const { exitCode, out, err } = await idspace(['plan', join(CASES, 'mixed'), ...args], { folder });
    expect({ exitCode, out }).toEqual({ exitCode: 3, out: '' });
    expect(err).toMatch(message);
  });
});
