// What '#tables' is while the packages run from their sources: instrumented as they are now.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { watch as makeWatch } from '@idspace/mem-trace/watching';
import type { Design, createTimerTable as make, TimerTable } from '@idspace/posix-timers';
import { kept, sourcesOfPackages } from '@idspace/testkit/sources';

/** What the module of instrumented tables exports. */
interface Tables {
  readonly createTimerTable: typeof make;
  readonly DESIGN: Readonly<Record<string, Design>>;
  /** Reads the ID of a timer; an access as those of the tables. */
  readonly idOf: (table: TimerTable, timer: number) => number;
  readonly watch: typeof makeWatch;
}

// Each process that plays an evaluation needs them, and to instrument takes half a second.
const inputs = [...sourcesOfPackages(), fileURLToPath(new URL('.', import.meta.url))];
const folder = await kept('tables', inputs, async (folder) => {
  const { tablesText } = await import('./tables-text.ts');
  writeFileSync(join(folder, 'tables.mjs'), await tablesText());
});
const made: Tables = await import(/* @vite-ignore */ pathToFileURL(join(folder, 'tables.mjs')).href);

export const createTimerTable: Tables['createTimerTable'] = made.createTimerTable;
export const DESIGN: Tables['DESIGN'] = made.DESIGN;
export const watch: Tables['watch'] = made.watch;
export const idOf: Tables['idOf'] = made.idOf;
