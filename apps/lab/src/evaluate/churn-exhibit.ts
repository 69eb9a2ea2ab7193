// What is left after timers came and went: holes in the ID space, and what a restore then costs.
import type { Evaluation, FillWorkload } from '@idspace/evaluation';
import { generationsNote } from '../format/designs.ts';
import type { Exhibit } from '../format/exhibit.ts';
import { count, counted, duration, mean } from '../format/number.ts';

/** Shows holes after churn, and the restore of what is live then. @param brief Whether the shortest explanation will do. */
export function churnExhibit({ designs, workload }: Evaluation, brief = false): Exhibit {
  return {
    title: `After ${count(workload.churn)} replacements: holes, and what a restore then costs`,
    columns: [
      { head: 'Design', align: 'left' },
      { head: 'Highest ID' },
      { head: 'Holes' },
      { group: 'of them', head: 'filled' },
      { group: 'of them', head: 'lost' },
      { head: 'Table B\na timer' },
      { group: 'By dance', head: 'time' },
      { group: 'By dance', head: 'creates' },
      { group: 'By dance', head: 'peak' },
      { head: 'By ID\ntime' },
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
