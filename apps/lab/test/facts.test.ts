// What a restore on this machine depends on: from made-up trees of /proc and /sys, and from the running machine.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { release, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseTarget, type TakenNumber, type Target } from '@idspace/restore-planner';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { factsHere, type TargetFacts } from '../src/plan/facts-here.ts';
import { factsJson, unseenText } from '../src/plan/facts-text.ts';
import { TARGET_KEYS } from '../src/plan/target-text.ts';
import { CLI_ARGUMENTS, idspace, PLAIN } from './support/run.ts';

const CASES = join(import.meta.dirname, '..', '..', '..', 'packages/restore-planner/test/ground-truth/criu-ids');
const flat = (text: string): string => text.replace(/\s+/g, ' ');

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'idspace-facts-'));
});
afterEach(() => rmSync(root, { recursive: true }));

/** Writes files, a path each; a text that begins with '-> ' is a link. */
function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    const full = join(root, path);
    mkdirSync(dirname(full), { recursive: true });
    rmSync(full, { force: true });
    if (text.startsWith('-> ')) symlinkSync(text.slice(3), full);
    else writeFileSync(full, text);
  }
}

const ALL_CAPABILITIES = '000001ffffffffff';
const status = (user: number, capabilities = ALL_CAPABILITIES, more = ''): string =>
  `Name:\tx\nUid:\t${user}\t${user}\t${user}\t${user}\nNSpid:\t42\nSigQ:\t3/96364\nCapEff:\t${capabilities}\nSeccomp:\t0\n${more}`;

interface Process {
  command?: string;
  state?: string;
  group?: number;
  session?: number;
  threads?: number[];
}

/** A process in /proc. */
function process_(pid: number, { command = 'sleep', state = 'S', group = pid, session = pid, threads }: Process): void {
  write({ [`proc/${pid}/stat`]: `${pid} (${command}) ${state} 1 ${group} ${session} 0 -1 4194560 0 0\n` });
  for (const thread of threads ?? [pid]) mkdirSync(join(root, `proc/${pid}/task/${thread}`), { recursive: true });
  mkdirSync(join(root, `proc/${pid}/fd`), { recursive: true });
}

const MOUNTS = '25 30 0:23 / /proc rw,nosuid - proc proc rw\n26 30 0:24 / /dev/pts rw - devpts devpts rw,mode=600\n';

/** A machine where all can be seen, looked at by process 42 of root. */
function machine(): void {
  write({
    'proc/self': '-> 42',
    'proc/42/status': status(0),
    'proc/42/mountinfo': MOUNTS,
    'proc/42/ns/pid': '-> pid:[4026531836]',
    'proc/42/ns/user': '-> user:[4026531837]',
    'proc/42/limits': 'Limit  Soft Limit  Hard Limit  Units\nMax pending signals       500     96364     signals   \n',
    'proc/sys/kernel/osrelease': '6.18.3-generic\n',
    'proc/sys/kernel/pid_max': '32768\n',
    'proc/sys/kernel/ns_last_pid': '900\n',
    'proc/sys/kernel/pty/nr': '2\n',
    'proc/sys/fs/aio-nr': '7\n',
    'proc/sys/fs/aio-max-nr': '65536\n',
    'proc/sys/fs/inotify/max_user_watches': '8192\n',
    'proc/sys/fs/inotify/max_user_instances': '128\n',
    'proc/cmdline': 'quiet ipcmni_extend ro\n',
    'sys/devices/system/cpu/possible': '0-3,8\n',
    'sys/class/rtc/rtc0/wakealarm': '',
    'pts/0': '',
    'pts/11': '',
    'pts/ptmx': '',
  });
  process_(42, { command: 'idspace', group: 41, threads: [42, 43, 44] });
}

function gather(seconds = 60): TargetFacts {
  // biome-ignore format: what belongs together stands in a row
  const facts = factsHere({
    proc: join(root, 'proc'), sys: join(root, 'sys'), pts: join(root, 'pts'), seconds,
    criu: () => '4.2',
  });
  const read = parseTarget(factsJson(facts));
  expect(read).toEqual(facts.target); // what is written can be read back, and is all there
  const keys = [...Object.keys(facts.target), ...facts.unseen.map(({ key }) => key)];
  expect(keys.sort()).toEqual(Object.keys(TARGET_KEYS).sort()); // each is known or has a reason
  return facts;
}

const why = ({ unseen }: TargetFacts, key: keyof Target): string | undefined =>
  unseen.find((one) => one.key === key)?.why;

describe('a machine where all can be seen', () => {
  beforeEach(machine);

  test('everything that is a matter of the machine is known', () => {
    process_(1, { command: 'init' });
    const facts = gather();
    // biome-ignore format: what belongs together stands in a row
    expect(facts.target).toEqual({
      kernel: '6.18.3-generic', criu: '4.2', pidMax: 32_768, pidMaxWhereCriuRuns: 32_768, lastPid: 900,
      taken: [{ number: 1, as: 'pid', command: 'init', pid: 1 }],
      cannotAsk: [], ptysTaken: [0, 11], ipcmniExtend: true, shmmniMax: 2 ** 24, aioNr: 7, aioMaxNr: 65_536,
      possibleCpus: 5, rtc: true, capWakeAlarm: true, sigqOfCriuUser: 3,
      maxUserWatches: 8192, maxUserInstances: 128, userWatches: 0,
    });
    // biome-ignore format: what belongs together stands in a row
    expect(facts.unseen.map(({ key }) => key)).toEqual([
      'criuRlimitSigpending',
      'criuPid', 'criuSid', 'shellJob', 'joinedIpc',
    ]);
  });

  test('numbers: processes, zombies, threads, and groups and sessions without a process; never those of the process that looks', () => {
    process_(1, { command: 'init', group: 0, session: 0 });
    process_(50, { command: 'a) S 1 9 (9', group: 49, session: 48 });
    process_(51, { state: 'Z', group: 49, session: 48 });
    process_(52, { state: 'Z', threads: [52, 53] });
    process_(54, { command: 'cat', group: 42, session: 60, threads: [54, 61] });
    process_(60, {});
    const all = gather().target.taken!.map(({ number, as, pid, command }) => [number, as, pid, command]);
    expect(all).toEqual([
      [1, 'pid', 1, 'init'],
      [48, 'sid', 50, 'a) S 1 9 (9'],
      [49, 'pgid', 50, 'a) S 1 9 (9'],
      [50, 'pid', 50, 'a) S 1 9 (9'],
      [51, 'zombie', 51, 'sleep'],
      [52, 'pid', 52, 'sleep'],
      [53, 'tid', 52, 'sleep'],
      [54, 'pid', 54, 'cat'],
      [60, 'pid', 60, 'sleep'],
      [61, 'tid', 54, 'cat'],
    ]);
  });

  test('a session that is also a group is named once, as what lives on longer', () => {
    process_(50, { group: 48, session: 48 });
    expect(gather().target.taken!.map(({ number, as }) => [number, as])).toEqual([
      [48, 'sid'],
      [50, 'pid'],
    ]);
  });

  test('watches are counted for the user who runs CRIU only, in inotify files only', () => {
    const wds = 'pos:\t0\ninotify wd:2 ino:1 sdev:1\ninotify wd:1 ino:1 sdev:1\n';
    for (const [pid, user] of [
      [50, 0],
      [51, 1000],
    ] as const) {
      process_(pid, {});
      write({
        [`proc/${pid}/status`]: status(user),
        [`proc/${pid}/fd/0`]: '-> /inotify wd:',
        [`proc/${pid}/fd/3`]: '-> anon_inode:inotify',
        [`proc/${pid}/fd/4`]: '-> inotify',
        [`proc/${pid}/fdinfo/0`]: wds,
        [`proc/${pid}/fdinfo/3`]: wds,
        [`proc/${pid}/fdinfo/4`]: `${wds}x`,
      });
    }
    expect(gather().target.userWatches).toBe(4);
  });

  test('a thousand watches take more than one piece', () => {
    process_(50, {});
    const lines = Array.from({ length: 5000 }, (_, wd) => `inotify wd:${wd} ino:abc sdev:fd00002 mask:fce\n`).join('');
    write({
      'proc/50/status': status(0),
      'proc/50/fd/3': '-> anon_inode:inotify',
      'proc/50/fdinfo/3': `pos:\t0\n${lines}`,
    });
    expect(gather().target.userWatches).toBe(5000);
  });

  test.each([
    ['0', 1],
    ['0-1\n', 2],
    ['0,2,4-7', 6],
    ['0-1048575', 2 ** 20],
  ])('possible CPUs %j', (text, count) => {
    write({ 'sys/devices/system/cpu/possible': text });
    expect(gather().target.possibleCpus).toBe(count);
  });

  test('a clock that cannot wake the machine is none; nor is none', () => {
    rmSync(join(root, 'sys/class/rtc/rtc0/wakealarm'));
    expect(gather().target.rtc).toBe(false);
    rmSync(join(root, 'sys/class/rtc'), { recursive: true });
    expect(gather().target.rtc).toBe(false);
  });

  test('a kernel without CONFIG_CHECKPOINT_RESTORE', () => {
    rmSync(join(root, 'proc/sys/kernel/ns_last_pid'));
    const facts = gather();
    expect(facts.target.cannotAsk).toEqual(['inotify-next-wd']);
    expect(why(facts, 'lastPid')).toContain('is not there');
  });

  test('without CAP_SYS_RESOURCE the own limit matters, and outside the first user namespace it always does', () => {
    write({ 'proc/42/status': status(0, '000001fffeffffff') });
    expect(gather().target.criuRlimitSigpending).toBe(500);
    machine();
    write({ 'proc/42/ns/user': '-> user:[4026532000]' });
    expect(gather().target).toMatchObject({ criuRlimitSigpending: 500, capWakeAlarm: false });
  });
});

describe('what cannot be seen is missing, with the reason', () => {
  beforeEach(machine);

  test('the keys of CRIU, looked at by another user', () => {
    write({ 'proc/42/status': status(1000, '0000000000000000') });
    const facts = gather();
    for (const key of ['capWakeAlarm', 'sigqOfCriuUser', 'criuRlimitSigpending', 'userWatches'] as const) {
      expect(why(facts, key)).toBe("it is that of CRIU's user, root as a rule: look as that user");
    }
    expect(why(facts, 'cannotAsk')).toContain('CAP_CHECKPOINT_RESTORE');
    expect(facts.target.taken).toEqual([]);
    process_(1, {});
    write({ 'proc/1/status': status(0) });
    expect(gather().target.sigqOfCriuUser).toBe(3); // a process of root tells
  });

  test.each([
    ['hidepid=2', undefined],
    ['hidepid=invisible', undefined],
    ['hidepid=noaccess', undefined],
    ['hidepid=0', []],
    ['hidepid=off', []],
  ])('a /proc with %s, looked at without CAP_SYS_PTRACE', (option, taken) => {
    write({ 'proc/42/mountinfo': MOUNTS.replace('proc rw\n', `proc rw,${option},gid=5\n`) });
    expect(gather().target.taken).toEqual([]);
    write({ 'proc/42/status': status(1000, '0000000000000000') });
    const facts = gather();
    expect(facts.target.taken).toEqual(taken);
    if (taken === undefined) expect(why(facts, 'taken')).toContain('hidepid');
  });

  test('a process whose stat or threads say nothing hides numbers; one that has ended does not', () => {
    process_(50, {});
    mkdirSync(join(root, 'proc/51'));
    expect(gather().target.taken).toHaveLength(1);
    for (const damaged of [
      '',
      '50',
      '50 (x',
      '50 (x) S',
      '50 )x( S 1 1 1',
      '\u0000',
      '50 (x) S 1 99999999999999999999x 1',
    ]) {
      write({ 'proc/50/stat': damaged });
      expect(why(gather(), 'taken')).toContain('1 of 3 processes cannot be read');
    }
  });

  test('the /proc of another PID namespace', () => {
    write({ 'proc/42/status': status(0).replace('NSpid:\t42', 'NSpid:\t42\t7') });
    const facts = gather();
    for (const key of ['taken', 'userWatches'] as const) expect(why(facts, key)).toContain('mount it here');
    write({ 'proc/self': '-> nowhere' });
    expect(why(gather(), 'taken')).toContain('mount it here');
  });

  test('watches outside the PID namespace', () => {
    write({ 'proc/42/ns/pid': '-> pid:[4026532999]' });
    expect(why(gather(), 'userWatches')).toContain('outside this PID namespace');
  });

  test('no devpts; one whose count says that there are terminals it does not list', () => {
    write({ 'proc/sys/kernel/pty/nr': '3\n' });
    expect(gather().target.ptysTaken).toEqual([0, 11]); // the third is in another devpts
    expect(why(gather(0), 'ptysTaken')).toContain('the time was up');
    write({ 'proc/42/mountinfo': '' });
    expect(why(gather(), 'ptysTaken')).toBe('no devpts is mounted at /dev/pts here');
  });

  test('a filter of system calls', () => {
    write({ 'proc/42/status': status(0).replace('Seccomp:\t0', 'Seccomp:\t2') });
    expect(why(gather(), 'cannotAsk')).toContain('seccomp');
  });

  test('no time', () => {
    process_(50, {});
    const facts = gather(0);
    expect(why(facts, 'taken')).toBe('the time was up after 0 of 2 processes');
    expect(why(facts, 'userWatches')).toContain('the time was up');
  });

  test('nothing at all', () => {
    rmSync(join(root, 'proc'), { recursive: true });
    rmSync(join(root, 'sys'), { recursive: true });
    const facts = gather();
    expect(facts.target).toEqual({ criu: '4.2' });
    expect(flat(unseenText(facts, PLAIN))).toContain(
      '1 of 24 things are known of this machine. Not known: - kernel release',
    );
  });
});

test('damaged files never throw', () => {
  let seed = 20_261_130;
  const random = (below: number): number => {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((seed / 2 ** 32) * below);
  };
  const junk = [
    '',
    '-1',
    '9'.repeat(400),
    '\u0000\uffff',
    '0-',
    ',',
    '-5',
    '1e9',
    ' '.repeat(5000),
    '{"why":1}',
    '0-9999999',
  ];
  for (let round = 0; round < 25; round++) {
    rmSync(root, { recursive: true });
    machine();
    process_(50, {});
    // biome-ignore format: what belongs together stands in a row
    const files = [
      '42/status', '42/mountinfo', '42/limits', '50/stat', '50/status', 'cmdline', 'sys/kernel/osrelease',
      'sys/kernel/pid_max', 'sys/kernel/ns_last_pid', 'sys/fs/aio-nr', 'sys/fs/aio-max-nr', 'sys/kernel/pty/nr',
    ].map((name) => `proc/${name}`);
    for (const file of [...files, 'sys/devices/system/cpu/possible']) {
      if (random(3) === 0) write({ [file]: junk[random(junk.length)]! });
    }
    expect(() => gather(), `seed 20261130, round ${round}`).not.toThrow();
  }
});

test.each([
  [['--facts', '--pid', '1'], '--pid: got it beside --facts, expected one of them'],
  [['--facts', '--interval', '1'], '--interval: got it beside --facts'],
  [['--facts', '--nspp', '1'], '--nspp: got it beside --facts'],
])('misuse: %j', async (args, message) => {
  const { exitCode, err, out } = await idspace(['probe', ...args]);
  expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
  expect(err).toContain(message);
});

/** Prints the numbers of a child that has ended and is not waited for, of a thread, and of a group whose leader is gone. */
const HOLDERS = `
import os, threading, time
zombie = os.fork()
if zombie == 0:
    os._exit(0)
os.waitid(os.P_PID, zombie, os.WEXITED | os.WNOWAIT)
group = os.fork()
if group == 0:
    os.setpgid(0, 0)
    if os.fork() == 0:
        os.read(0, 1)
    os._exit(0)
os.waitpid(group, 0)
thread = threading.Thread(target=time.sleep, args=(600,), daemon=True)
thread.start()
print(zombie, thread.native_id, group, flush=True)
os.read(0, 1)
`;

/** Where the process numbers of this machine cannot all be seen, the tests on them have nothing to say. */
const SEES_NUMBERS = process.platform === 'linux' && factsHere().target.taken !== undefined;

const HAS_PYTHON = spawnSync('python3', ['--version']).status === 0;
if (!HAS_PYTHON) console.warn('SKIPPED: zombies, threads and terminals made to be found, for want of python3');

describe.skipIf(!SEES_NUMBERS)('on this machine', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) {
      child.stdin?.end(); // what it left behind waits for this
      child.kill('SIGKILL');
    }
  });

  async function start(command: string, ...args: string[]): Promise<ChildProcess & { pid: number; says: string }> {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    children.push(child);
    let said = '';
    while (!said.includes('\n')) said += String((await once(child.stdout!, 'data'))[0]); // a line may come in pieces
    return Object.assign(child, { pid: child.pid!, says: said.trim() });
  }

  async function taken(): Promise<TakenNumber[]> {
    const { exitCode, out } = await idspace(['probe', '--facts']);
    expect(exitCode).toBe(0);
    return parseTarget(out).taken!;
  }

  test('a process', async () => {
    const shell = await start('sh', '-c', 'echo here; exec sleep 600');
    const all = await taken();
    expect(all.find(({ number }) => number === shell.pid)).toMatchObject({ as: 'pid', pid: shell.pid });
    expect(all.find(({ number }) => number === process.pid)).toBeUndefined();
    expect(all.map(({ number }) => number)).toEqual(
      [...new Set(all.map(({ number }) => number))].sort((a, b) => a - b),
    );
  });

  test.skipIf(!HAS_PYTHON)('a zombie, a thread, and a group whose leader has ended', async () => {
    const parent = await start('python3', '-c', HOLDERS);
    const [zombie, thread, group] = parent.says.split(' ').map(Number);
    const all = await taken();
    const holder = (number: number): TakenNumber | undefined => all.find((one) => one.number === number);
    expect(holder(zombie!)).toMatchObject({ as: 'zombie', pid: zombie });
    expect(holder(thread!)).toMatchObject({ as: 'tid', pid: parent.pid });
    expect(holder(group!)).toMatchObject({ as: 'pgid' });
  });

  test.skipIf(factsHere().target.ptysTaken === undefined || !HAS_PYTHON)(
    'a terminal whose master is closed is in use, though /dev/pts does not list it',
    async () => {
      const script =
        'import os\nm, s = os.openpty()\nprint(os.ttyname(s)[9:], flush=True)\nos.close(m)\nprint(0, flush=True)\nos.read(0, 1)';
      const child = await start('python3', '-c', script);
      const index = Number(child.says.split('\n')[0]);
      await expect.poll(() => readdirSync('/dev/pts')).not.toContain(String(index));
      expect(factsHere().target.ptysTaken).toContain(index);
    },
  );

  test('stdout is the file of a target, with or without --json; stderr says what could not be seen', async () => {
    for (const args of [['--facts'], ['--facts', '--json']]) {
      const { out, err } = await idspace(['probe', ...args]);
      const { taken: _, unseen, assumed, ...known } = JSON.parse(out);
      expect(known).toMatchObject({ format: 'idspace-target', version: 1, kernel: release() });
      expect(known.pidMax).toBe(Number(readFileSync('/proc/sys/kernel/pid_max', 'utf8')));
      expect(unseen).toContainEqual({ key: 'criuPid', why: expect.stringContaining('how you call CRIU') });
      expect(assumed).toContainEqual({ key: 'taken', why: expect.stringContaining('without the process that looked') });
      expect(err).toMatch(/^idspace probe: \d+ of 24 things are known of this machine\. Not known:\n- /);
    }
  });

  test('plan --on live says that it looked at this machine, as text only', async () => {
    const text = await idspace(['plan', join(CASES, 'mixed'), '--on', 'live', '--criu', '4.2']);
    expect(text).toMatchObject({ exitCode: 0 });
    expect(flat(text.out)).toContain('The target is this machine, as it was when the plan was made');
    const json = await idspace(['plan', join(CASES, 'mixed'), '--on', 'live', '--criu', '4.2', '--json']);
    expect(JSON.parse(json.out).checkpoints[0].plan.kernel).toBe(release());
    const alone = await idspace(['plan', '--on', 'live']);
    expect(alone.out).toMatch(/^This machine: a target of which \d+ of 24 things are known/);
    expect(flat(alone.out)).toContain('The target is this machine');
  });
});

/** Makes PID, mount and IPC namespaces: most often only root may. */
const IN_NAMESPACES = ['-pmi', '--fork', '--mount-proc'];
const MAY_UNSHARE = SEES_NUMBERS && spawnSync('unshare', [...IN_NAMESPACES, 'true']).status === 0;
if (!MAY_UNSHARE) console.warn('SKIPPED: facts in namespaces of their own, which this user may not make');

describe.skipIf(!MAY_UNSHARE)('in namespaces of its own', () => {
  const idspaceIn = (script: string): ReturnType<typeof spawnSync> =>
    spawnSync('unshare', [...IN_NAMESPACES, 'sh', '-c', script, 'sh', process.execPath, ...CLI_ARGUMENTS], {
      encoding: 'utf8',
    });

  test('the same numbers are free there', () => {
    const { stdout } = idspaceIn('"$@" probe --facts; true');
    const { taken, lastPid } = parseTarget(String(stdout));
    expect(taken![0]).toMatchObject({ number: 1, as: 'pid' });
    expect(taken!.every(({ number }) => number < 100)).toBe(true); // what runs sources has a helper
    expect(lastPid).toBeLessThan(100);
  });

  test('a number that is held there stops the plan, by name', () => {
    const hold =
      'echo 7000 > /proc/sys/kernel/ns_last_pid && { sleep 600 & }; echo 20000 > /proc/sys/kernel/ns_last_pid';
    const { stdout } = idspaceIn(`${hold}; "$@" plan ${join(CASES, 'mixed')} --on live --criu 4.2; true`);
    expect(flat(String(stdout))).toContain(
      "Will fail: PID 7001 is held by sleep (pid 7001) on the target; CRIU will say: Can't fork for 7001: File exists.",
    );
  });
});
