// CRIU's three restorers and the native one, call by call: no runs, no foresight. A repeated state at the head of the loop is a hang.
import { type Calls, EAGAIN, EINVAL, type TinyRules } from './tiny-kernel.ts';

/** How a restore ends: 0, the result CRIU returns, or 'hangs'. */
export interface NaiveEnd {
  result: number | 'hangs';
  printed: string[];
}

const INT_MAX = 2 ** 31 - 1;

export type Naive = (calls: Calls, ids: number[]) => NaiveEnd;

const end = (result: number | 'hangs', ...printed: string[]): NaiveEnd => ({
  result,
  printed: result === 0 || result === 'hangs' ? printed : [...printed, `Can't restore posix timers ${result}`],
});
const CONSEQUENTLY = "Can't create timers, kernel don't give them consequently";

/** v0.6 … v3.18 */
export function naive2013(calls: Calls, ids: number[]): NaiveEnd {
  for (let i = 0; i < ids.length; i++) {
    const seen = new Set<string>();
    while (true) {
      if (seen.size === seen.add(calls.state()).size) return end('hangs');
      const id = calls.create(ids[i]!);
      if (id < 0) return end(id, `Can't create posix timer - ${i}`);
      if (id === ids[i]) break;
      const result = calls.delete(id);
      if (result < 0) return end(result, `Can't remove temporaty posix timer 0x${id.toString(16)}`);
      if (id > ids[i]!) return end(-1, CONSEQUENTLY);
    }
  }
  return end(0);
}

/** v3.19 … v4.1.1 */
export function naive2023(calls: Calls, ids: number[]): NaiveEnd {
  let expected = 0;
  for (let i = 0; i < ids.length; i++) {
    while (true) {
      const id = calls.create(ids[i]!);
      if (id < 0) return end(id, `Can't create posix timer - ${i}`);
      if (id !== expected) return end(-1, CONSEQUENTLY);
      expected++;
      if (id === ids[i]) break;
      const result = calls.delete(id);
      if (result < 0) return end(result, `Can't remove temporaty posix timer 0x${id.toString(16)}`);
    }
  }
  return end(0);
}

/** v4.2 */
export function naive42(calls: Calls, ids: number[]): NaiveEnd {
  if (ids.length === 0) return end(0);
  const on = calls.restoreMode(true);
  if (on === -EINVAL) {
    const danced = naive2023(calls, ids);
    return danced.result === 0 ? danced : end(-1, ...danced.printed.slice(0, -1));
  }
  if (on < 0) return end(on, `Can't enabled PR_TIMER_CREATE_RESTORE_IDS: ${on}`);
  const printed: string[] = [];
  for (let i = 0; i < ids.length && printed.length === 0; i++) {
    const id = calls.create(ids[i]!);
    if (id < 0) printed.push(`Can't create posix timer - ${i}: ${id}`);
    else if (id !== ids[i]) printed.push(`Unexpected timer id ${id} (expected ${ids[i]})`);
  }
  calls.restoreMode(false);
  return end(printed.length === 0 ? 0 : -1, ...printed);
}

/** The restorer that knows its kernel. */
export function naiveNative({ order, asksBy }: TinyRules): Naive {
  return (calls, ids) => {
    if (ids.length === 0) return end(0);
    const [first] = ids.filter((id, index) => id > INT_MAX || ids.indexOf(id) < index);
    if (first !== undefined) {
      const why = first > INT_MAX ? 'no kernel gives it' : 'another timer of the process has it';
      return { result: -1, printed: [`Can't get timer ID ${first | 0}: ${why}`] };
    }
    if (asksBy === 'cursor') return asking(ids, (id) => calls.setNextId(id) || calls.create(id));
    if (asksBy === 'create-at-id') return asking(ids, (id) => calls.createAt(id));
    if (asksBy === 'sigev-bit') return asking(ids, (id) => calls.createUsing(id));
    if (asksBy === null) return order === 'next' ? counting(calls, ids) : filling(calls, ids, order === 'highest');
    calls.restoreMode(true);
    const ended = asking(ids, (id) => calls.create(id));
    calls.restoreMode(false);
    return ended;
  };
}

function asking(ids: number[], create: (id: number) => number): NaiveEnd {
  for (const id of ids) {
    const result = create(id);
    if (result !== id) return missed(id, result);
  }
  return end(0);
}

function counting(calls: Calls, ids: number[]): NaiveEnd {
  let expected = 0;
  for (const wanted of ids) {
    while (true) {
      const id = calls.create(wanted);
      if (id !== expected) return missed(wanted, id);
      expected++;
      if (id === wanted) break;
      calls.delete(id);
    }
  }
  return end(0);
}

function filling(calls: Calls, ids: number[], downwards: boolean): NaiveEnd {
  const temporaries: number[] = [];
  for (const wanted of downwards ? [...ids].reverse() : ids) {
    while (true) {
      const id = calls.create(wanted);
      if (id === wanted) break;
      if (id < 0 || (downwards ? id < wanted : id > wanted)) return missed(wanted, id);
      temporaries.push(id);
    }
  }
  for (const id of temporaries) calls.delete(id);
  return end(0);
}

const ERRNO: Record<number, string> = { 1: 'EPERM', 11: 'EAGAIN', 16: 'EBUSY', 22: 'EINVAL', 95: 'EOPNOTSUPP' };

/** The name of a refused call's error. */
export const errnoOf = (result: number): string => ERRNO[-result]!;

/** The inverse, −errno. */
export const numberOf = (name: string): number =>
  -Number(Object.entries(ERRNO).find(([, other]) => other === name)![0]);

function missed(wanted: number, id: number): NaiveEnd {
  const why = id < 0 ? `timer_create fails with ${ERRNO[-id]}` : `the kernel gave ${id}`;
  return { result: Math.min(id, -1), printed: [`Can't get timer ID ${wanted}: ${why}`] };
}

/**
 * The outcome in the planner's words.
 *
 * @param refused What the refused create gave, if one was.
 * @param isAtLimit As many timers live as RLIMIT_SIGPENDING allows: what EAGAIN refused was refused for that.
 */
export function outcomeOf({ result, printed }: NaiveEnd, refused: number, isAtLimit: boolean): string {
  if (result === 0) return 'ok';
  if (result === 'hangs') return 'hangs';
  return isRefused(printed) && isAtLimit && refused === -EAGAIN ? 'exceeds-limit' : 'fails';
}

/** Tells if a create was refused. */
export function isRefused([line = '']: string[]): boolean {
  return line.startsWith("Can't create posix timer") || line.includes('timer_create');
}
