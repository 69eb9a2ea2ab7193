// Operations: what a session does, one record for a run of like calls, so that a long history is short.
import { grouped } from './grouped.ts';
import { isWithin } from './setup.ts';

/**
 * What a run does. `first`, `count` and `step` say for which IDs, where it is about given ones: first, first + step, …
 * - `create`: timer_create, the kernel chooses the ID
 * - `restore`: timer_create asking for given IDs, as CRIU 4.2 does: prctl(restore mode on), the creates, prctl(off)
 * - `delete`, `lookup`: timer_delete and timer_gettime of given IDs
 * - `delete-random`, `lookup-random`: the same for live timers, picked by the setup's seed
 * - `churn`: deletes a random live timer, then creates one; two calls each
 * - `pairs`: creates a timer and deletes it: the dance; two calls each
 * - `limit`: setrlimit(RLIMIT_SIGPENDING) to `first` timers
 * - `want`: no call; marks IDs that are to be restored
 */
export type Kind =
  | 'create'
  | 'restore'
  | 'delete'
  | 'lookup'
  | 'delete-random'
  | 'lookup-random'
  | 'churn'
  | 'pairs'
  | 'limit'
  | 'want';

/** A run. Plain data: it goes into links. */
export interface Operation {
  readonly kind: Kind;
  /** Repetitions, 1…2³². */
  readonly count: number;
  /** First ID, 0…2³¹−1 (`limit`: timers). 0 where no ID is given. */
  readonly first: number;
  /** From one ID to the next, −2³¹…2³¹. 1 where no ID is given. */
  readonly step: number;
}

const INT_MAX = 0x7fff_ffff;
const MAX_COUNT = 2 ** 32;

/** Kinds that name IDs. */
const GIVEN: readonly Kind[] = ['restore', 'delete', 'lookup', 'want', 'limit'];

/** How a kind is said, by its letter in links. */
const LETTERS: Readonly<Record<string, Kind>> = {
  c: 'create',
  r: 'restore',
  d: 'delete',
  l: 'lookup',
  x: 'delete-random',
  y: 'lookup-random',
  h: 'churn',
  p: 'pairs',
  m: 'limit',
  w: 'want',
};

/** Makes an operation: `operation('create', 1000)`, `operation('delete', 500, 0, 2)`. @throws RangeError for numbers out of range. */
export function operation(kind: Kind, count = 1, first = 0, step = 1): Operation {
  const last = first + (count - 1) * step;
  const refuse = (what: string, got: number, expected: string): never => {
    throw new RangeError(`${kind}: ${what} is ${got}; expected ${expected}`);
  };
  if (!isWithin(count, 1, MAX_COUNT)) refuse('the count', count, '1…2³²');
  if (!GIVEN.includes(kind)) return { kind, count, first: 0, step: 1 };
  if (!isWithin(first, 0, INT_MAX)) refuse('the first ID', first, '0…2³¹−1');
  if (!isWithin(step, -INT_MAX, INT_MAX)) refuse('the step', step, 'less than 2³¹');
  if (!isWithin(last, 0, INT_MAX)) refuse('the last ID', last, '0…2³¹−1');
  return { kind, count, first, step: count === 1 ? 1 : step };
}

/** System calls of an operation. */
export function callsOf({ kind, count }: Operation): number {
  if (kind === 'want') return 0;
  if (kind === 'restore') return count + 2;
  return kind === 'churn' || kind === 'pairs' ? 2 * count : count;
}

/** Joins an operation to the one before it where both together are one run; undefined where they are not. */
export function joined(before: Operation, after: Operation): Operation | undefined {
  if (before.kind !== after.kind || before.count + after.count > MAX_COUNT) return undefined;
  const { kind } = before;
  if (kind === 'limit' || kind === 'restore') return undefined;
  if (!GIVEN.includes(kind)) return operation(kind, before.count + after.count);
  const step = after.first - before.first - (before.count - 1) * before.step;
  if (before.count > 1 && step !== before.step) return undefined;
  if (after.count > 1 && step !== after.step) return undefined;
  return step === 0 ? undefined : operation(kind, before.count + after.count, before.first, step);
}

/** Cuts a run after so many of its calls, 1…, or as soon as it may end after them: a pair stays whole, and restore mode ends. */
export function cut(run: Operation, calls: number): Operation {
  const { kind, count, first, step } = run;
  const done = kind === 'restore' ? Math.max(calls - 1, 1) : Math.ceil((calls * count) / callsOf(run));
  return operation(kind, Math.min(done, count), first, step);
}

/** Says what an operation does: 'create 1,000 timers', 'delete 0, 2 … 998'. */
export function inWords({ kind, count, first, step }: Operation): string {
  const times = grouped(count);
  const timers = count === 1 ? 'a timer' : `${times} timers`;
  const ids = count === 1 ? grouped(first) : idsInWords(first, count, step);
  switch (kind) {
    case 'create':
      return `create ${timers}`;
    case 'restore':
      return `ask for ${ids}`;
    case 'delete':
      return `delete ${ids}`;
    case 'lookup':
      return `look up ${ids}`;
    case 'delete-random':
      return count === 1 ? 'delete a random timer' : `delete ${times} random timers`;
    case 'lookup-random':
      return count === 1 ? 'look up a random timer' : `look up ${times} random timers`;
    case 'churn':
      return count === 1 ? 'delete a random timer and create one' : `delete and create ${times} times`;
    case 'pairs':
      return count === 1 ? 'create a timer and delete it' : `create and delete ${times} times`;
    case 'limit':
      return `limit the process to ${grouped(first)} ${first === 1 ? 'timer' : 'timers'}`;
    case 'want':
      return `IDs to restore: ${ids}`;
  }
}

function idsInWords(first: number, count: number, step: number): string {
  const last = first + (count - 1) * step;
  if (count === 2) return `${grouped(first)} and ${grouped(last)}`;
  return step === 1
    ? `${grouped(first)}–${grouped(last)}`
    : `${grouped(first)}, ${grouped(first + step)} … ${grouped(last)}`;
}

/** Whether two lists are the same operations. */
export function isSame(a: readonly Operation[], b: readonly Operation[]): boolean {
  return a === b || (a.length === b.length && written(a) === written(b));
}

/** Writes operations for a link, in characters that need no escape: 'c1000.d0:500:2'. */
export function written(operations: readonly Operation[]): string {
  return operations
    .map(({ kind, count, first, step }) => {
      const letter = Object.keys(LETTERS).find((key) => LETTERS[key] === kind)!;
      if (!GIVEN.includes(kind)) return `${letter}${count}`;
      return `${letter}${count === 1 ? first : step === 1 ? `${first}:${count}` : `${first}:${count}:${step}`}`;
    })
    .join('.');
}

/** Reads what `written` wrote. @throws RangeError naming the first that is none. */
export function read(text: string): Operation[] {
  if (text === '') return [];
  return text.split('.').map((each) => {
    const [, letter, a, b, c] = /^([a-z])(\d{1,10})(?::(\d{1,10})(?::(-?\d{1,10}))?)?$/.exec(each) ?? [];
    const kind = letter === undefined ? undefined : LETTERS[letter];
    if (kind === undefined)
      throw new RangeError(`got the operation "${each.slice(0, 20)}"; expected one such as c1000 or d0:500:2`);
    if (GIVEN.includes(kind)) return operation(kind, Number(b ?? 1), Number(a), Number(c ?? 1));
    if (b !== undefined)
      throw new RangeError(`got the operation "${each.slice(0, 20)}"; expected one number after ${letter}`);
    return operation(kind, Number(a));
  });
}
