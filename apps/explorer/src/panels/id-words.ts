// What one ID is at the moment, in words.
import { DESIGN } from '@idspace/posix-timers';
import type { Session } from '../engine/session.ts';
import { bucketOfId, idsOf, lowerBound } from '../engine/views.ts';
import { count } from '../shell/number.ts';

/** Says what an ID is: 'ID 41: a timer has it, in bucket 460.' */
export function idInWords(session: Session, id: number): string {
  const { live, end, refillable, cursor, wanted } = idsOf(session);
  const below = lowerBound(live, id);
  const bucket = bucketOfId(session.machine, id);
  const place = bucket === null ? '' : `, in bucket ${count(bucket)}`;
  if (live[below] === id) return `ID ${count(id)}: live, a timer has it${place}.`;
  const [, ids] = /^restricted:(\d+)$/.exec(session.setup.release) ?? [];
  if (id >= Number(ids)) return `ID ${count(id)}: this kernel has no such ID.`;
  const isLowest = DESIGN[session.machine.design].reuse === 'lowest' && below === id;
  const state =
    id >= end
      ? 'free, not used yet'
      : refillable
        ? 'free, a hole that will be used again'
        : 'free, a hole that comes again only after every other ID';
  const next = id === cursor || (cursor < 0 && isLowest) ? ' The next timer gets it.' : '';
  return `ID ${count(id)}: ${state}.${next}${wanted.includes(id) ? ' It is to be restored.' : ''}`;
}
