// A rehearsal on the running kernel: a child process for each process of the checkpoint.
import { readFileSync } from 'node:fs';
import type { RestorePlan } from '@idspace/restore-planner';
import { type ChildOptions, runInChild } from '../live/run-in-child.ts';
import type { ProcessRehearsal } from './rehearsal.ts';
import type { RehearseOptions } from './rehearse-process.ts';
import { substitutePlan } from './substitute-plan.ts';

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
    const { plan: bare, substitutions } = substitutePlan(process);
    const rehearsal = await runInChild('rehearse-live', bare, { signal, onProgress, ...child });
    played.push({ ...rehearsal, substitutions });
  }
  return played;
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
