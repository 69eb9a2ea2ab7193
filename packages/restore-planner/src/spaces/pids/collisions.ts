// Plays CRIU's forks against the target's numbers and keeps what does not come out as wanted.
import { knows } from '../about.ts';
import { oncePer } from '../once-per.ts';
import type { Conditions } from '../space.ts';
import type { TakenNumber, Target } from '../target.ts';
import { SET_TID_SINCE } from './about.ts';
import { ProcessNumbers } from './process-numbers.ts';
import type { Fork, RestoreTree } from './restore-tree.ts';
import type { TreeIds } from './task-ids.ts';

/** A number that a process or thread does not get. */
export interface Collision {
  number: number;
  fork: Fork;
  isThread: boolean;
  /** In use, or not below pid_max. */
  why: 'taken' | 'limit';
  /** Who has it; undefined for the limit. */
  holder: TakenNumber | 'criu' | undefined;
  /** What the kernel gives instead where CRIU can only set ns_last_pid; undefined where it asks, or where none is free. */
  got: number | undefined;
}

/** Whether a process number can be asked for, or only the counter be moved. */
export function canAsk({ kernel, criu, target }: Conditions): boolean {
  return knows(SET_TID_SINCE, { kernel, criu }) && !target.cannotAsk?.includes('clone3-set-tid');
}

const MOST_PLAYED = 64; // failures of which it is found out what comes instead: each may walk over all taken numbers

/**
 * Finds every number that CRIU does not get, in the order in which it tries: all processes, then all threads.
 *
 * After one that fails the others are tried as if it had been got, since branches of the tree are forked at the same time.
 * Cost: O(forks + threads); of the first checkpoint for a target, also O(numbers taken).
 */
export function collisions(
  { forks }: RestoreTree,
  namespace: TreeIds['namespace'],
  conditions: Conditions,
  limit: number,
): Collision[] {
  const holders = namespace === 'own' ? NONE : holdersOn(conditions.target);
  const numbers = new ProcessNumbers(holders, limit);
  const asks = canAsk(conditions);
  const found: Collision[] = [];
  const make = (number: number, fork: Fork, isThread: boolean): void => {
    const isTaken = holders.has(number);
    const isInRange = number >= 1 && number < limit;
    if (!isTaken && isInRange) {
      numbers.ask(number);
      return;
    }
    const holder = holders.get(number);
    const why = isInRange ? 'taken' : 'limit';
    const next = asks || found.length >= MOST_PLAYED ? undefined : numbers.nextFrom(number);
    found.push({ number, fork, isThread, why, holder, got: typeof next === 'number' ? next : undefined });
  };
  for (const fork of forks) make(fork.pid, fork, false);
  for (const fork of forks) {
    for (let index = 1; index < fork.threads.length; index++) make(fork.threads[index]!, fork, true);
  }
  return found;
}

type Holders = ReadonlyMap<number, TakenNumber | 'criu'>;
const NONE: Holders = new Map();

/** Who has which number on the target. */
const holdersOn = oncePer(({ taken = [], criuPid, criuSid }: Target): Holders => {
  const holders = new Map<number, TakenNumber | 'criu'>();
  for (const entry of taken) if (!holders.has(entry.number) || isProcess(entry)) holders.set(entry.number, entry);
  // The session of CRIU is in use as long as CRIU runs, whether its leader lives or not.
  for (const number of [criuSid, criuPid]) {
    if (number !== undefined) holders.set(number, 'criu');
  }
  return holders;
});

function isProcess({ as }: TakenNumber): boolean {
  return as === 'pid' || as === 'zombie';
}
