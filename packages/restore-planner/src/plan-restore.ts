// Plans the restore of every process of a checkpoint by one CRIU on one kernel.
import { checkCheckpoint, checkOptions } from './check-input.ts';
import { oncePer } from './spaces/once-per.ts';
import type { SpacePlan } from './spaces/space.ts';
import type { TakenNumber, Target } from './spaces/target.ts';
import { restorerOf } from './spaces/timers/criu/restorer-of.ts';
import { doesStart, stopOf } from './spaces/timers/criu/stop.ts';
import { idSpaceOf } from './spaces/timers/id-space.ts';
import { kernelPolicy } from './spaces/timers/kernel-policy.ts';
import { planProcess } from './spaces/timers/plan-process.ts';
import { roomOptions, roomsOf } from './spaces/timers/room.ts';
import { timersPlan } from './spaces/timers/timers.ts';
import { populationOf } from './spaces/timers/warnings/findings.ts';
import { judge } from './spaces/verdict.ts';
import { totalsOf } from './totals.ts';
import type { CallCounts, Checkpoint, PlanOptions, RestorePlan } from './types.ts';
import { parseVersion, withoutTagPrefix } from './version.ts';

/** What a create and its delete take, ns: SIGEV_NONE, CPU time, Linux 6.18.44 on x86-64, median of 7 × 10⁶. */
export const NS_PER_PAIR = 894;
/** What a create that stays takes, ns: one warm create in restore mode, same machine. */
export const NS_PER_RESTORE = 485;

const NS_PER_SECOND = 1e9;

/**
 * Tells what calls take at stated rates, s.
 *
 * @param counts Of a plan, or of the part of it that has been made: every delete belongs to a create+delete pair, the other creates stay.
 * @param rates ns; by default {@link NS_PER_PAIR} and {@link NS_PER_RESTORE}.
 */
export function secondsOf(
  { creates, deletes }: Pick<CallCounts, 'creates' | 'deletes'>,
  { nsPerPair = NS_PER_PAIR, nsPerRestore = NS_PER_RESTORE }: Pick<PlanOptions, 'nsPerPair' | 'nsPerRestore'> = {},
): number {
  return (deletes * nsPerPair + (creates - deletes) * nsPerRestore) / NS_PER_SECOND;
}

/**
 * Plans how CRIU would restore a checkpoint's POSIX timers, and tells how that ends.
 *
 * Each process has a fresh signal_struct. What they share is the user who runs CRIU: it is charged for the timers of all of them, each under its own
 * RLIMIT_SIGPENDING, and they come to their creates in no fixed order: see {@link Outcome}. Where IDs are system-wide (Linux ≤ 3.9), they are restored one
 * after the other in the order of the checkpoint, on a system without other timers.
 * @param checkpoint From {@link readCheckpoint}, or made by hand. Timer IDs −2³¹…2³¹−1; what no kernel gives, or gives twice, is an outcome and no error.
 * @returns Counts are exact for that CRIU on that kernel; seconds follow from them at the stated rates.
 * @throws RangeError for an unknown kernel or CRIU, a version that is not a string, a rate, limit or charge below 0, or anything that has not the shape of a
 *   checkpoint.
 * Cost: O(n log n) in the number of timers, whatever their IDs.
 */
export function planRestore(checkpoint: Checkpoint, options: PlanOptions): RestorePlan {
  return restorePlanner(checkpoint)(options);
}

const MOST_KEPT = 64; // plans of timers: of a fleet's targets few differ in what matters to timers

/**
 * Makes a planner of one checkpoint for many targets: {@link planRestore}, but what two targets have in common is planned once.
 *
 * Plans whose timers meet the same circumstances share their `processes`: do not change them.
 * @throws RangeError for anything that has not the shape of a checkpoint; the planner as {@link planRestore}.
 * Cost: of a plan whose timers were planned before, O(other IDs · log IDs).
 */
export function restorePlanner(checkpoint: Checkpoint): (options: PlanOptions) => RestorePlan {
  checkCheckpoint(checkpoint);
  const kept = new Map<string, PlannedTimers>();
  // A timer on the CPU clock of another process: who lives on the target decides.
  const asksWhoLives = checkpoint.processes.some(({ timers }) => timers.some(({ clock }) => clock < 0));
  const timersFor = (options: PlanOptions): PlannedTimers => {
    if (asksWhoLives) return planTimers(checkpoint, options, options.target?.taken);
    const key = circumstancesOf(options);
    const known = kept.get(key) ?? planTimers(checkpoint, options, undefined);
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(key, known);
    return known;
  };
  return (options) => {
    checkOptions(options);
    const { kernel, criu, target, nsPerPair = NS_PER_PAIR, nsPerRestore = NS_PER_RESTORE } = options;
    const { space, ...timers } = timersFor(options);
    const versions = { kernel: parseVersion(kernel), criu: parseVersion(criu) };
    return {
      kernel: withoutTagPrefix(kernel),
      criu: withoutTagPrefix(criu),
      nsPerPair,
      nsPerRestore,
      processes: timers.processes,
      totals: { ...timers.totals },
      ...judge(space, checkpoint.ids, {
        ...versions,
        target,
        timersOnly: checkpoint.complete === false,
        starts: doesStart(restorerOf(criu), kernelPolicy(kernel)),
      }),
    };
  };
}

/** The timers of all processes. */
interface PlannedTimers extends Pick<RestorePlan, 'processes' | 'totals'> {
  space: SpacePlan | undefined;
}

/** Everything that timers depend on but who lives on the target, as a key. */
function circumstancesOf(options: PlanOptions): string {
  const { kernel, criu, nsPerPair, nsPerRestore, deprecated = false, target } = options;
  const { rtc = target?.rtc, capWakeAlarm = target?.capWakeAlarm } = options;
  const { sigpending, sigq, ofCriu } = roomOptions(options);
  return [kernel, criu, nsPerPair, nsPerRestore, deprecated, rtc, capWakeAlarm, sigpending, sigq, ofCriu].join('\n');
}

/** @param taken Numbers in use on the target, where it matters who lives there. */
function planTimers(checkpoint: Checkpoint, options: PlanOptions, taken: Target['taken']): PlannedTimers {
  const { kernel, criu, nsPerPair = NS_PER_PAIR, nsPerRestore = NS_PER_RESTORE } = options;
  const { target, deprecated = false } = options;
  const { rtc = target?.rtc, capWakeAlarm = target?.capWakeAlarm } = options;
  const policy = kernelPolicy(kernel);
  const version = restorerOf(criu);
  const how = {
    criu: { ...version, readsOldImages: version.readsOldImages || deprecated },
    population: populationOf(checkpoint),
    target: {
      policy,
      ...(rtc !== undefined && { rtc }),
      ...(capWakeAlarm !== undefined && { capWakeAlarm }),
      ...(taken !== undefined && { living: processesIn(taken) }),
    },
  };
  const shared = policy.namespace === 'system' ? idSpaceOf(policy) : undefined;
  const stops = checkpoint.processes.map((process) => stopOf(process, how.criu, policy));
  const rooms = roomsOf(
    checkpoint.processes,
    stops.map((stop) => stop === null),
    roomOptions(options),
  );
  const processes = checkpoint.processes.map((process, index) => {
    const [ids, stop, room] = [shared ?? idSpaceOf(policy), stops[index]!, rooms[index]!];
    const plan = planProcess(process, { ...how, ids, stop, room });
    plan.seconds = secondsOf(plan, { nsPerPair, nsPerRestore });
    return plan;
  });
  return { processes, totals: totalsOf(processes), space: timersPlan(processes, parseVersion(kernel)) };
}

/** The processes among the numbers that are in use. */
const processesIn = oncePer((taken: readonly TakenNumber[]): ReadonlySet<number> => {
  return new Set(taken.flatMap(({ number, as }) => (as === 'pid' || as === 'zombie' ? [number] : [])));
});
