// What is left after timers came and went: holes in the ID space, and what a restore then costs.
import type { Evaluation } from '../evaluate/evaluation.ts';
import { count, duration, mean } from '../text/number.ts';
import type { Exhibit } from './exhibit.ts';

/** Shows holes after churn, and the restore of what is live then. */
export function churnExhibit({ designs, workload }: Evaluation): Exhibit {
  return {
    title: `After ${count(workload.churn)} random deletes and creates, with ${count(designs[0]?.churn.live ?? 0)} timers left`,
    columns: [
      { head: 'Design', align: 'left' },
      { head: 'Highest ID' },
      { head: 'Holes' },
      { head: 'of them\nrefilled' },
      { head: '\nlost' },
      { head: 'Table B\nper timer' },
      { head: 'Restore by\ncreate+delete' },
      { head: '\ncreates' },
      { head: '\npeak' },
      { head: 'Restore\nby ID' },
    ],
    rows: designs.map(({ design, churn, restore }) => [
      design,
      count(churn.highestId),
      count(churn.holes),
      count(churn.recoverable),
      count(churn.lost),
      mean(churn.tableBytesPerTimer),
      duration(restore.dance.seconds),
      count(restore.dance.creates),
      count(restore.dance.peakTimers),
      duration(restore.byId.seconds),
    ]),
    reading:
      'A hole is a free ID below the highest live one. Dense designs fill their holes again; with a next-ID cursor they are lost until ' +
      'all 2³¹ IDs have been used once, so the highest ID, and with it the create+delete restore, grows for as long as the process lives. ' +
      'peak is how many timers must be alive at once: dense IDs come only while the lower ones are taken. Asking for the ID costs the same whatever its value.',
  };
}
