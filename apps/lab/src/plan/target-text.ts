// A target explained: what is known of it, what is not, and which ID spaces that matters to.
import { SPACE_TITLES, SPACES, type SpaceName, type Target } from '@idspace/restore-planner';
import { definitions } from '../format/definitions.ts';
import { count } from '../format/number.ts';
import { line, paragraph } from '../format/paragraph.ts';
import { printable } from '../format/printable.ts';
import { isBounded, type Screen } from '../format/screen.ts';
import { firstNames } from '../format/sentence.ts';
import { table } from '../format/table.ts';

type Key = keyof Target;

/** Each key, in the order shown: what it is, and where a person finds it. */
export const TARGET_KEYS: Readonly<Record<Key, readonly [what: string, where: string]>> = {
  kernel: ['kernel release', 'uname -r'],
  criu: ['version of CRIU', 'criu --version'],
  pidMax: ['pid_max of the PID namespace restored into', '/proc/sys/kernel/pid_max'],
  pidMaxWhereCriuRuns: ['pid_max of the PID namespace CRIU runs in', '/proc/sys/kernel/pid_max there'],
  taken: ['numbers of processes, threads, groups, sessions', '/proc/PID/task, fields 5 and 6 of /proc/PID/stat'],
  lastPid: ['last process number given', '/proc/sys/kernel/ns_last_pid'],
  criuPid: ['PID that CRIU will have', 'as you start it'],
  criuSid: ['session that CRIU will be in', 'as you start it'],
  shellJob: ['--shell-job', 'as you call CRIU'],
  cannotAsk: ['ways to ask that do not work', 'clone3-set-tid, inotify-next-wd'],
  ptysTaken: ['terminals in use', '/dev/pts of the mount namespace restored into'],
  joinedIpc: ['objects of a joined IPC namespace', 'ipcs, with --join-ns ipc:PID only'],
  ipcmniExtend: ['ipcmni_extend', '/proc/cmdline'],
  shmmniMax: ['most that shmmni can be', '32768, or 16777216 with ipcmni_extend'],
  aioNr: ['AIO requests charged', '/proc/sys/fs/aio-nr'],
  aioMaxNr: ['AIO requests allowed', '/proc/sys/fs/aio-max-nr'],
  possibleCpus: ['possible CPUs', '/sys/devices/system/cpu/possible'],
  rtc: ['real-time clock', '/sys/class/rtc'],
  capWakeAlarm: ['CAP_WAKE_ALARM of CRIU', 'CapEff in /proc/PID/status'],
  sigqOfCriuUser: ["signals and timers of CRIU's user", 'SigQ in /proc/self/status'],
  criuRlimitSigpending: ["CRIU's own limit on them, if it cannot raise it", 'ulimit -i'],
  maxUserWatches: ['watches a user may have', '/proc/sys/fs/inotify/max_user_watches'],
  maxUserInstances: ['inotify files a user may have', '/proc/sys/fs/inotify/max_user_instances'],
  userWatches: ["watches CRIU's user has", '0 if that is root and nothing watches'],
};

const OF_TIMERS: readonly Key[] = ['rtc', 'capWakeAlarm', 'sigqOfCriuUser', 'criuRlimitSigpending'];
const OF_ALL: readonly Key[] = ['kernel', 'criu'];

/** Explains a target. @param source Its file, as the user named it. */
export function targetText(source: string, target: Target, screen: Screen): string {
  const keys = Object.keys(TARGET_KEYS) as Key[];
  const unknown = keys.filter((key) => target[key] === undefined);
  const columns = [
    { head: 'Known', align: 'left' as const },
    { head: 'Value', align: 'left' as const, width: 34 },
    { head: 'Matters to', align: 'left' as const, width: 24 },
  ];
  const known = keys.filter((key) => target[key] !== undefined);
  const rows = known.map((key) => [`${TARGET_KEYS[key][0]}`, shown(target[key]), mattersTo(key)]);
  return [
    line(`${printable(source)}: a target of which ${known.length} of ${keys.length} things are known`, screen),
    '\n',
    rows.length === 0 ? '' : table(columns, rows, screen),
    unknown.length === 0 ? '' : `\n${unknownText(unknown, screen)}`,
  ].join('');
}

/** What is missing: each by itself on a screen, one line in a file. */
function unknownText(keys: readonly Key[], screen: Screen): string {
  if (!isBounded(screen)) return paragraph(`Not known: ${keys.map(missing).join('; ')}.`, screen);
  const entries = keys.map((key) => [key, TARGET_KEYS[key].join(': ')] as const);
  return `Not known:\n${definitions(entries, screen)}`;
}

function missing(key: Key): string {
  return `${TARGET_KEYS[key][0]} ("${key}": ${TARGET_KEYS[key][1]})`;
}

function mattersTo(key: Key): string {
  if (OF_ALL.includes(key)) return 'all';
  const names = SPACES.filter(({ dependsOn }) => dependsOn.includes(key)).map(({ name }) => name);
  const all: SpaceName[] = OF_TIMERS.includes(key) ? ['timers', ...names] : names;
  return all.map((space) => SPACE_TITLES[space]).join(', ') || '–';
}

function shown(value: Target[Key]): string {
  if (typeof value === 'string') return printable(value);
  if (typeof value === 'number') return count(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : listed(value);
  const kinds = Object.entries(value ?? {}).map(([kind, objects]) => `${count(objects.length)} ${kind}`);
  return kinds.join(', ');
}

const MOST_SHOWN = 6;

function listed(values: readonly (string | number | { number: number; as: string })[]): string {
  const names = values.map((one) => (typeof one === 'object' ? `${one.number} (${one.as})` : String(one)));
  return printable(firstNames(names, MOST_SHOWN));
}
