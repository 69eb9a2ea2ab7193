// Plays CRIU's restore of an IPC namespace: the saved limits, then shm, msg, sem, each in image order.
import { INT_MAX } from '../../int-max.ts';
import { MOST_NAMED } from '../reason.ts';
import type { Target } from '../target.ts';
import type { SysvFault } from './faults.ts';
import { type SlotBits, Slots } from './slots.ts';
import { SYSV_KINDS, type SysvIds, type SysvKind } from './sysv-ids.ts';

const EXTEND = 'boot the target with ipcmni_extend';
const DAMAGED = 'dump again: the checkpoint is damaged';
const UNJOIN =
  'do not join that IPC namespace (without --join-ns CRIU makes a fresh one, where all slots are free), or remove what is in the way with ipcrm';

/** The sysctl that holds the most objects of a kind, and the error of a value above the maximum. */
const LIMIT_SYSCTL: Readonly<Record<SysvKind, readonly [name: string, error: string]>> = {
  shm: ['shmmni', 'Invalid argument'],
  msg: ['msgmni', 'Invalid argument'],
  sem: ['sem', 'Numerical result out of range'],
};

/**
 * Finds what fails, first what CRIU meets first. After a failure the rest is tried as if it had succeeded.
 *
 * @param isHelped Whether all of it would succeed with more slots, those of ipcmni_extend.
 * Cost: O(objects), those of a joined namespace included; slots taken in a row are walked over at most {@link MOST_NAMED} times.
 */
export function restoreObjects(ids: SysvIds, bits: SlotBits, target: Target, isHelped: boolean): SysvFault[] {
  const faults: SysvFault[] = [];
  for (const kind of SYSV_KINDS) {
    const most = kind === 'shm' && target.shmmniMax !== undefined ? target.shmmniMax : 2 ** bits;
    const number = ids.limits[kind];
    if (number === null || number <= most) continue;
    const [name, error] = LIMIT_SYSCTL[kind];
    const words = `Can't write kernel/${name}: ${error}\nFailed to prepare IPC namespace variables`;
    const remedy = `lower the limit before the dump${isHelped ? `, or ${EXTEND}` : ''}`;
    faults.push({ code: 'sysctl-limit', kind, ids: [], number, most, words, remedy });
  }
  for (const kind of SYSV_KINDS) restoreKind(kind, ids, new Slots(bits), target, isHelped, faults);
  return faults;
}

function restoreKind(
  kind: SysvKind,
  ids: SysvIds,
  slots: Slots,
  { joinedIpc }: Target,
  isHelped: boolean,
  faults: SysvFault[],
): void {
  const keys = new Set<number>();
  for (const { id, key } of joinedIpc?.[kind] ?? []) {
    slots.occupy(id);
    if (key !== 0) keys.add(key);
  }
  const wayOut = joinedIpc !== undefined ? UNJOIN : isHelped ? `${EXTEND}, as the source was` : DAMAGED;
  const limit = ids.limits[kind] ?? Number.POSITIVE_INFINITY;
  let found = 0;
  const add = (fault: Omit<SysvFault, 'kind'>): void => {
    if (found++ < MOST_NAMED) faults.push({ ...fault, kind });
  };
  for (const { id, key } of ids.objects[kind]) {
    if (key !== 0 && keys.has(key)) {
      const words = `Failed to create ${kind} set: File exists`;
      add({ code: 'key-taken', ids: [id], number: key, words, remedy: wayOut });
      continue;
    }
    keys.add(key);
    if (slots.count >= limit) {
      const words = `Failed to create ${kind} set: No space left on device`;
      add({
        code: 'too-many-objects',
        ids: [id],
        number: limit,
        words,
        remedy: 'raise the limit in the namespace before the dump',
      });
      break;
    }
    if (found >= MOST_NAMED) break;
    if (id > INT_MAX) {
      const words = `Failed to set desired IPC ${kind} ID`;
      add({ code: 'slot-range', ids: [id], words, remedy: DAMAGED });
      continue;
    }
    const got = slots.ask(id);
    if (got === id) continue;
    if (got === undefined) {
      const words = `Failed to create ${kind} set: No space left on device`;
      add({ code: 'slot-range', ids: [id], words, remedy: wayOut });
    } else {
      const more = { shm: '\nFailed to prepare shm segment', msg: '', sem: '' }[kind];
      const words = `Failed to restore ${kind} id (${got} instead of ${id})${more}`;
      add({ code: 'slot-taken', ids: [id], got, words, remedy: wayOut });
    }
  }
}
