// Bytes per timer, and what of them is there without any timer.
import type { Evaluation } from '@idspace/evaluation';
import type { Exhibit } from '../format/exhibit.ts';
import { bytes, counted, mean } from '../format/number.ts';

/** Shows memory at the end of the fill. */
export function memoryExhibit({ designs, workload }: Evaluation): Exhibit {
  return {
    title: `Memory with ${counted(workload.totalTimers, 'timer')}`,
    columns: [
      { head: 'Design', align: 'left' },
      { head: 'Bytes\nper timer' },
      { head: 'timer\nitself' },
      { head: 'table\nper timer' },
      { head: 'table,\nfixed' },
      { head: 'JS: bytes\nper timer' },
    ],
    rows: designs.map(({ design, bytesPerTimer, memory, js }) => [
      design,
      mean(bytesPerTimer),
      mean(memory.timer),
      mean(memory.table),
      bytes(memory.fixed),
      mean(js.bytesPerTimer),
    ]),
    reading:
      'Bytes per timer = the timer itself (its struct with its share of the slab, and its queued signal) + table per timer (tree nodes) + ' +
      'the fixed table (buckets) shared by all timers. A tree costs little while IDs are dense and a node per timer when they are far apart. Laid out as:',
    entries: designs.map(({ design, layout }) => [design, layout]),
  };
}
