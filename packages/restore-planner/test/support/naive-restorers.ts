// CRIU's three restorers, call by call, as facts about them tell: no runs, no foresight. A repeated state at the head of the loop is a hang.
import { type Calls, EAGAIN, EINVAL } from './tiny-kernel.ts';

/** How a restore ends: 0, the result CRIU returns, or 'hangs'. */
export interface NaiveEnd {
  result: number | 'hangs';
  printed: string[];
}

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

/** The outcome in the planner's words. */
export function outcomeOf({ result, printed }: NaiveEnd, refusedForLimit: boolean): string {
  if (result === 0) return 'ok';
  if (result === 'hangs') return 'hangs';
  const isLimit = result === -EAGAIN || (refusedForLimit && printed[0]!.startsWith("Can't create posix timer"));
  return isLimit ? 'exceeds-limit' : 'fails';
}
