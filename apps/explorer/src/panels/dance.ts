// The dance to an ID: how many creates and deletes come before it, on the kernel of a session.

import { callText } from '../engine/machine.ts';
import { type Operation, operation } from '../engine/operations.ts';
import type { Session } from '../engine/session.ts';
import { idsOf, lowerBound } from '../engine/views.ts';
import { count, counted } from '../shell/number.ts';

/** Pairs that are made at most: some seconds' worth. */
const MOST_PAIRS = 10_000_000;
/** Pairs that show that a dance does not come on. */
const IN_VAIN = 10;
const IDS = 2 ** 31;

/** Returns the operations that dance to an ID, or why there are none. On a kernel that gives the lowest free ID, a few pairs show that it does not come. */
export function danceTo(session: Session, id: number): readonly Operation[] | string {
  const { live, cursor, refillable } = idsOf(session);
  if (live[lowerBound(live, id)] === id) return `ID ${count(id)} is in use: no dance comes to it.`;
  if (refillable) return lowerBound(live, id) === id ? [operation('create')] : [operation('pairs', IN_VAIN)];
  // IDs that are in use are passed over, without a call.
  const below = (end: number): number => end - lowerBound(live, end);
  const pairs = below(id) - below(cursor) + (id < cursor ? below(IDS) : 0);
  if (pairs > MOST_PAIRS) return `The dance to ID ${count(id)} takes ${counted(pairs, 'create')}: see it in the race.`;
  return [...(pairs > 0 ? [operation('pairs', pairs)] : []), operation('create')];
}

/** Says where a dance has come to. */
export function danceInWords({ call, position }: Session, id: number): string {
  if (call === null) return '';
  if (call.name === 'timer_create' && call.result === id)
    return `Call ${count(position)}: ${callText(call)}. The dance has come to ID ${count(id)}.`;
  const got = call.name === 'timer_delete' ? call.argument : call.result;
  return got < 0
    ? `Call ${count(position)}: ${callText(call)}. The dance fails.`
    : `The dance does not come to ID ${count(id)}: this kernel gave ID ${count(got)}${call.name === 'timer_delete' ? ' every time' : ''}.`;
}
