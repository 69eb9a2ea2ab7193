// What a restore on this machine depends on, from /proc and /sys: each thing known, or the reason why it is not.
import { checkKeys } from '../misuse.ts';
import { softLimit } from '../own-limits.ts';
import { criuOnPath } from './criu-on-path.ts';
import type { MachineFacts } from './machine-facts.ts';
import { MAX_PID, numbersInUse } from './numbers-in-use.ts';
import { type OpenFiles, openFiles } from './open-files.ts';
import { readNames, readText, Unreadable } from './proc-text.ts';
import { CAPABILITY, readSelf, type Self } from './self.ts';

/** A fact, and what is to be said of it. */
export interface Remark {
  key: keyof MachineFacts;
  why: string;
}

/** What is known of a machine, and what is not. */
export interface Facts {
  machine: MachineFacts;
  /** Each fact that could not be seen, and why. */
  unseen: Remark[];
  /** What is taken for granted of keys that are there. */
  assumed: Remark[];
}

/** Where to look; each has the place of a running Linux as its default. */
export interface Places {
  proc?: string;
  sys?: string;
  /** The devpts. */
  pts?: string;
  /** Tells the version of CRIU. */
  criu?: () => string | { why: string };
  /** Time after which searches through all processes are given up; default 2. */
  seconds?: number;
}

const PLACES: readonly string[] = ['proc', 'sys', 'pts', 'criu', 'seconds'] satisfies (keyof Places)[];

type Value<Key extends keyof MachineFacts> = NonNullable<MachineFacts[Key]> | { why: string };
type Finders = { [Key in keyof MachineFacts]-?: () => Value<Key> };

const ASSUMED: Readonly<Partial<Record<keyof MachineFacts, string>>> = {
  taken:
    'without the process that looked and its threads; the shell and whatever else started it are in the list. Numbers change from moment to moment',
  pidMaxWhereCriuRuns: 'CRIU runs in the PID namespace that was looked at',
  ptysTaken: 'of the devpts mounted here; a checkpoint that brings a devpts of its own starts with an empty one',
  userWatches: 'an inotify file that several processes share is counted for each of them',
};

/**
 * Gathers what a restore on this machine depends on. Reads /proc and /sys, and runs `criu --version` if there is a criu.
 *
 * What cannot be seen, or not completely, is missing and has its reason in `unseen`: no text of /proc makes it throw.
 * @throws RangeError for a place that there is not.
 * Cost: a few reads for each process and one for each descriptor, at most `seconds` for either.
 */
export function gatherFacts(places: Places = {}): Facts {
  checkKeys('places', places, PLACES);
  const facts: Facts = { machine: {}, unseen: [], assumed: [] };
  const finders = findersIn(places);
  for (const key of Object.keys(finders) as (keyof MachineFacts)[]) {
    const found = finders[key]();
    if (isUnknown(found)) {
      facts.unseen.push({ key, why: found.why });
      continue;
    }
    Object.assign(facts.machine, { [key]: found });
    const why = ASSUMED[key];
    if (why !== undefined) facts.assumed.push({ key, why });
  }
  return facts;
}

function isUnknown(value: unknown): value is { why: string } {
  return typeof value === 'object' && value !== null && 'why' in value;
}

/** How each key is found, in the order of the document. */
function findersIn({
  proc = '/proc',
  sys = '/sys',
  pts = '/dev/pts',
  criu = criuOnPath,
  seconds = 2,
}: Places): Finders {
  const self = readSelf(proc);
  const kernel = `${proc}/sys/kernel`;
  const number = (path: string) => () => wholeIn(path);
  const pid = (path: string, least: number) => () => wholeIn(path, least, MAX_PID);
  const late = clock(seconds);
  let files: OpenFiles | string | undefined;
  const filesOnce = (): OpenFiles | string => {
    files ??= self.pid === undefined ? OTHER_PROC : openFiles(proc, self.pid, self.user, pts, clock(seconds));
    return files;
  };
  return {
    kernel: () => releaseIn(`${kernel}/osrelease`),
    criu,
    pidMax: pid(`${kernel}/pid_max`, 1),
    pidMaxWhereCriuRuns: pid(`${kernel}/pid_max`, 1),
    taken: () => takenIn(proc, self, late),
    lastPid: pid(`${kernel}/ns_last_pid`, 0),
    cannotAsk: () => cannotAsk(kernel, self),
    ptysTaken: () => ptysIn(proc, pts, self, filesOnce),
    ipcmniExtend: () => isExtended(proc),
    shmmniMax: () => {
      const extended = isExtended(proc);
      return typeof extended === 'boolean' ? (extended ? 2 ** 24 : 32_768) : extended;
    },
    aioNr: number(`${proc}/sys/fs/aio-nr`),
    aioMaxNr: number(`${proc}/sys/fs/aio-max-nr`),
    possibleCpus: () => possibleCpus(`${sys}/devices/system/cpu/possible`),
    rtc: () => hasAlarmClock(`${sys}/class`),
    capWakeAlarm: () => canWake(self),
    sigqOfCriuUser: () => signalsOfRoot(proc, self),
    criuRlimitSigpending: () => limitOfCriu(proc, self),
    maxUserWatches: number(`${proc}/sys/fs/inotify/max_user_watches`),
    maxUserInstances: number(`${proc}/sys/fs/inotify/max_user_instances`),
    userWatches: () => watchesOfRoot(self, filesOnce),
  };
}

/** Says when the time is up, from the first question on. */
function clock(seconds: number): () => boolean {
  let end: number | undefined;
  return () => {
    end ??= performance.now() + seconds * 1000;
    return performance.now() >= end;
  };
}

const OTHER_PROC = '/proc is not that of this PID namespace: mount it here (unshare --mount-proc)';
const NOT_ROOT = { why: "it is that of CRIU's user, root as a rule: look as that user" };

function takenIn(proc: string, self: Self, isLate: () => boolean): Value<'taken'> {
  if (self.pid === undefined) return { why: OTHER_PROC };
  const options = self.mountAt('/proc')?.options ?? '';
  if (/(?:^|,)hidepid=(?!0|off)/.test(options) && !self.hasCapability(CAPABILITY.sysPtrace)) {
    return { why: '/proc is mounted with hidepid, so that processes of other users are not listed: look as root' };
  }
  const found = numbersInUse(proc, self.pid, isLate);
  return typeof found === 'string' ? { why: found } : found;
}

/** Only what is certain: that a way is missing, or that all are there. */
function cannotAsk(kernel: string, self: Self): Value<'cannotAsk'> {
  const last = readText(`${kernel}/ns_last_pid`); // there if the kernel was built with CONFIG_CHECKPOINT_RESTORE
  if (last instanceof Unreadable && last.code === 'ENOENT' && typeof wholeIn(`${kernel}/pid_max`) === 'number') {
    return ['inotify-next-wd'];
  }
  if (last instanceof Unreadable) return { why: `${kernel}/ns_last_pid cannot be read (${last.code})` };
  if (self.isFiltered) return { why: 'system calls are filtered here (seccomp), so that clone3 may be refused' };
  if (self.hasCapability(CAPABILITY.sysAdmin) || self.hasCapability(CAPABILITY.checkpointRestore)) return [];
  return { why: 'to ask for a PID takes CAP_SYS_ADMIN or CAP_CHECKPOINT_RESTORE: look as root' };
}

function ptysIn(proc: string, pts: string, self: Self, filesOnce: () => OpenFiles | string): Value<'ptysTaken'> {
  if (self.mountAt('/dev/pts')?.type !== 'devpts') return { why: 'no devpts is mounted at /dev/pts here' };
  const names = readNames(pts);
  if (names instanceof Unreadable) return { why: `${pts} cannot be listed (${names.code})` };
  const taken = new Set(names.filter((name) => /^\d{1,7}$/.test(name)).map(Number));
  // pty/nr counts those in use in all devpts: if it is no more, there are none that the folder does not list.
  if (wholeIn(`${proc}/sys/kernel/pty/nr`) !== taken.size) {
    const files = filesOnce();
    if (typeof files === 'string') {
      return { why: `a terminal whose master is closed is in no list, and to find it ${files}` };
    }
    for (const index of files.orphans) taken.add(index);
  }
  return [...taken].sort((a, b) => a - b);
}

function isExtended(proc: string): boolean | { why: string } {
  const line = readText(`${proc}/cmdline`);
  if (line instanceof Unreadable) return { why: `${proc}/cmdline cannot be read (${line.code})` };
  return line.split(/\s+/).includes('ipcmni_extend');
}

const MOST_CPUS = 2 ** 20;

/** Counts a list such as '0-3,8'. */
function possibleCpus(path: string): Value<'possibleCpus'> {
  const text = readText(path);
  if (text instanceof Unreadable) return { why: `${path} cannot be read (${text.code})` };
  let count = 0;
  for (const part of text.trim().split(',')) {
    const [, first, last = first] = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(part) ?? [];
    if (first === undefined || Number(last) < Number(first)) return { why: `${path} is not a list of CPUs` };
    count += Number(last) - Number(first) + 1;
  }
  return count <= MOST_CPUS ? count : { why: `${path} lists ${count} CPUs` };
}

/** A clock that cannot wake the machine does not do for alarm timers; one that can has a file wakealarm. */
function hasAlarmClock(classes: string): Value<'rtc'> {
  const all = readNames(classes);
  if (all instanceof Unreadable) return { why: `${classes} cannot be listed (${all.code})` };
  const clocks = readNames(`${classes}/rtc`);
  if (clocks instanceof Unreadable) return clocks.isGone ? false : { why: `${classes}/rtc: ${clocks.code}` };
  return clocks.some((name) => {
    const files = readNames(`${classes}/rtc/${name}`);
    return !(files instanceof Unreadable) && files.includes('wakealarm');
  });
}

function canWake(self: Self): Value<'capWakeAlarm'> {
  if (self.user !== 0) return NOT_ROOT;
  if (!self.hasCapability(CAPABILITY.wakeAlarm)) return false;
  if (self.userNamespace === 'unknown') return { why: 'which user namespace this is cannot be read' };
  return self.userNamespace === 'first'; // the kernel wants it in the first one
}

/** Any process of root tells; the first one, where this is none. */
function signalsOfRoot(proc: string, self: Self): Value<'sigqOfCriuUser'> {
  const status = readText(`${proc}/${self.user === 0 ? 'self' : '1'}/status`);
  if (status instanceof Unreadable) return NOT_ROOT;
  if (/^Uid:\s*(\d+)/m.exec(status)?.[1] !== '0') return NOT_ROOT;
  const signals = /^SigQ:\s*(\d{1,15})\//m.exec(status)?.[1];
  return signals === undefined ? { why: 'no SigQ is given' } : Number(signals);
}

function limitOfCriu(proc: string, self: Self): Value<'criuRlimitSigpending'> {
  if (self.user !== 0) return NOT_ROOT;
  if (self.hasCapability(CAPABILITY.sysResource) && self.userNamespace === 'first') {
    return { why: 'it does not matter: CRIU may raise it here (CAP_SYS_RESOURCE)' };
  }
  const limits = readText(`${proc}/self/limits`);
  if (limits instanceof Unreadable) return { why: `${proc}/self/limits cannot be read (${limits.code})` };
  const soft = softLimit(limits);
  if (soft === Number.POSITIVE_INFINITY) return { why: 'it is unlimited' };
  return soft ?? { why: `${proc}/self/limits has no line for it` };
}

function watchesOfRoot(self: Self, filesOnce: () => OpenFiles | string): Value<'userWatches'> {
  if (self.user !== 0) return NOT_ROOT;
  if (self.pidNamespace !== 'first') {
    return { why: "watches of CRIU's user outside this PID namespace count too, and are not seen from here" };
  }
  const files = filesOnce();
  return typeof files === 'string' ? { why: files } : files.watches;
}

function releaseIn(path: string): Value<'kernel'> {
  const release = readText(path);
  if (release instanceof Unreadable) return { why: `${path} cannot be read (${release.code})` };
  return /^\d+\.\d.{0,60}\n?$/.test(release) ? release.trim() : { why: `${path} has no release` };
}

function wholeIn(path: string, least = 0, most: number = Number.MAX_SAFE_INTEGER): number | { why: string } {
  const text = readText(path);
  if (text instanceof Unreadable) {
    return { why: text.isGone ? `${path} is not there` : `${path} cannot be read (${text.code})` };
  }
  if (!/^\d{1,15}\n?$/.test(text)) return { why: `${path} has no number` };
  const value = Number(text);
  return value >= least && value <= most ? value : { why: `${path} has ${value}, which no kernel has` };
}
