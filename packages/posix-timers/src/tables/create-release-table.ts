// createReleaseTable: the table of a release, with what the proposed ones change about IDs.
import type { Release } from '../release-traits.ts';
import { createTimerTable, type TimerTableOptions } from './create-timer-table.ts';
import { CursorTable } from './cursor-table.ts';
import { INT_MAX } from './limits.ts';
import { RestrictedTable } from './restricted-table.ts';
import { ReversedTable } from './reversed-table.ts';
import type { TimerTable } from './timer-table.ts';

/** @throws RangeError for an option out of range. */
export function createReleaseTable(release: Release, options: TimerTableOptions): TimerTable {
  const table = createTimerTable(release.design, options);
  if (release.idCount <= INT_MAX) return new RestrictedTable(table, release.idCount);
  if (release.reversed) return new ReversedTable(table);
  return release.restoreCall === 'cursor' ? new CursorTable(table) : table;
}
