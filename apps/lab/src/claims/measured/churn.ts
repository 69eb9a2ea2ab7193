// How fast processes use IDs up: the known workloads, and a thread pool on the model.

import { CHURNER_NAMES, churner, HARDWARE_NAMES, hardwareNamed, runWorkload } from '@idspace/evaluation';
import { cpuClock, Kernel, SIGEV_NONE } from '@idspace/posix-timers';
import { count, duration, mean } from '../../format/number.ts';
import { INT_MAX } from '../../int-max.ts';
import { type Claim, doesNotHold, holds, holdsOnlyIf, LETTER, notHere } from '../claim.ts';
import type { Lab } from '../lab.ts';

const YEAR = 365.25 * 86_400;
const ROUNDS = 100;
const POOL = 'thread-pool';

export interface ChurnRateFigures {
  /** The thread pool, run: IDs handed out by a next-ID kernel, and the highest; timers alive. */
  run: { handedOut: number; highestId: number; live: number };
  workloads: { name: string; idsPerSecond: number; from: string; secondsToMillion: number; secondsToIntMax: number }[];
}

export async function churnRates(lab: Lab): Promise<ChurnRateFigures> {
  const { seed } = lab;
  const machine = hardwareNamed(HARDWARE_NAMES[0]);
  const { designs } = runWorkload(churner(POOL, { seed }), { designs: ['hash-512'], cpus: 64, seed, machine });
  const { handedOut, highestId, live } = designs[0].ids;
  const workloads = CHURNER_NAMES.map((name) => {
    const { idsPerSecond, from } = churner(name, { seed }).rate!;
    return { name, idsPerSecond, from, secondsToMillion: 1e6 / idsPerSecond, secondsToIntMax: INT_MAX / idsPerSecond };
  });
  return { run: { handedOut, highestId, live }, workloads };
}

export interface PoolFigures {
  threads: number;
  rounds: number;
  /** Timers on threads' CPU clocks that were made; those refused. */
  created: number;
  refused: number;
  highestId: number;
  liveAtMost: number;
  idsPerSecond: number;
  from: string;
  secondsToIntMax: number;
}

/** A control thread arms a timer on the CPU clock of each thread of a pool; the pool ends, and a new one is started. */
export function threadPool({ seed }: Lab): PoolFigures {
  const { threads, rate } = churner(POOL, { seed });
  const process = new Kernel({ release: '6.18' }).spawn();
  let created = 0;
  let refused = 0;
  let highestId = -1;
  let liveAtMost = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const pool = Array.from({ length: threads }, () => process.thread());
    const results = pool.map(({ tid }) => process.timerCreate(cpuClock(tid, true), { notify: SIGEV_NONE }));
    const ids = results.filter((id) => id >= 0);
    created += ids.length;
    refused += results.length - ids.length;
    highestId = Math.max(highestId, ...ids);
    liveAtMost = Math.max(liveAtMost, [...process.procTimers().matchAll(/^ID:/gm)].length);
    for (const id of ids) process.timerDelete(id);
    for (const thread of pool) thread.exit();
  }
  const { idsPerSecond, from } = rate!;
  const counts = { created, refused, highestId, liveAtMost };
  return { threads, rounds: ROUNDS, ...counts, idsPerSecond, from, secondsToIntMax: INT_MAX / idsPerSecond };
}

const getsNear: Claim<ChurnRateFigures> = {
  id: 'S4',
  claim: 'A process that creates and deletes timers often can easily come near INT_MAX',
  source: LETTER,
  measure: (lab) => lab.once(churnRates),
  judge({ run, workloads }) {
    const told = workloads.map(
      ({ name, idsPerSecond, secondsToMillion, secondsToIntMax }) =>
        `${name}, ${mean(idsPerSecond)} IDs/s: ${duration(secondsToMillion)} and ${duration(secondsToIntMax)}`,
    );
    const text =
      `A thread pool with ${run.live} timers alive has used up ${count(run.handedOut)} IDs, the highest ${count(run.highestId)}. ` +
      `To ID 1,000,000 and to INT_MAX: ${told.join('; ')}.`;
    if (run.highestId !== run.handedOut - 1 || run.live >= run.handedOut) return doesNotHold(text);
    const within = workloads.filter(({ secondsToIntMax }) => secondsToIntMax <= YEAR);
    if (within.length === workloads.length) return holds(text);
    const which = within.map(({ name }) => name).join(', ') || 'none';
    return holdsOnlyIf(
      `it uses up ${count(Math.ceil(INT_MAX / YEAR))} IDs a second for a year, or in proportion; of these workloads: ${which}`,
      text,
    );
  },
};

const isReal: Claim<PoolFigures> = {
  id: 'S6',
  claim:
    'It happens in practice: thread pools whose control thread arms a CPU timer on each thread, torn down regularly',
  source: LETTER,
  measure: (lab) => lab.once(threadPool),
  judge({ threads, rounds, created, refused, highestId, liveAtMost, idsPerSecond, secondsToIntMax }) {
    const text =
      `${rounds} pools of ${threads} threads, one after the other: ${count(created)} CPU timers (${refused} refused), at most ${liveAtMost} alive, ` +
      `highest ID ${count(highestId)}. A pool every ${mean(threads / idsPerSecond)} s (assumed) reaches INT_MAX in ${duration(secondsToIntMax)}.`;
    if (refused > 0 || highestId !== threads * rounds - 1 || liveAtMost !== threads) return doesNotHold(text);
    if (secondsToIntMax <= YEAR) return holds(text);
    const period = (threads * YEAR) / INT_MAX;
    return notHere(
      `${duration(secondsToIntMax)} for a pool every ${duration(threads / idsPerSecond, 2)}, assumed`,
      `within a year from a pool every ${duration(period)}`,
      text,
    );
  },
};

export const CHURN_CLAIMS: readonly Claim[] = [getsNear, isReal];
