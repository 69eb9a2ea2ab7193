// What '#tables' is while the packages run from their sources: instrumented as they are now.
import type { watch as makeWatch } from '@idspace/mem-trace/watching';
import type { Design, createTimerTable as make, TimerTable } from '@idspace/posix-timers';
import { tablesText } from './tables-text.ts';

/** What the module of instrumented tables exports. */
interface Tables {
  readonly createTimerTable: typeof make;
  readonly DESIGN: Readonly<Record<string, Design>>;
  /** Reads the ID of a timer; an access as those of the tables. */
  readonly idOf: (table: TimerTable, timer: number) => number;
  readonly watch: typeof makeWatch;
}

const text = await tablesText();
// In base64: of other text, Bun takes some for a module of CommonJS.
const address = `data:text/javascript;base64,${Buffer.from(text).toString('base64')}`;
const made: Tables = await import(/* @vite-ignore */ address);

export const createTimerTable: Tables['createTimerTable'] = made.createTimerTable;
export const DESIGN: Tables['DESIGN'] = made.DESIGN;
export const watch: Tables['watch'] = made.watch;
export const idOf: Tables['idOf'] = made.idOf;
