// What is left after timers came and went: holes in the ID space, and what a restore then costs.
import type { Evaluation, FillWorkload } from '@idspace/evaluation';
import { generationsNote } from '../format/designs.ts';
import { type Exhibit, tableOf } from '../format/exhibit.ts';
import { count, counted, duration, mean } from '../format/number.ts';

/** Shows holes after churn, and the restore of what is live then. @param brief Whether the shortest explanation will do. */
export function churnExhibit({ designs, workload }: Evaluation, brief = false): Exhibit {
  return {
    title: `After ${count(workload.churn)} replacements: holes, and what a restore then costs`,
    ...tableOf(designs, [
      { head: 'Design', align: 'left', cell: ({ design }) => design },
      { head: 'Highest ID', cell: ({ churn }) => count(churn.highestId) },
      { head: 'Holes', cell: ({ churn }) => count(churn.holes) },
      { group: 'of them', head: 'filled', cell: ({ churn }) => count(churn.recoverable) },
      { group: 'of them', head: 'lost', cell: ({ churn }) => count(churn.lost) },
      { head: 'Table B\na timer', cell: ({ churn }) => mean(churn.tableBytesPerTimer) },
      { group: 'By dance', head: 'time', cell: ({ restore }) => duration(restore.dance.seconds) },
      { group: 'By dance', head: 'creates', cell: ({ restore }) => count(restore.dance.creates) },
      { group: 'By dance', head: 'peak', cell: ({ restore }) => count(restore.dance.peakTimers) },
      { head: 'By ID\ntime', cell: ({ restore }) => duration(restore.byId.seconds) },
    ]),
    reading: brief ? briefly(workload) : inFull(designs, workload),
  };
}

const replaced = ({ churn }: FillWorkload): string =>
  `${counted(churn / 2, 'timer')}, then ${count(churn)} times a random one deleted and another created, then a random half deleted`;

function briefly(workload: FillWorkload): string {
  return (
    `${replaced(workload)}. A hole is a free ID below the highest live one: dense designs fill theirs again, a next ID leaves them behind. ` +
    'Peak: timers alive at the same time; CRIU deletes each immediately, and so never gets dense IDs.'
  );
}

function inFull(designs: Evaluation['designs'], workload: FillWorkload): string {
  return (
    `${replaced(workload)}: ${count(designs[0]?.churn.live ?? 0)} are left. A hole is a free ID below the highest live one; generational has ` +
    'its holes among its slots, as its IDs carry a generation. Dense designs fill their holes again; with a next-ID cursor they are lost ' +
    'until all 2³¹ IDs have been used once, so the highest ID grows for as long as the process lives. By dance: restored by creating and ' +
    'deleting until each ID comes; peak is how many timers must be alive at the same time: dense IDs come only while the lower ones are ' +
    'taken, so CRIU, which deletes each immediately, does not get them. By ID: restored by asking, which costs the same whatever its value.' +
    generationsNote(designs)
  );
}
