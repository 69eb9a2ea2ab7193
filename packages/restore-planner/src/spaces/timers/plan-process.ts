// Plans the restore of one process.

import type { CheckpointProcess, ProcessPlan } from '../../types.ts';
import { type Ending, givesUp, OK } from './criu/restorer.ts';
import type { CriuVersion } from './criu/restorer-of.ts';
import type { Stop } from './criu/stop.ts';
import { type IdSpace, idSpaceOf } from './id-space.ts';
import { inRestoreOrder } from './restore-order.ts';
import { type Refusal, RestoreRun } from './restore-run.ts';
import type { Room } from './room.ts';
import { findingsOf, type Population } from './warnings/findings.ts';
import type { Target } from './warnings/timer-faults.ts';
import { warningsOf } from './warnings/warnings-of.ts';

/** Under which circumstances a process is restored. */
export interface Circumstances {
  criu: CriuVersion;
  target: Target;
  /** Whom the checkpoint tells of. */
  population: Population;
  /** Where its IDs come from. */
  ids: IdSpace;
  /** What CRIU stops at before it makes any of its timers. */
  stop: Stop | null;
  room: Room;
}

/** Plans one process of a checkpoint; `seconds` is left at 0. */
export function planProcess(process: CheckpointProcess, how: Circumstances): ProcessPlan {
  const { target, population, ids, stop, room } = how;
  const timers = inRestoreOrder(process.timers);
  const findings = findingsOf(process, timers, population, target);
  const attempt = new Attempt(
    how,
    timers.map(({ id }) => id >>> 0),
  ); // CRIU reads them as unsigned
  const run = new RestoreRun(target.policy, ids, room.left, findings.refusals);
  const ending = stop === null ? attempt.ending(run, findings.possibleRefusals) : givesUp(stop.lines);
  const nextId = run.next;
  if (!comesBack(ending)) run.exit();
  const { creates, deletes, prctls, peak, strategy, steps } = run;
  const { outcome, lines, errno } = ending;
  // biome-ignore format: what belongs together stands in a row
  return {
    pid: process.pid,
    ...(process.container !== undefined && { container: process.container }),
    timers, strategy, outcome, error: lines.length === 0 ? null : lines.join('\n'), errno,
    creates, deletes, prctls, peakTimers: peak, nextId, seconds: 0,
    warnings: warningsOf(process, findings, { outcome, nextId, stop, room, target }),
    steps,
  };
}

function comesBack({ outcome }: Ending): boolean {
  return outcome === 'ok' || outcome === 'depends';
}

/** A restorer at work on a process's IDs. */
class Attempt {
  private readonly how: Circumstances;
  private readonly ids: readonly number[];

  constructor(how: Circumstances, ids: readonly number[]) {
    this.how = how;
    this.ids = ids;
  }

  /**
   * Makes the calls, and tells how they end.
   *
   * @param possibleRefusals What the kernel may refuse, where `run` takes it to be granted.
   */
  ending(run: RestoreRun, possibleRefusals: ReadonlyMap<number, Refusal>): Ending {
    if (this.ids.length === 0) return OK;
    const { criu, room } = this.how;
    const ending = criu.restore(run, this.ids);
    if (ending.outcome === 'exceeds-limit' && room.makers > 1) return atUnknownTimer(ending);
    if (ending.outcome !== 'ok') return ending;
    if (room.outcome !== 'ok') return { ...atUnknownTimer(this.trial(0, new Map())), outcome: room.outcome };
    if (possibleRefusals.size === 0) return ending;
    return { ...this.trial(Number.POSITIVE_INFINITY, possibleRefusals), outcome: 'depends' };
  }

  /** What would be printed if creates were refused: in a fresh process, whose IDs are in no other's way. */
  private trial(limit: number, refusals: ReadonlyMap<number, Refusal>): Ending {
    const { criu, target } = this.how;
    return criu.restore(new RestoreRun(target.policy, idSpaceOf(target.policy), limit, refusals), this.ids);
  }
}

/** Which timer is refused depends on how the processes come to their creates. */
function atUnknownTimer(ending: Ending): Ending {
  const [first = '', ...rest] = ending.lines;
  return { ...ending, lines: [first.replace(/((?:posix timer -|timer ID) )\d+/, '$1N'), ...rest] };
}
