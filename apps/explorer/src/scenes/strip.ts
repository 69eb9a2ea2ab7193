// The row of numbers below a scene: which are live, which are holes, which comes next. Long stretches of free numbers are one cell.
import type { IdsView } from '../engine/views.ts';

/** One number, or a stretch of free ones. */
export interface Cell {
  readonly first: number;
  /** Numbers in it: 1, or more in a stretch. */
  readonly count: number;
  /** `hole`: free, and handed out again; `lost`: free, and not before all others were; `free`: not used yet. */
  readonly kind: 'live' | 'hole' | 'lost' | 'free';
  /** Whether the next timer gets it. */
  readonly isNext: boolean;
  /** Whether it is to be restored. */
  readonly isWanted: boolean;
}

/** Free numbers between two others that are shown one by one; more are a stretch. */
const SHORT = 6;
/** Numbers shown at least. */
const FEWEST = 8;

/** Lays the IDs of a process out in a row. Meant for few timers: at most about a hundred cells. */
export function stripOf({ live, cursor, end, refillable, wanted }: IdsView): Cell[] {
  const alive = new Set(live);
  const missing = new Set(wanted);
  const next = cursor >= 0 ? cursor : lowestFree(alive);
  const last = Math.max(live.at(-1) ?? 0, next, wanted.at(-1) ?? 0, FEWEST - 1);
  const stops = [...new Set([...live, ...wanted, next, last, end - 1])].filter((id) => id >= 0).sort((a, b) => a - b);
  const kindOf = (id: number): Cell['kind'] =>
    alive.has(id) ? 'live' : id >= end ? 'free' : refillable ? 'hole' : 'lost';
  const cells: Cell[] = [];
  let at = 0;
  for (const stop of stops) {
    if (stop - at > SHORT) {
      cells.push({ first: at, count: stop - at, kind: kindOf(at), isNext: false, isWanted: false });
      at = stop;
    }
    for (; at <= stop; at++) {
      cells.push({ first: at, count: 1, kind: kindOf(at), isNext: at === next, isWanted: missing.has(at) });
    }
  }
  return cells;
}

function lowestFree(alive: ReadonlySet<number>): number {
  let id = 0;
  while (alive.has(id)) id++;
  return id;
}
