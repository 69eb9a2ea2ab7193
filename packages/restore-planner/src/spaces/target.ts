// What a restore depends on of the machine where it is to happen, as a file: every key may be missing and is unknown then.

import { CheckpointError } from '../checkpoint-error.ts';
import { INT_MAX } from '../int-max.ts';
import { nearestWords } from '../nearest.ts';
import { isRefusal, refusal } from '../refusal.ts';

/** As what a number is in use. A number that lives on only as a group or session is not available either. */
export type PidHolder = 'pid' | 'zombie' | 'tid' | 'pgid' | 'sid';

/** A process number in use on the target. */
export interface TakenNumber {
  number: number;
  as: PidHolder;
  /** The process that has it, or is in that group or session: its command and PID, where known. */
  command?: string;
  pid?: number;
  /** It is of a thread of the kernel, which cannot be ended. Absent: it is not, or that is not known. */
  kernelThread?: boolean;
}

/** A SysV object in the IPC namespace that the restore joins. */
export interface JoinedObject {
  id: number;
  /** 0 is private. */
  key: number;
}

/** What is known of a target. Each key may be missing: it is unknown then. */
export interface Target {
  /** Kernel release, such as '6.18.44'. */
  kernel?: string;
  /** Version of the CRIU there, such as '4.2'. */
  criu?: string;
  /** kernel.pid_max of the PID namespace that is restored into. */
  pidMax?: number;
  /** kernel.pid_max of the namespace that CRIU runs in, which is the one it may raise. */
  pidMaxWhereCriuRuns?: number;
  /** Every number in use in the namespace restored into; complete if given. */
  taken?: TakenNumber[];
  /** kernel.ns_last_pid: where the next ordinary process number comes from. */
  lastPid?: number;
  /** CRIU's own PID and session there. */
  criuPid?: number;
  criuSid?: number;
  /** Whether CRIU is called with --shell-job. */
  shellJob?: boolean;
  /** Ways to ask for an ID that do not work there though kernel and CRIU have them: 'clone3-set-tid', 'inotify-next-wd'. */
  cannotAsk?: string[];
  /** Every index in use in the devpts that the restored masters lead to; complete if given. */
  ptysTaken?: number[];
  /** What an IPC namespace holds that is joined with --join-ns ipc:PID; missing if none is joined. */
  joinedIpc?: { shm?: JoinedObject[]; sem?: JoinedObject[]; msg?: JoinedObject[] };
  /** Whether the kernel was booted with ipcmni_extend. */
  ipcmniExtend?: boolean;
  /** Most that kernel.shmmni can be set to: 32,768, or 2²⁴ with ipcmni_extend. */
  shmmniMax?: number;
  /** fs.aio-nr and fs.aio-max-nr: requests charged, and how many may be. */
  aioNr?: number;
  aioMaxNr?: number;
  /** Number of possible CPUs, not of those online: /sys/devices/system/cpu/possible. */
  possibleCpus?: number;
  /** Whether there is a real-time clock, and whether CRIU has CAP_WAKE_ALARM: alarm timers need both. */
  rtc?: boolean;
  capWakeAlarm?: boolean;
  /** Signals and timers charged to CRIU's user before the restore: SigQ in /proc/self/status. */
  sigqOfCriuUser?: number;
  /** CRIU's own RLIMIT_SIGPENDING, where it lacks CAP_SYS_RESOURCE and so cannot raise limits. */
  criuRlimitSigpending?: number;
  /** fs.inotify.max_user_watches and max_user_instances, and what CRIU's user has already. */
  maxUserWatches?: number;
  maxUserInstances?: number;
  userWatches?: number;
}

/** The `format` of a target's file. */
export const TARGET_FORMAT = 'idspace-target';
/** The `version` of a target's file. */
export const TARGET_VERSION = 1;

const MAX_NUMBERS = 2 ** 22; // PID_MAX_LIMIT of 64-bit kernels
const MAX_PTYS = 2 ** 20; // NR_UNIX98_PTY_MAX
const MAX_OBJECTS = 2 ** 24; // of one kind, with ipcmni_extend
const MAX_TEXT = 256; // characters of a name
const AS: readonly string[] = ['pid', 'zombie', 'tid', 'pgid', 'sid'] satisfies PidHolder[];
const WAYS: readonly string[] = ['clone3-set-tid', 'inotify-next-wd'];
const KINDS = ['shm', 'sem', 'msg'] as const;

type Read<Value> = (value: unknown, name: string) => Value;
type Door = { [Key in keyof Target]-?: Read<NonNullable<Target[Key]>> };

const count = whole(0, Number.MAX_SAFE_INTEGER);

/** Each key, and what may be its value. */
// biome-ignore format: what belongs together stands in a row
const DOOR: Door = {
  kernel: text, criu: text, shellJob: flag, ipcmniExtend: flag, rtc: flag, capWakeAlarm: flag,
  pidMax: whole(1, MAX_NUMBERS), pidMaxWhereCriuRuns: whole(1, MAX_NUMBERS), lastPid: whole(0, MAX_NUMBERS),
  criuPid: whole(1, MAX_NUMBERS), criuSid: whole(0, MAX_NUMBERS),
  shmmniMax: whole(1, INT_MAX), aioNr: count, aioMaxNr: count, possibleCpus: whole(1, 2 ** 20),
  sigqOfCriuUser: count, criuRlimitSigpending: count,
  maxUserWatches: count, maxUserInstances: count, userWatches: count,
  taken: list(takenNumber, MAX_NUMBERS),
  cannotAsk: list(wayToAsk, 64),
  ptysTaken: list(whole(0, INT_MAX), MAX_PTYS),
  joinedIpc: joined,
};

/** What errors call a target. */
const WHOLE = 'target';
/** Keys of the file: those of a target, what it is, and remarks. */
const KEYS: readonly string[] = [...Object.keys(DOOR), 'format', 'version', 'unseen', 'assumed'];

/**
 * Reads a target from its file's text; {@link Target} says what may be in it, beside `unseen` and `assumed`, the remarks of `idspace probe --facts`. Any other
 * key is refused: a misspelt one would be taken for unknown without a word.
 *
 * @param source What errors call it, such as its path.
 * @throws CheckpointError ('bad-target') for anything that is not a target, naming the part.
 */
export function parseTarget(text: string, source = 'target'): Target {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch (cause) {
    throw new CheckpointError('bad-target', { file: source }, (cause as Error).message, 'JSON of a target', cause);
  }
  const { format, version } = isObject(document) ? document : {};
  if (format !== TARGET_FORMAT || version !== TARGET_VERSION) {
    const isOther = format === undefined && version === undefined;
    const got = isOther ? 'JSON without format and version' : `format ${shown(format)}, version ${shown(version)}`;
    throw new CheckpointError(
      'bad-target',
      { file: source },
      got,
      `"${TARGET_FORMAT}", version ${TARGET_VERSION}, as \`idspace probe --facts\` writes it`,
    );
  }
  try {
    return checkTarget(document as Record<string, unknown>);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const { argument, got, expected } = error;
    const part = argument === WHOLE ? got : `${argument.slice(WHOLE.length + 1)}: got ${got}`;
    throw new CheckpointError('bad-target', { file: source }, part, expected, error);
  }
}

/**
 * Takes what is known of a target from plain data: that of its file, or the {@link Target} alone.
 *
 * @throws RangeError naming the first part that is not as {@link Target} says.
 */
export function checkTarget(data: object): Target {
  checkKeys(data, KEYS, WHOLE);
  const target: Record<string, unknown> = {};
  for (const key of Object.keys(DOOR) as (keyof Target)[]) {
    const value: unknown = Object.hasOwn(data, key) ? (data as Record<string, unknown>)[key] : undefined;
    if (value !== undefined && value !== null) target[key] = DOOR[key](value, `${WHOLE}.${key}`);
  }
  return target;
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT) return value;
  throw refused(name, value, `a text of 1…${MAX_TEXT} characters`);
}

/** Ways that are not known are let pass: no space asks by them. Those that are misspelt are not. */
function wayToAsk(value: unknown, name: string): string {
  const way = text(value, name);
  const near = WAYS.includes(way) ? [] : nearestWords(way, WAYS);
  if (near.length > 0) throw refused(name, way, `${near.join(' or ')} (did you mean that?)`);
  return way;
}

function flag(value: unknown, name: string): boolean {
  if (typeof value === 'boolean') return value;
  throw refused(name, value, 'true or false');
}

function whole(min: number, max: number): Read<number> {
  return (value, name) => {
    if (Number.isInteger(value) && (value as number) >= min && (value as number) <= max) return value as number;
    throw refused(name, value, `a whole number, ${min}…${max}`);
  };
}

function list<Item>(read: Read<Item>, most: number): Read<Item[]> {
  return (value, name) => {
    if (!Array.isArray(value)) throw refused(name, value, 'a list');
    if (value.length > most) throw refused(name, `${value.length} items`, `at most ${most}`);
    return value.map((item, index) => read(item, `${name}[${index}]`));
  };
}

const TAKEN_KEYS: readonly (keyof TakenNumber)[] = ['number', 'as', 'command', 'pid', 'kernelThread'];
const PROCESS_NUMBER = whole(0, MAX_NUMBERS);

function takenNumber(value: unknown, name: string): TakenNumber {
  if (!isObject(value)) throw refused(name, value, 'an object such as { "number": 5003, "as": "pid" }');
  checkKeys(value, TAKEN_KEYS, name);
  const { number, as, command, pid, kernelThread } = value;
  if (!AS.includes(as as string)) throw refused(`${name}.as`, as, AS.join(', '));
  return {
    number: PROCESS_NUMBER(number, `${name}.number`),
    as: as as PidHolder,
    ...(typeof command === 'string' && { command: command.slice(0, MAX_TEXT) }),
    ...(pid !== undefined && pid !== null && { pid: PROCESS_NUMBER(pid, `${name}.pid`) }),
    ...(kernelThread !== undefined && { kernelThread: flag(kernelThread, `${name}.kernelThread`) }),
  };
}

function joined(value: unknown, name: string): NonNullable<Target['joinedIpc']> {
  if (!isObject(value)) throw refused(name, value, 'an object with shm, sem, msg');
  checkKeys(value, KINDS, name);
  const objects: Target['joinedIpc'] = {};
  for (const kind of KINDS) {
    if (value[kind] === undefined || value[kind] === null) continue;
    objects[kind] = list(joinedObject, MAX_OBJECTS)(value[kind], `${name}.${kind}`);
  }
  return objects;
}

function joinedObject(value: unknown, name: string): JoinedObject {
  if (!isObject(value)) throw refused(name, value, 'an object such as { "id": 32774, "key": 20736 }');
  checkKeys(value, ['id', 'key'], name);
  const key = whole(-(2 ** 31), 2 ** 32 - 1)(value.key, `${name}.key`);
  return { id: whole(0, INT_MAX)(value.id, `${name}.id`), key: key >>> 0 };
}

/** Refuses what is not known, with what may be meant. */
function checkKeys(data: object, known: readonly string[], name: string): void {
  const unknown = Object.keys(data).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const near = nearestWords(unknown, known);
  const hint = near.length === 0 ? '' : `${near.join(' or ')} (did you mean that?), or another `;
  throw refusal(name, `the key ${shown(unknown)}`, `${hint}one of ${known.join(', ')}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(name: string, got: unknown, expected: string): RangeError {
  return refusal(name, shown(got), expected);
}

function shown(value: unknown): string {
  const written = JSON.stringify(value) ?? String(value);
  return written.length <= 60 ? written : `${written.slice(0, 60)}…`;
}
