// What makes CRIU stop before it creates any timer of a process.

import type { CheckpointProcess } from '../../../types.ts';
import type { KernelPolicy } from '../kernel-policy.ts';
import type { WarningCode } from '../warnings/plan-warning.ts';
import { badItimerLine, badTimeLine } from '../warnings/times.ts';
import type { CriuVersion } from './restorer-of.ts';

/** Why CRIU stops. */
export interface Stop {
  code: WarningCode;
  /** What it prints. */
  lines: readonly string[];
}

/**
 * Finds the first thing that CRIU stops at; null if it goes on.
 *
 * @param criu As it is called: `readsOldImages` also with --deprecated.
 * Source: criu/cr-restore.c (restore_one_alive_task), criu/timer.c, criu/rlimit.c, v4.2.
 */
export function stopOf(process: CheckpointProcess, criu: CriuVersion, policy: KernelPolicy): Stop | null {
  const { refused = [], oldImages = [], timers, itimers = [] } = process;
  if (!doesStart(criu, policy)) return { code: 'no-start', lines: [] };
  if (refused.length > 0) return { code: 'refused-images', lines: refused };
  if (oldImages.includes('timers') && !criu.readsOldImages) return deprecated('Posix timers');
  const badTime = badTimeLine(timers);
  if (badTime !== null) return { code: badTime.includes('interval') ? 'bad-interval' : 'bad-value', lines: [badTime] };
  if (oldImages.includes('limits') && !criu.readsOldImages) return deprecated('Rlimits');
  const badItimer = badItimerLine(itimers);
  return badItimer === null ? null : { code: 'bad-itimer', lines: [badItimer] };
}

/** Whether CRIU starts on a kernel: else it makes nothing at all. */
export function doesStart(criu: Pick<CriuVersion, 'knowsSplitVvar'>, policy: Pick<KernelPolicy, 'splitVvar'>): boolean {
  return !policy.splitVvar || criu.knowsSplitVvar;
}

function deprecated(what: string): Stop {
  return {
    code: 'old-images',
    lines: [
      `Deprecated functionality (${what}) rejected.`,
      'Use the --deprecated option or set CRIU_DEPRECATED environment.',
      'For details visit https://criu.org/Deprecation',
    ],
  };
}
