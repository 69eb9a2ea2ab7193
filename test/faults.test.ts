// Faults: commands whose n-th call of the file system fails, or during which they are killed; what they leave behind is whole.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  closeSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { BUDGET_SHARE, budget, HANG_MS, random, withinBudget } from '@idspace/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from './support/workspace.ts';

const CLI = join(ROOT, 'apps/lab/dist/cli.js');
const EXAMPLES = join(ROOT, 'apps/lab/examples');
const TRACE = join(ROOT, 'packages/cache-sim/test/ground-truth/din-stride.din.gz');
const INJECTOR = pathToFileURL(join(ROOT, 'test/support/fault-injector.mjs')).href;

const all = realpathSync(mkdtempSync(join(tmpdir(), 'idspace-faults-')));
afterAll(() => rmSync(all, { recursive: true, force: true }));
let made = 0;

/** A command line, and what it writes. */
interface Line {
  readonly args: readonly string[];
  /** The file that it writes. */
  readonly out?: string;
  /** Another file that it writes beside it. */
  readonly beside?: string;
  /** What goes on with an interrupted run; without, the same again. */
  readonly again?: readonly string[];
  /** What it may keep for that. */
  readonly journal?: string;
  /** Calls are made to fail in the program itself, or in one that it starts. */
  readonly depth?: 0 | 1;
  /** Calls and faults that once went wrong: they are tried in every budget. */
  readonly found?: readonly string[];
}

const GRID =
  '--timers 3 --processes 1 --strides 1,64 --designs xarray --cpus 2 --machines desktop --sample 20 --jobs 1';
const sweep = (out: string, ...more: string[]): Line => {
  const args = ['sweep', ...GRID.split(' '), '--out', out, ...more];
  return { args, out, again: [...args, '--resume'], journal: `${out}.journal`, found: ['closeSync EIO'] };
};
const PROFILE = ['profile', 'program.mjs', '--speedscope', 'flames.json'];
const LINES: Readonly<Record<string, Line>> = {
  'evaluate --report': {
    args: ['evaluate', '--timers', '20', '--designs', 'xarray', '--report', 'made/report.html'],
    out: 'made/report.html',
    found: ['writeSync EIO'],
  },
  'claims --report': { args: ['claims', '3', '--report', 'old.html'], out: 'old.html' },
  'explore --output': { args: ['explore', '--no-open', '--output', 'old.html'], out: 'old.html' },
  'sweep --out': sweep('sweep.json'),
  'sweep --shard': sweep('made/shard.json', '--shard', '1/2'),
  merge: { args: ['merge', 'shard-1.json', 'shard-2.json', '--out', 'old.html'], out: 'old.html' },
  profile: { args: PROFILE, out: 'flames.json' },
  'the program of profile': { args: PROFILE, out: 'flames.json', depth: 1, found: ['writeFileSync ENOSPC'] },
  plan: { args: ['plan', 'checkpoint'], found: ['stat EIO'] },
  'plan --on --json': { args: ['plan', 'checkpoint', '--on', 'node.json', '--json'] },
  simulate: { args: ['simulate', 'trace.din.gz', '--json'] },
};

/** Takes seconds each time: tried in the full budget only, and less often. */
const SLOW_LINES: Readonly<Record<string, Line>> = {
  demo: { args: ['demo', '--out', 'made/index.html'], out: 'made/index.html', beside: 'made/explorer.html' },
};

/** What one line had before it, what it made, and the calls that it made. */
interface Clean {
  made: string | null;
  beside: string | null;
  calls: readonly string[];
}

/** Two shards to merge. */
const shards = new Map<string, string>();
beforeAll(async () => {
  for (const i of [1, 2]) {
    const folder = newFolder();
    const { code, err } = await run(sweep('s.json', '--shard', `${i}/2`).args, folder);
    expect({ code, err }).toMatchObject({ code: 0 });
    shards.set(`shard-${i}.json`, readFileSync(join(folder, 's.json'), 'utf8'));
  }
});

/** A folder with inputs and an old output; beside it one for temporary files. */
function newFolder(): string {
  const folder = join(all, String(made++));
  mkdirSync(join(folder, 'tmp'), { recursive: true });
  cpSync(join(EXAMPLES, 'criu-ids-1e6-2e6'), join(folder, 'checkpoint'), { recursive: true });
  cpSync(join(EXAMPLES, 'node.json'), join(folder, 'node.json'));
  cpSync(TRACE, join(folder, 'trace.din.gz'));
  for (const [name, text] of shards) writeFileSync(join(folder, name), text);
  writeFileSync(join(folder, 'old.html'), 'old');
  writeFileSync(
    join(folder, 'program.mjs'),
    'const a = new Int32Array(64); for (let i = 0; i < 500; i++) a[i & 63]++;\n',
  );
  writeFileSync(join(folder, 'endless.mjs'), 'const a = new Int32Array(64); for (let i = 0; ; i++) a[i & 63]++;\n');
  writeFileSync(join(folder, 'waiting.mjs'), 'const a = new Int32Array(64); a[1]++; setInterval(() => {}, 1000);\n');
  return folder;
}

interface Ran {
  code: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
}

/** Starts a command whose standard output is a file. */
function start(args: readonly string[], folder: string, fault: Record<string, string> = {}): ChildProcess {
  return spawned([process.execPath, CLI, ...args], folder, fault);
}

function spawned([program, ...args]: string[], folder: string, fault: Record<string, string> = {}): ChildProcess {
  const out = openSync(join(folder, 'stdout'), 'w');
  const NODE_OPTIONS = Object.keys(fault).length > 0 ? `--import=${INJECTOR}` : '';
  const env = { PATH: process.env.PATH, TMPDIR: join(folder, 'tmp'), FAULT_FOLDER: folder, NODE_OPTIONS, ...fault };
  const child = spawn(program!, args, { cwd: folder, env, stdio: ['ignore', out, 'pipe'], detached: true });
  closeSync(out);
  return child;
}

async function ended(child: ChildProcess, folder: string): Promise<Ran> {
  let err = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, out: readFileSync(join(folder, 'stdout'), 'utf8'), err };
}

const run = (args: readonly string[], folder: string, fault?: Record<string, string>): Promise<Ran> =>
  ended(start(args, folder, fault), folder);

const cleanRuns = new Map<Line, Promise<Clean>>();

/** What a line does without a fault; it is run once. */
function clean(line: Line): Promise<Clean> {
  const run = cleanRuns.get(line) ?? cleanRun(line);
  cleanRuns.set(line, run);
  return run;
}

/** Runs a line without a fault, and writes down its calls. */
async function cleanRun({ args, out, beside, depth = 0 }: Line): Promise<Clean> {
  const folder = newFolder();
  const log = join(folder, 'tmp', 'calls');
  const { code, err } = await run(args, folder, { FAULT_DEPTH: String(depth), FAULT_LOG: log, FAULT_KIND: 'none' });
  expect({ code, err }).toMatchObject({ code: 0 });
  return {
    made: contents(folder, out),
    beside: contents(folder, beside),
    calls: readFileSync(log, 'utf8').trimEnd().split('\n'),
  };
}

function contents(folder: string, name: string | undefined): string | null {
  if (name === undefined) return null;
  if (!existsSync(join(folder, name))) return null;
  const text = readFileSync(join(folder, name), 'utf8').replaceAll(folder, '');
  return name === 'flames.json' ? JSON.stringify(JSON.parse(text)).replace(/\d+/g, '0') : text; // addresses are the run's own
}

/** All files below a folder but what is written on purpose. */
function filesOf(folder: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[]).filter((name) => name !== 'stdout').sort();
}

/** Waits until no process is left that was started in a folder: each has its name in the environment. */
async function nothingRuns(folder: string): Promise<void> {
  const mark = `FAULT_FOLDER=${folder}\0`;
  const running = (): string[] =>
    readdirSync('/proc').filter((pid) => {
      try {
        return /^\d+$/.test(pid) && `${readFileSync(`/proc/${pid}/environ`, 'latin1')}\0`.includes(mark);
      } catch {
        return false; // gone, or another user's
      }
    });
  const since = performance.now();
  while (running().length > 0 && performance.now() - since < HANG_MS) await sleep(20);
  expect(running().map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'latin1'))).toEqual([]);
}

const KINDS = ['SIGKILL', 'half', 'EIO', 'EACCES', 'ENOSPC', 'SIGTERM'] as const;
const LEFTOVER = /^(?:made|(?:made\/|tmp\/)?\.?idspace-.*)$/;
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

/** Commands that are stopped while they work or wait. */
const STOPPED: readonly (readonly [string, ...string[]])[] = [
  ['probe'],
  ['probe', '--pid', String(process.pid), '--interval', '3'],
  ['rehearse', 'checkpoint', '--on', 'live'],
  ['rehearse', 'checkpoint', '--on', 'model:6.1', '--criu', '3.17'],
  ['profile', 'endless.mjs'],
  ['profile', 'waiting.mjs'],
  ['sweep', ...GRID.replace('xarray', 'xarray,idr,hash-512').split(' '), '--out', 'sweep.json'],
  ['evaluate', '--timers', '20000', '--designs', 'xarray', '--report', 'old.html'],
];

describe.each(withinBudget(STOPPED, { least: 2 }))('%s %s %s', (...args) => {
  test.each(withinBudget(['SIGINT', 'SIGTERM', 'SIGKILL'] as const, { seed: args.join().length }))(
    '%s at a random moment leaves no process, and ends as documented',
    async (name) => {
      const seeded = random(args.join().length + name.length);
      for (let round = 0; round < budget(2); round++) {
        const folder = newFolder();
        const child = start(args, folder, { FAULT_DEPTH: '9' });
        const end = ended(child, folder);
        await sleep(seeded.below(3000)); // any moment is right, also one after the end
        if (child.exitCode === null && child.signalCode === null)
          process.kill(name === 'SIGINT' ? -child.pid! : child.pid!, name);
        const { code, signal, err } = await end;
        // A rehearsal that is stopped has verified nothing; a program may have accessed nothing yet.
        const others = { profile: [3], rehearse: [1] }[args[0]!] ?? [];
        expect([0, 130, 143, name, ...others], err).toContain(signal ?? code);
        expect(err).not.toMatch(/^ {4}at /m);
        expect('old').toBe(contents(folder, 'old.html')?.replace(/^<!doctype html>[\s\S]*<\/html>\n?$/i, 'old'));
        await nothingRuns(folder);
        rmSync(folder, { recursive: true });
      }
    },
  );
});

/** What a shell does to a command, and how it may end then. */
const AROUND: readonly (readonly [string, string, readonly (number | null)[]])[] = [
  ['a closed standard output', '"$@" >&-', [0, 3]],
  ['closed streams', '"$@" <&- >&- 2>&-', [0, 3]],
  ['a full disk behind standard output', '"$@" > /dev/full', [3]],
  ['few open files', 'ulimit -n 32; "$@"', [0, 3]],
  ['a small stack', 'ulimit -s 512; "$@"', [0, 3]],
  ['little address space', 'ulimit -v 2000000; "$@"', [0, 3, 133, 134, null]], // Node.js itself ends by a signal
  ['a small limit to files', 'ulimit -f 2; "$@"', [0, 3]],
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
