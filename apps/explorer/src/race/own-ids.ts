// IDs as they are typed in: '3, 1000, 2e6, INT_MAX'.
import { count } from '../shell/number.ts';
import { INT_MAX } from './restore.ts';

/** So many are enough to see. */
const MOST = 1000;

/** What was typed: the IDs in ascending order, or what is wrong with it. */
export type OwnIds = { ids: number[] } | { error: string };

/** A number with its thousands set off, as the page writes it. */
const GROUPED = /^[1-9]\d{0,2}(,\d{3})+$/;

/** Reads IDs between commas or spaces; digits may be grouped by `_`, or by commas as the page prints them: '3, 1,000,000'. */
export function readIds(text: string): OwnIds {
  const words = text
    .split(/[\s;]+/)
    .map((word) => word.replace(/^,+|,+$/g, ''))
    .flatMap((word) => (GROUPED.test(word) ? word.replaceAll(',', '') : word.split(',')))
    .filter((word) => word !== '');
  if (words.length === 0) return { error: 'Type at least one ID, such as 3, 1000.' };
  if (words.length > MOST)
    return { error: `These are ${count(words.length)} IDs; the race takes at most ${count(MOST)}.` };
  const ids = new Set<number>();
  for (const word of words) {
    const id = idOf(word);
    if (id === null)
      return { error: `“${word.slice(0, 20)}” is no timer ID: an ID is a whole number from 0 to ${count(INT_MAX)}.` };
    if (ids.has(id)) return { error: `The ID ${count(id)} is there twice; a process has each ID once.` };
    ids.add(id);
  }
  return { ids: [...ids].sort((a, b) => a - b) };
}

function idOf(word: string): number | null {
  if (/^int_max$/i.test(word)) return INT_MAX;
  if (!/^\d[\d_]*(e\d{1,2})?$/i.test(word)) return null;
  const id = Number(word.replaceAll('_', ''));
  return id <= INT_MAX ? id : null;
}
