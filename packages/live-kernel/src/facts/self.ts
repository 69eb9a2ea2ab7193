// What /proc/self tells a process about itself: its user, its capabilities, its namespaces, its mounts.
import { readLink, readText, Unreadable } from './proc-text.ts';

/** Capabilities, as bits of CapEff. */
export const CAPABILITY = {
  sysPtrace: 19,
  sysAdmin: 21,
  sysResource: 24,
  wakeAlarm: 35,
  checkpointRestore: 40,
} as const;

/** A namespace is the first one of the machine, another, or not told. */
export type Place = 'first' | 'other' | 'unknown';

/** What this process may see of the machine. */
export interface Self {
  /** Its number as /proc counts; undefined where /proc is that of a PID namespace it is not in, or of one around its own. */
  pid: number | undefined;
  /** Effective user. */
  user: number | undefined;
  hasCapability(bit: number): boolean;
  /** Whether its system calls are filtered (seccomp). */
  isFiltered: boolean;
  pidNamespace: Place;
  userNamespace: Place;
  /** The file system mounted at a path, the last one if several; undefined if none is or it is not told. */
  mountAt(path: string): Mount | undefined;
}

/** A mounted file system. */
export interface Mount {
  type: string;
  /** Of the file system, such as 'rw,hidepid=invisible'. */
  options: string;
}

const FIRST_PIDS = 'pid:[4026531836]'; // PROC_PID_INIT_INO
const FIRST_USERS = 'user:[4026531837]'; // PROC_USER_INIT_INO
const MOST_MOUNTS = 2 ** 24; // bytes of mountinfo

/** Reads what the running process is told of itself. @param proc The /proc. */
export function readSelf(proc: string): Self {
  const status = textOrEmpty(`${proc}/self/status`);
  const capabilities = BigInt(`0x${/^CapEff:\s*([0-9a-f]{1,32})$/m.exec(status)?.[1] ?? '0'}`);
  const mounts = textOrEmpty(`${proc}/self/mountinfo`, MOST_MOUNTS).split('\n');
  return {
    pid: ownNumber(proc, status),
    user: effectiveUser(status),
    hasCapability: (bit) => ((capabilities >> BigInt(bit)) & 1n) === 1n,
    isFiltered: !/^Seccomp:\s*0$/m.test(status),
    pidNamespace: placeOf(`${proc}/self/ns/pid`, FIRST_PIDS),
    userNamespace: placeOf(`${proc}/self/ns/user`, FIRST_USERS),
    mountAt: (path) => mounts.map(mountOf).findLast((mount) => mount?.path === path),
  };
}

/** Reads the effective user of a status text. */
export function effectiveUser(status: string): number | undefined {
  const user = /^Uid:\s*\d+\s+(\d+)/m.exec(status)?.[1];
  return user === undefined ? undefined : Number(user);
}

/** The own number; in a PID namespace inside that of /proc, NSpid has one number for each. */
function ownNumber(proc: string, status: string): number | undefined {
  const link = readLink(`${proc}/self`);
  if (link instanceof Unreadable || !/^\d+$/.test(link)) return undefined;
  return /^NSpid:\s*\d+\s+\d/m.test(status) ? undefined : Number(link);
}

function placeOf(path: string, first: string): Place {
  const link = readLink(path);
  if (link instanceof Unreadable) return 'unknown';
  return link === first ? 'first' : 'other';
}

/** Reads '25 30 0:23 / /proc rw,nosuid shared:12 - proc proc rw,hidepid=2'. */
function mountOf(line: string): (Mount & { path: string }) | undefined {
  const [before = '', after] = line.split(' - ', 2);
  const path = before.split(' ')[4];
  const [type = '', , options = ''] = after?.split(' ') ?? [];
  return path === undefined ? undefined : { path, type, options };
}

function textOrEmpty(path: string, most?: number): string {
  const text = readText(path, most);
  return text instanceof Unreadable ? '' : text;
}
