// What is known of the target machine, as texts in a form: which fields there are, and how they become a target.

import { CheckpointError, parseTarget, type Target } from '@idspace/restore-planner/plan';
import type { Files } from '../shell/dropped-files.ts';
import { wholeOf } from '../shell/whole.ts';

/** A key of a target that the form has a field for; kernel and CRIU have fields of their own beside the verdict. */
export type FieldKey = Exclude<keyof Target, 'kernel' | 'criu'>;

/** How a field is filled in. `taken` and the lists are text: see {@link readField}. */
export type FieldKind = 'whole' | 'yes-no' | 'taken' | 'numbers' | 'words' | 'objects';

export interface Field {
  readonly key: FieldKey;
  readonly kind: FieldKind;
  /** What it is. */
  readonly label: string;
  /** Where a person finds it. */
  readonly where: string;
}

/** Fields by what they matter to. */
export const FIELD_GROUPS: readonly { readonly title: string; readonly fields: readonly Field[] }[] = [
  {
    title: 'Processes',
    fields: [
      { key: 'pidMax', kind: 'whole', label: 'pid_max restored into', where: '/proc/sys/kernel/pid_max' },
      { key: 'pidMaxWhereCriuRuns', kind: 'whole', label: 'pid_max where CRIU runs', where: 'the same file there' },
      {
        key: 'taken',
        kind: 'taken',
        label: 'numbers in use',
        where: 'all of them: 1-300, 5003 pid postgres, 5004 tid',
      },
      { key: 'lastPid', kind: 'whole', label: 'last process number', where: '/proc/sys/kernel/ns_last_pid' },
      { key: 'criuPid', kind: 'whole', label: "CRIU's PID", where: 'as you start it' },
      { key: 'criuSid', kind: 'whole', label: "CRIU's session", where: 'as you start it' },
      { key: 'shellJob', kind: 'yes-no', label: '--shell-job', where: 'as you call CRIU' },
      { key: 'cannotAsk', kind: 'words', label: 'ways to ask that fail', where: 'clone3-set-tid, inotify-next-wd' },
    ],
  },
  {
    title: 'Timers',
    fields: [
      { key: 'sigqOfCriuUser', kind: 'whole', label: "signals of CRIU's user", where: 'SigQ in /proc/self/status' },
      { key: 'criuRlimitSigpending', kind: 'whole', label: 'a limit that CRIU cannot raise', where: 'ulimit -i' },
      { key: 'rtc', kind: 'yes-no', label: 'real-time clock', where: '/sys/class/rtc' },
      { key: 'capWakeAlarm', kind: 'yes-no', label: 'CAP_WAKE_ALARM of CRIU', where: 'CapEff in /proc/PID/status' },
    ],
  },
  {
    title: 'Watches and terminals',
    fields: [
      {
        key: 'maxUserWatches',
        kind: 'whole',
        label: 'watches allowed',
        where: '/proc/sys/fs/inotify/max_user_watches',
      },
      { key: 'maxUserInstances', kind: 'whole', label: 'inotify files allowed', where: '…/max_user_instances' },
      { key: 'userWatches', kind: 'whole', label: "watches of CRIU's user", where: '0 if nothing watches' },
      { key: 'ptysTaken', kind: 'numbers', label: 'terminals in use', where: 'all of /dev/pts: 0, 3-7' },
    ],
  },
  {
    title: 'SysV IPC and AIO',
    fields: [
      {
        key: 'joinedIpc',
        kind: 'objects',
        label: 'a joined IPC namespace',
        where: '{"shm": [{"id": 32774, "key": 0}]}',
      },
      { key: 'ipcmniExtend', kind: 'yes-no', label: 'ipcmni_extend', where: '/proc/cmdline' },
      { key: 'shmmniMax', kind: 'whole', label: 'most that shmmni can be', where: '32768, or 16777216 extended' },
      { key: 'aioNr', kind: 'whole', label: 'AIO requests charged', where: '/proc/sys/fs/aio-nr' },
      { key: 'aioMaxNr', kind: 'whole', label: 'AIO requests allowed', where: '/proc/sys/fs/aio-max-nr' },
      { key: 'possibleCpus', kind: 'whole', label: 'possible CPUs', where: '/sys/devices/system/cpu/possible' },
    ],
  },
];

const FIELDS: readonly Field[] = FIELD_GROUPS.flatMap(({ fields }) => fields);

/** The label of a field, as its form has it. */
export function labelOf(key: FieldKey): string {
  return FIELDS.find((field) => field.key === key)!.label;
}

/** The texts of the fields; a key that is missing or empty is not known. */
export type TargetForm = { readonly [Key in FieldKey]?: string };

/** A form as a target, and what is wrong with single fields. */
export interface ReadForm {
  /** undefined if nothing is filled in. */
  readonly target: Target | undefined;
  readonly errors: { readonly [Key in FieldKey]?: string };
}

/** Reads a form. A field that is wrong is left out, and named in `errors`. */
export function readForm(form: TargetForm): ReadForm {
  const target: Record<string, unknown> = {};
  const errors: { [Key in FieldKey]?: string } = {};
  for (const { key, kind } of FIELDS) {
    const text = (form[key] ?? '').trim();
    if (text === '') continue;
    try {
      target[key] = checked(key, readField(kind, text));
    } catch (error) {
      errors[key] =
        error instanceof CheckpointError ? `got ${shortened(error.got)}, expected ${error.expected}` : String(error);
    }
  }
  return { target: Object.keys(target).length === 0 ? undefined : (target as Target), errors };
}

/** A target's file as a form, with the kernel and the CRIU that it names. @throws CheckpointError as parseTarget. */
export function formOf(text: string, source: string): { form: TargetForm; kernel?: string; criu?: string } {
  const { kernel, criu, ...known } = parseTarget(text, source);
  const form = Object.fromEntries(Object.entries(known).map(([key, value]) => [key, fieldText(value)])) as TargetForm;
  return { form, ...(kernel !== undefined && { kernel }), ...(criu !== undefined && { criu }) };
}

/** Tells whether a text may be a target's file, so that it is not read as a checkpoint. */
export function looksLikeTarget(text: string): boolean {
  return /^\s*\{/.test(text) && /"format"\s*:\s*"idspace-target"/.test(text);
}

function fieldText(value: unknown): string {
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/** The planner itself says what a key may be. */
function checked(key: FieldKey, value: unknown): unknown {
  const document = JSON.stringify({ format: 'idspace-target', version: 1, [key]: value });
  return parseTarget(document, 'the form')[key];
}

/**
 * Reads what was typed: '4,194,304' as a number, 'yes', '0, 3-7' as a list, '1-300, 5003 pid postgres' as numbers in use; or JSON where a list is expected.
 * What it cannot read is handed on as it is, so that the planner's check refuses it in its own words.
 */
function readField(kind: FieldKind, text: string): unknown {
  if (kind === 'whole') return wholeOf(text) ?? text;
  if (kind === 'yes-no') return text === 'yes' ? true : text === 'no' ? false : text;
  if (/^[[{]/.test(text)) return parsed(text);
  const parts = text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter(Boolean);
  if (kind === 'words') return parts;
  if (kind === 'numbers') return parts.flatMap(rangeOf);
  return kind === 'taken' ? parts.flatMap(takenOf) : text;
}

const MOST_IN_RANGE = 2 ** 22; // all process numbers that there can be

/** '3-7' → 3, 4, 5, 6, 7. */
function rangeOf(text: string): unknown[] {
  const [, first, last] = /^(\d+)\s*-\s*(\d+)$/.exec(text) ?? [];
  if (first === undefined) return [/^\d+$/.test(text) ? Number(text) : text];
  const length = Number(last) - Number(first) + 1;
  if (!(length >= 1 && length <= MOST_IN_RANGE)) return [text];
  return Array.from({ length }, (_, index) => Number(first) + index);
}

/** '5003 pid postgres' → { number: 5003, as: 'pid', command: 'postgres' }; without a word it is the number of a process. */
function takenOf(text: string): unknown[] {
  const [, numbers = text, as = 'pid', command] = /^(\d+(?:\s*-\s*\d+)?)(?:\s+(\S+))?(?:\s+(.+))?$/.exec(text) ?? [];
  return rangeOf(numbers).map((number) => ({ number, as, ...(command !== undefined && { command }) }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}

/** Bytes of a file that is looked at whether it is a target. */
const MOST_OF_TARGET = 32 * 2 ** 20;

/** The text of a target, if that is what was given. */
export async function targetIn(files: Files): Promise<{ text: string; name: string } | undefined> {
  const [only, ...others] = files.values();
  if (only === undefined || others.length > 0 || only.size > MOST_OF_TARGET) return undefined;
  const head = await only
    .slice(0, 4096)
    .text()
    .catch(() => '');
  return looksLikeTarget(head) ? { text: await only.text(), name: only.name } : undefined;
}
