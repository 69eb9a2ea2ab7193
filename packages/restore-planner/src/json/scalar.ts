// A value in JSON; a number exactly: decimal digits bare or quoted, or quoted hexadecimal or a name where crit prints that.
import { CheckpointError } from '../checkpoint-error.ts';
import type { DescField, Scalar } from '../protobuf/schema.ts';

/** Lowest and highest value of the types that our definitions use. */
const RANGES: Readonly<Partial<Record<Scalar, readonly [bigint, bigint]>>> = {
  uint32: [0n, 2n ** 32n - 1n],
  int32: [-(2n ** 31n), 2n ** 31n - 1n],
  uint64: [0n, 2n ** 64n - 1n],
};

/** What Python's crit prints in place of a task_state, and reads back as; it has these names beside what CRIU means by the numbers. */
const TASK_STATES: Readonly<Record<string, string>> = { Alive: '1', Zombie: '3', Stopped: '6' };

const NUMBER = /^(?:-?\d{1,20}|0x[\da-fA-F]{1,16})$/;

/** Fields of which crit prints the names of values. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  // fd_types of images/fdinfo.proto, by number.
  // biome-ignore format: what belongs together stands in a row
  'FdinfoEntry.type': [
    'UND', 'REG', 'PIPE', 'FIFO', 'INETSK', 'UNIXSK', 'EVENTFD', 'EVENTPOLL', 'INOTIFY', 'SIGNALFD', 'PACKETSK',
    'TTY', 'FANOTIFY', 'NETLINKSK', 'NS', 'TUNF', 'EXT', 'TIMERFD', 'MEMFD', 'BPFMAP', 'PIDFD',
  ],
};

/**
 * Reads a field's value.
 *
 * @param text Its text: digits, the contents of a string, or true or false.
 * @returns A bigint for 64-bit fields, a text or a boolean for such fields, else a number.
 * @throws CheckpointError if the text is no number, or out of the field's range.
 */
export function scalarOf(
  field: DescField,
  text: string,
  where: { file: string; offset: number },
): bigint | number | string | boolean {
  const type = field.scalar!;
  if (type === 'string') return text;
  if (type === 'bool' && /^(?:true|false|0|1)$/.test(text)) return text === 'true' || text === '1';
  const named = NAMES[`${field.parent.name}.${field.name}`]?.indexOf(text) ?? -1;
  if (named >= 0) return named;
  const [min, max] = RANGES[type] ?? [0n, 1n];
  const digits = field.name === 'task_state' && Object.hasOwn(TASK_STATES, text) ? TASK_STATES[text]! : text;
  const value = NUMBER.test(digits) ? BigInt(digits) : undefined;
  if (value !== undefined && value >= min && value <= max) return type === 'uint64' ? value : Number(value);
  const got = `${field.name}: ${JSON.stringify(text.slice(0, 40))}`;
  throw new CheckpointError('bad-value', where, got, `a whole number, ${min}…${max}`);
}
