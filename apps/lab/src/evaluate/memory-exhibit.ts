// Bytes per timer, and what of them is there without any timer.
import type { Evaluation } from '@idspace/evaluation';
import { type Exhibit, tableOf } from '../format/exhibit.ts';
import { bytes, counted, mean } from '../format/number.ts';

/** Shows memory at the end of the fill. */
export function memoryExhibit({ designs, workload }: Evaluation): Exhibit {
  return {
    title: `Memory with ${counted(workload.totalTimers, 'timer')}`,
    ...tableOf(designs, [
      { head: 'Design', align: 'left', cell: ({ design }) => design },
      { head: 'Bytes\nper timer', cell: ({ bytesPerTimer }) => mean(bytesPerTimer) },
      { head: 'timer\nitself', cell: ({ memory }) => mean(memory.timer) },
      { head: 'table\nper timer', cell: ({ memory }) => mean(memory.table) },
      { head: 'table,\nfixed', cell: ({ memory }) => bytes(memory.fixed) },
      { head: 'JS: bytes\nper timer', cell: ({ js }) => mean(js.bytesPerTimer) },
    ]),
    reading:
      'Bytes per timer = the timer itself (its struct with its share of the slab, and its queued signal) + table per timer (tree nodes) + ' +
      'the fixed table (buckets) shared by all timers. A tree costs little while IDs are dense and a node per timer when they are far apart. Laid out as:',
    entries: designs.map(({ design, layout }) => [design, layout]),
  };
}
