// What can be done about terminals that do not come: only what was tried on paper and lets all of a devpts come.
import { REACH } from './devpts.ts';
import type { PtyMaster } from './pty-master.ts';
import { type Chance, chances } from './reach.ts';

/** What to do about an index that no kernel gives. */
export const DAMAGED = 'dump again: the checkpoint is damaged';

/** NR_UNIX98_PTY_MAX: an index is a minor number. Source: include/linux/devpts_fs.h, drivers/tty/pty.c. */
const MOST_INDICES = 2 ** 20;
const MOST_LISTED = 4;

/** kernel.pty.max and kernel.pty.reserve as kernels have them: so many terminals are open at the same time at most, less those kept for the first devpts. */
const USUAL_MAX = 4096 - 1024;
/** Those kept, and all that come on the way to the highest. */
const RESERVED = 1024 + REACH + 2;

/**
 * Finds a way by which all terminals of a devpts come, whatever is known of the target.
 *
 * Terminals that the checkpoint has twice are left aside: no way helps them.
 * @param taken Indices in use; undefined if not known.
 * Cost: O(masters + taken + highest index, at most 2²⁰).
 */
export function wayOutOf(masters: readonly PtyMaster[], taken: readonly number[] = []): string {
  const own = new Set(masters.map(({ index }) => index));
  const others = taken.filter((index) => !own.has(index));
  const inUse = taken.filter((index) => own.has(index));
  const close = inUse.length === 0 ? [] : [`close what has ${inUse.length === 1 ? 'it' : someOf(inUse)}`];
  const unsure = unsureOf(masters, others);
  if (unsure.length === 0) return [...close, ...(unsureOf(masters, []).length === 0 ? [FRESH] : [])].join(', or ');
  const highest = unsure.reduce((most, { master }) => Math.max(most, master.index), 0);
  if (highest >= MOST_INDICES) return DAMAGED;
  // More than these never helps, and each of them is needed.
  const upTo = highest - REACH - 1;
  const opened = Array.from({ length: upTo + 1 }, (_, index) => index).filter((index) => !own.has(index));
  const stuck = unsureOf(masters, [...others, ...opened]);
  if (stuck.length > 0) return withoutTarget(stuck);
  const room = upTo < USUAL_MAX ? '' : `, with kernel.pty.max at ${upTo + RESERVED} or more`;
  const open = `open the terminals up to ${upTo} on the target before the restore${butFor(own, upTo)}${room} (taken lower indices help)`;
  return [...close, open].join(', and ');
}

const FRESH = 'restore into a mount namespace with a devpts of its own, where all are free';

function unsureOf(masters: readonly PtyMaster[], taken: readonly number[]): Chance[] {
  return chances(masters, taken).filter(({ chance }) => chance !== 'ok' && chance !== 'twice');
}

/** The checkpoint's own must stay free. */
function butFor(own: ReadonlySet<number>, upTo: number): string {
  const kept = [...own].filter((index) => index <= upTo);
  return kept.length === 0 ? '' : `, but not ${someOf(kept)}, which the checkpoint needs`;
}

function someOf(indices: readonly number[]): string {
  const shown = [...indices].sort((a, b) => a - b).slice(0, MOST_LISTED);
  const left = indices.length - shown.length;
  return left > 0 ? `${shown.join(', ')} and ${left} more` : shown.join(', ');
}

/** Whatever is open on the target, indices that the checkpoint needs itself are free for too long. */
function withoutTarget(stuck: readonly Chance[]): string {
  const never = stuck.find(({ chance }) => chance === 'too-far');
  if (never === undefined)
    return 'if it fails, restore again: nothing on the target makes it sure, as the indices below are those of other processes of the checkpoint';
  const { index } = never.master;
  return `nothing on the target helps, as the checkpoint needs a lower index itself that CRIU restores after ${index}: before the dump, let the process have the lower one at a lower descriptor (dup2), or close one of them`;
}
