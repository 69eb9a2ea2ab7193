// Command lines of `idspace` in folders of their own: what they write, what they leave, and what still runs there.
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
import { HANG_MS } from '@idspace/testkit';
import { afterAll, beforeAll, expect } from 'vitest';
import { ROOT } from './workspace.ts';

/** The program as built. */
export const CLI: string = join(ROOT, 'apps/lab/dist/cli.js');
const EXAMPLES = join(ROOT, 'apps/lab/examples');
const TRACE = join(ROOT, 'packages/cache-sim/test/ground-truth/din-stride.din.gz');
const INJECTOR = pathToFileURL(join(ROOT, 'test/support/fault-injector.mjs')).href;

/** Two shards to merge, by name. */
const shards = new Map<string, string>();
let all = '';
let made = 0;

/** Makes a place for the folders of a test file, and takes it away afterwards. */
export function useFolders(): void {
  beforeAll(async () => {
    all = realpathSync(mkdtempSync(join(tmpdir(), 'idspace-faults-')));
    for (const i of [1, 2]) {
      const folder = newFolder();
      const { code, err } = await run(sweep('s.json', '--shard', `${i}/2`).args, folder);
      expect({ code, err }).toMatchObject({ code: 0 });
      shards.set(`shard-${i}.json`, readFileSync(join(folder, 's.json'), 'utf8'));
    }
  });
  afterAll(() => rmSync(all, { recursive: true, force: true }));
}

/** A command line, and what it writes. */
export interface Line {
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

/** The flags of a small sweep. */
export const GRID: string =
  '--timers 3 --processes 1 --strides 1,64 --designs xarray --cpus 2 --machines desktop --sample 20 --jobs 1';
const sweep = (out: string, ...more: string[]): Line => {
  const args = ['sweep', ...GRID.split(' '), '--out', out, ...more];
  return { args, out, again: [...args, '--resume'], journal: `${out}.journal`, found: ['closeSync EIO'] };
};
const PROFILE = ['profile', 'program.mjs', '--speedscope', 'flames.json'];
export const LINES: Readonly<Record<string, Line>> = {
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
export const SLOW_LINES: Readonly<Record<string, Line>> = {
  demo: { args: ['demo', '--out', 'made/index.html'], out: 'made/index.html', beside: 'made/explorer.html' },
};

/** A folder with inputs and an old output; beside it one for temporary files. */
export function newFolder(): string {
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

export interface Ran {
  code: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
}

/** Starts a command whose standard output is a file. */
export function start(args: readonly string[], folder: string, fault: Record<string, string> = {}): ChildProcess {
  return spawned([process.execPath, CLI, ...args], folder, fault);
}

export function spawned(
  [program, ...args]: string[],
  folder: string,
  fault: Record<string, string> = {},
): ChildProcess {
  const out = openSync(join(folder, 'stdout'), 'w');
  const NODE_OPTIONS = Object.keys(fault).length > 0 ? `--import=${INJECTOR}` : '';
  const env = { PATH: process.env.PATH, TMPDIR: join(folder, 'tmp'), FAULT_FOLDER: folder, NODE_OPTIONS, ...fault };
  const child = spawn(program!, args, { cwd: folder, env, stdio: ['ignore', out, 'pipe'], detached: true });
  closeSync(out);
  return child;
}

export async function ended(child: ChildProcess, folder: string): Promise<Ran> {
  let err = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, out: readFileSync(join(folder, 'stdout'), 'utf8'), err };
}

export const run = (args: readonly string[], folder: string, fault?: Record<string, string>): Promise<Ran> =>
  ended(start(args, folder, fault), folder);

/** What one line had before it, what it made, and the calls that it made. */
export interface Clean {
  made: string | null;
  beside: string | null;
  calls: readonly string[];
}

const cleanRuns = new Map<Line, Promise<Clean>>();

/** What a line does without a fault; it is run once. */
export function clean(line: Line): Promise<Clean> {
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

export function contents(folder: string, name: string | undefined): string | null {
  if (name === undefined) return null;
  if (!existsSync(join(folder, name))) return null;
  const text = readFileSync(join(folder, name), 'utf8').replaceAll(folder, '');
  return name === 'flames.json' ? JSON.stringify(JSON.parse(text)).replace(/\d+/g, '0') : text; // addresses are the run's own
}

/** All files below a folder but what is written on purpose. */
export function filesOf(folder: string): string[] {
  return (readdirSync(folder, { recursive: true }) as string[]).filter((name) => name !== 'stdout').sort();
}

/** Waits until no process is left that was started in a folder: each has its name in the environment. */
export async function nothingRuns(folder: string): Promise<void> {
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

/** What a command may leave that is killed. */
export const LEFTOVER: RegExp = /^(?:made|(?:made\/|tmp\/)?\.?idspace-.*)$/;
