// A rehearsal on the running kernel: a child process for each process of the checkpoint.
import { readFileSync } from 'node:fs';
import type { RestorePlan } from '@idspace/restore-planner';
import { type ChildOptions, runInChild } from '../live/run-in-child.ts';
import type { ProcessRehearsal } from './rehearsal.ts';
import type { RehearseOptions } from './rehearse-process.ts';
import { substitutePlan } from './substitute-plan.ts';

const SHARED = 'The processes were played one after the other: the limit that they share was not looked at.';

/** Plays all processes with timers, one after the other. */
export async function rehearseOnLive(
  plan: RestorePlan,
  { signal, onProgress }: RehearseOptions,
  child: Pick<ChildOptions<'rehearse-live'>, 'execArgv'> = {},
): Promise<ProcessRehearsal[]> {
  const played: ProcessRehearsal[] = [];
  for (const process of plan.processes) {
    if (process.timers.length === 0) continue;
    if (signal.aborted) break;
    const { plan: bare, substitutions, silenced, unverified } = substitutePlan(process);
    const rehearsal = await runInChild('rehearse-live', { plan: bare, silenced }, { signal, onProgress, ...child });
    const isShared = process.warnings.some(({ code }) => code === 'shared-limit');
    played.push({
      ...rehearsal,
      substitutions,
      unverified: [...rehearsal.unverified, ...unverified, ...(isShared ? [SHARED] : [])],
    });
  }
  return played;
}

/** Signals that are charged to the user of this process, timers included; 0 if it cannot be told. */
export function ownSigq(): number {
  try {
    return Number(/^SigQ:\s*(\d+)\//m.exec(readFileSync('/proc/self/status', 'latin1'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

/** The soft RLIMIT_SIGPENDING of this process and its children, timers; Infinity if there is none, or it cannot be told. */
export function ownSigpending(): number {
  try {
    const [, soft] = /^Max pending signals\s+(\S+)/m.exec(readFileSync('/proc/self/limits', 'latin1')) ?? [];
    return /^\d+$/.test(soft ?? '') ? Number(soft) : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
