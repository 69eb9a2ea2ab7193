// The texts of /proc and /sys that facts are gathered from, as an archive of their files: no text makes it throw, and what comes out is a target.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type FuzzTargets, json, lines } from '@idspace/testkit/fuzz';
import { parseTarget } from '../../restore-planner/src/plan.ts';
import { CheckpointError } from '../../restore-planner/src/read.ts';
import { readCheckpoint } from '../../restore-planner/src/read-checkpoint.ts';
import { gatherFacts } from '../src/facts/facts.ts';

/** Files below a made-up root, by path; of a link, where it leads. */
type Texts = Record<string, string>;

const STATUS = `Name:\tx\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t7\nNgid:\t0\nPid:\t7\nPPid:\t1\nUid:\t0\t0\t0\t0\nGid:\t0\t0\t0\t0
NSpid:\t7\nNStgid:\t7\nNSpgid:\t7\nNSsid:\t7\nThreads:\t1\nSigQ:\t3/95837\nCapEff:\t000001ffffffffff\n`;
const STAT =
  '7 (x) S 1 7 7 0 -1 4194304 1 0 0 0 0 0 0 0 20 0 1 0 5 0 0 18446744073709551615 0 0 0 0 0 0 0 0 0 0 0 0 17 1 0 0\n';
const LIMITS = `Limit                     Soft Limit           Hard Limit           Units
Max pending signals       95837                95837                signals\n`;
const KERNEL: Texts = {
  'sys/kernel/osrelease': '6.18.44\n',
  'sys/kernel/pid_max': '4194304\n',
  'sys/kernel/ns_last_pid': '7\n',
  'sys/kernel/pty/nr': '2\n',
  'sys/kernel/shmmni': '4096\n',
  'sys/fs/aio-nr': '0\n',
  'sys/fs/aio-max-nr': '65536\n',
  'sys/fs/inotify/max_user_watches': '8192\n',
  'sys/fs/inotify/max_user_instances': '128\n',
  cmdline: 'BOOT_IMAGE=/x quiet ipcmni_extend\n',
  self: '7',
};
const PROCESS: Texts = {
  status: STATUS,
  stat: STAT,
  limits: LIMITS,
  timers: 'ID: 3\nsignal: 14/000000000000000a\nnotify: signal/pid.7\nClockID: 1\n',
  mountinfo: '22 1 0:5 / /proc rw,nosuid - proc proc rw\n23 1 0:6 / /dev/pts rw - devpts devpts rw,ptmxmode=666\n',
  'task/7/status': STATUS,
  'task/7/stat': STAT,
  'fd/5': 'anon_inode:inotify',
  'fd/6': '/dev/pts/3 (deleted)',
  'fdinfo/5': 'pos:\t0\nflags:\t00\ninotify wd:1 ino:5 sdev:6 mask:2 ignored_mask:0\n',
  'ns/pid': 'pid:[4026531836]',
  'ns/user': 'user:[4026531837]',
};

function made(processes: readonly number[]): Texts {
  const files: Texts = { 'sys/devices/system/cpu/possible': '0-3\n', 'sys/class/rtc/rtc0/name': 'x\n', 'pts/0': '' };
  for (const [path, text] of Object.entries(KERNEL)) files[`proc/${path}`] = text;
  for (const pid of processes) for (const [path, text] of Object.entries(PROCESS)) files[`proc/${pid}/${path}`] = text;
  return files;
}

/** What is a link, and where it may lead: to nothing that there is outside. */
const LINK = /^proc\/self$|\/(fd|ns)\/[^/]+$/;
const SAFE = /^(\d{1,8}|anon_inode:\w{1,20}|\w{1,8}:\[\d{1,12}\]|\/dev\/pts\/\d{1,9} \(deleted\))$/;
const PATH = /^(proc|sys|pts)(\/[\w.-]{1,40}){1,8}$/;

let root: string | undefined;
let there: Texts = {};

/** Writes files below a folder that is this process's own, and takes away what was there before. */
function written(files: Texts): string {
  if (root === undefined) {
    const made = mkdtempSync(join(tmpdir(), 'idspace-fuzz-proc-'));
    process.on('exit', () => rmSync(made, { recursive: true, force: true }));
    root = made;
  }
  const paths = Object.keys(files);
  const isSame = paths.length === Object.keys(there).length && paths.every((path) => Object.hasOwn(there, path));
  if (!isSame) rmSync(root, { recursive: true, force: true });
  for (const path of paths) if (!isSame || files[path] !== there[path]) write(join(root, path), path, files[path]!);
  there = files;
  return root;
}

/** Writes a file or a link. Paths that lead out of the folder, or below a file, are left out. */
function write(place: string, path: string, text: string): void {
  if (!PATH.test(path) || path.includes('..') || /\/(fd|ns)\/.*\//.test(path)) return;
  try {
    mkdirSync(dirname(place), { recursive: true });
    rmSync(place, { force: true });
    if (LINK.test(path)) symlinkSync(SAFE.test(text) ? text : 'nowhere', place);
    else writeFileSync(place, text, 'latin1');
  } catch {
    // A file is where a folder would have to be.
  }
}

function textsOf(input: Uint8Array): Texts {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(input));
    const entries = typeof value === 'object' && value !== null ? Object.entries(value) : [];
    return Object.fromEntries(entries.map(([path, text]) => [path, String(text).slice(0, 4096)]));
  } catch {
    return {};
  }
}

const encode = (files: Texts): Uint8Array => new TextEncoder().encode(JSON.stringify(files));
const seeds = (): Uint8Array[] => [made([7]), made([7, 1, 9])].map(encode);

/** Changes one of the texts as text. */
const structures: NonNullable<FuzzTargets[string]['structures']> = [
  (input, draw) => {
    const files = Object.entries(textsOf(input));
    if (files.length === 0) return undefined;
    const { random } = draw;
    const at = random.below(files.length);
    const [path, text] = files[at]!;
    const others = Object.entries(textsOf(draw.other));
    const like = others.filter(([other]) => other.split('/').at(-1) === path.split('/').at(-1));
    const other = Buffer.from(like.length > 0 ? random.pick(like)[1] : text, 'latin1');
    const changed = lines(new Uint8Array(Buffer.from(text, 'latin1')), { ...draw, other: new Uint8Array(other) });
    if (random.chance(0.05)) files.splice(at, 1);
    else files[at] = [path, Buffer.from(changed ?? []).toString('latin1')];
    return encode(Object.fromEntries(files));
  },
  json,
];

export const TARGETS: FuzzTargets = {
  facts: {
    seeds,
    structures,
    isSlow: true,
    run: (input) => {
      const at = written(textsOf(input));
      const { machine } = gatherFacts({
        proc: `${at}/proc`,
        sys: `${at}/sys`,
        pts: `${at}/pts`,
        criu: () => '4.2',
        seconds: 60,
      });
      parseTarget(JSON.stringify({ format: 'idspace-target', version: 1, ...machine }));
    },
  },
  'live-process': {
    seeds,
    structures,
    isSlow: true,
    run: async (input) => {
      const at = written(textsOf(input));
      try {
        await readCheckpoint(`${at}/proc/7`, { tree: input.length % 2 === 0 });
      } catch (error) {
        if (!(error instanceof CheckpointError)) throw error;
      }
    },
  },
};
