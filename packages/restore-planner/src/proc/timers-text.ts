// The text of /proc/PID/timers: four lines for each timer, the newest first.
// Source: fs/proc/base.c (show_timer), 3.10 … 6.18; criu/proc_parse.c (parse_posix_timers), v4.2.

import { type ByteSource, remaining } from '../bytes/byte-source.ts';
import { latin1 } from '../bytes/text.ts';
import { CheckpointError } from '../checkpoint-error.ts';
import { clockName } from '../clock-name.ts';
import { MAX_TIMERS } from '../image/read-images.ts';
import { INT_MAX } from '../int-max.ts';
import type { CheckpointTimer, Duration, Notify } from '../types.ts';

const PIECE = 16 * 1024; // bytes split into lines in one step
const MAX_LINE = 128; // characters; the kernel's are shorter than 40

const ID = /^ID: (\d{1,10})$/;
const SIGNAL = /^signal: (-?\d{1,10})\/(?:([\da-f]{1,16})|\(null\)|\(nil\))$/;
const NOTIFY = /^notify: (signal|none|thread)\/(pid|tid)\.(\d{1,10})$/;
const CLOCK = /^ClockID: (-?\d{1,10})$/;

const UNKNOWN: Duration = { sec: 0n, nsec: 0n };

/** What a listing tells. */
export interface Listing {
  /** In creation order, as CRIU dumps them. */
  timers: CheckpointTimer[];
  /** The process, if a timer is told to signal it as a whole; else null. */
  pid: number | null;
}

/** Tells whether bytes begin such a text. */
export function looksLikeListing(head: Uint8Array): boolean {
  return /^\s*ID: ?\d/.test(latin1(head));
}

/**
 * Reads a listing. Intervals, values and overruns are not in it, and come out as 0.
 *
 * @throws CheckpointError, with the line, for anything but the four lines of a timer again and again, or more timers than a checkpoint may have, 262,144.
 */
export async function readListing(bytes: ByteSource): Promise<Listing> {
  const timers: CheckpointTimer[] = [];
  const seen = new Set<number>();
  let pid: number | null = null;
  let lines: string[] = [];
  let row = 0;
  const bad = (got: string, expected: string, line: number = row): CheckpointError =>
    new CheckpointError('bad-listing', { file: `${bytes.name}, line ${line}` }, got, expected);
  const add = (line: string): void => {
    row++;
    if (line === '' && lines.length === 0) return;
    lines.push(line);
    if (lines.length < 4) return;
    const { timer, owner } = timerOf(lines, row - 3, bad);
    if (seen.has(timer.id)) throw bad(`ID ${timer.id} twice`, 'distinct timer IDs', row - 3);
    if (timers.length === MAX_TIMERS) throw bad(`more than ${MAX_TIMERS} timers`, `at most ${MAX_TIMERS}`);
    seen.add(timer.id);
    timers.push(timer);
    pid ??= owner;
    lines = [];
  };
  for await (const some of linesOf(bytes, bad)) some.forEach(add);
  if (lines.length > 0) throw bad('the end of the text', 'four lines for each timer');
  return { timers: timers.reverse(), pid };
}

type Bad = (got: string, expected: string, line?: number) => CheckpointError;

function timerOf(lines: readonly string[], row: number, bad: Bad): { timer: CheckpointTimer; owner: number | null } {
  const match = (index: number, pattern: RegExp, expected: string): RegExpExecArray => {
    const found = pattern.exec(lines[index]!);
    if (found === null) throw bad(JSON.stringify(lines[index]), expected, row + index);
    return found;
  };
  const id = Number(match(0, ID, '"ID: 0"')[1]);
  if (id > INT_MAX) throw bad(`ID ${id}`, `0…${INT_MAX}`, row);
  const [, signal, sival = '0'] = match(1, SIGNAL, '"signal: 14/0000000000000000"');
  const signo = int32(signal!, 'signal', row + 1, bad); // any, of a timer that sends none
  const [, kind, whose, digits] = match(2, NOTIFY, '"notify: signal/pid.123"');
  const target = int32(digits!, whose!, row + 2, bad);
  const clock = int32(match(3, CLOCK, '"ClockID: 1"')[1]!, 'ClockID', row + 3, bad);
  const isThread = whose === 'tid';
  return {
    timer: {
      id,
      clock,
      clockName: clockName(clock),
      notify: isThread ? 'thread-id' : (kind as Notify),
      signo,
      sival: BigInt(`0x${sival}`),
      interval: UNKNOWN,
      value: UNKNOWN,
      overrun: 0,
      ...(isThread && { notifyThreadId: target }),
    },
    owner: isThread ? null : target,
  };
}

function int32(digits: string, what: string, line: number, bad: Bad): number {
  const value = Number(digits);
  if (value !== (value | 0)) throw bad(`${what} ${value}`, `${-INT_MAX - 1}…${INT_MAX}`, line);
  return value;
}

/** Splits the text, some lines in each step. */
async function* linesOf(bytes: ByteSource, bad: Bad): AsyncGenerator<string[]> {
  let rest = '';
  for await (const piece of remaining(bytes, PIECE)) {
    const lines = (rest + latin1(piece)).split('\n');
    rest = lines.pop()!;
    yield lines.map((line) => line.trimEnd());
    if (rest.length > MAX_LINE) throw bad(`a line of more than ${MAX_LINE} characters`, 'the text of /proc/PID/timers');
  }
  if (rest.trim() !== '') yield [rest.trimEnd()];
}
