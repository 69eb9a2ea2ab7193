// The last line of a rehearsal: what becomes of the restore, and whether all went as planned.
import type { Reason } from '@idspace/restore-planner';
import { count, counted } from '../format/number.ts';
import { capital, ended } from '../format/sentence.ts';
import { inContainer } from '../plan/verdict-text.ts';
import type { SpaceRehearsal } from './ids/id-rehearsal.ts';
import type { ProcessRehearsal, Rehearsal } from './rehearsal.ts';

const SPACES: Readonly<Record<SpaceRehearsal['space'], string>> = {
  pids: 'processes and threads',
  inotify: 'watch descriptors',
  sysv: 'SysV IDs',
  pty: 'terminals',
  aio: 'AIO rings',
};

/** What a space is called. */
export function spaceName({ space }: Pick<SpaceRehearsal, 'space'>): string {
  return SPACES[space];
}

/** Tells if nothing of a process was found to differ from its plan. */
export function isFine({ ending, checks }: ProcessRehearsal): boolean {
  return ending !== 'differs' && checks.every(({ ok }) => ok !== false);
}

/** Tells which processes and spaces did not go as planned; null if none. What is in the way on the target is planned. */
export function whatDiffers({ processes, spaces }: Pick<Rehearsal, 'processes' | 'spaces'>): string | null {
  const wrong = processes.filter((process) => !isFine(process)).length;
  const parts = wrong === 0 ? [] : [`${counted(wrong, 'process', 'processes')} of ${count(processes.length)}`];
  const others = spaces.filter(({ checks }) => checks.some(({ check, ok }) => check === 'ids' && ok === false));
  if (others.length > 0) parts.push([...new Set(others.map(spaceName))].join(', '));
  return parts.length === 0 ? null : parts.join('; ');
}

/**
 * Says what becomes of the restore by the plan, and whether that is what the rehearsal saw.
 *
 * @param decisive The plan's first reason for its outcome; undefined where it says that the restore works.
 */
export function verdict(rehearsal: Rehearsal, decisive: Reason | undefined): string {
  const { verified, stoppedBy, processes, spaces, maxSeconds } = rehearsal;
  const different = whatDiffers(rehearsal);
  const byPlan = `by the plan ${becomes(decisive, '')}`;
  if (different !== null) return `Not as planned: ${different}, marked ✗ above; ${byPlan}`;
  if (stoppedBy === 'interrupt') return 'Interrupted: not verified. Everything that was made is gone.';
  if (stoppedBy !== null) {
    return `Stopped by --max-seconds ${maxSeconds}: not verified, and nothing differed so far. Everything that was made is gone. ${capital(byPlan)}`;
  }
  if (processes.length === 0 && spaces.length === 0 && decisive === undefined) {
    return 'No process has POSIX timers, and no other IDs were read: nothing to rehearse.';
  }
  const isOpen = decisive === undefined && spaces.some(({ open }) => open.length > 0);
  const open = isOpen ? ' What is marked "open" depends on the target: `idspace plan --on` judges it.' : '';
  if (!verified) {
    return `Not all could be played, as marked "not seen" above: nothing differed, and ${byPlan}${open}`;
  }
  if (decisive !== undefined) return capital(becomes(decisive, ', as planned'));
  return `The restore works, as planned: every call, and what the kernel shows afterwards, is as the plan says.${open}`;
}

const BECOMES: Readonly<Record<Reason['outcome'], string>> = {
  depends: 'may fail',
  'exceeds-limit': 'fails',
  hangs: 'never ends',
  fails: 'fails',
};

function becomes(decisive: Reason | undefined, how: string): string {
  if (decisive === undefined) return `the restore works${how}.`;
  return ended(`the restore ${BECOMES[decisive.outcome]}${how}: ${inContainer(decisive)}${decisive.text}`);
}
