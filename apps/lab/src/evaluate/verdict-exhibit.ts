// Would a tree have been better? Answered from the figures of a run: for each situation, by one rule.

import type { DesignEvaluation, Evaluation, Series } from '@idspace/evaluation';
import {
  type Comparison,
  compareTimes,
  RIVALS,
  type Rival,
  type Situation,
  STRIDE_TIMERS,
  TIE,
} from '@idspace/evaluation';
import type { RestorePlan } from '@idspace/restore-planner';
import { type Exhibit, tableOf } from '../format/exhibit.ts';
import { count, counted, duration, mean } from '../format/number.ts';

/** What kernel developers asked in 2023. */
export const VERDICT_QUESTION = 'Would a radix tree per process with dense IDs have been better?';

/** What the answer is drawn from. */
export interface Evidence {
  evaluation: Evaluation;
  /** What a lookup takes where; may be empty. */
  situations: readonly Situation[];
  /** Bytes per timer against the stride of the IDs. */
  memory: readonly Series[];
  /** Plans of a checkpoint; may be empty. */
  plans: readonly RestorePlan[];
}

/** An answer: the table it rests on, and sentences, the first of which is the answer in short. */
export interface Verdict {
  table: Exhibit;
  sentences: string[];
}

const [OLD, TODAY, TREE] = RIVALS;
const WITHIN = `${Math.round((TIE - 1) * 100)} %`;

/**
 * Answers the question for each situation.
 *
 * @returns Null where there is none, or the designs to compare were not evaluated.
 */
export function verdict({ evaluation, situations, memory, plans }: Evidence): Verdict | null {
  const [old, today, tree] = RIVALS.map((name) => evaluation.designs.find(({ design }) => design === name));
  if (situations.length === 0 || old === undefined || today === undefined || tree === undefined) return null;
  return {
    table: situationsExhibit(situations, evaluation),
    sentences: [
      `${against(situations, OLD, 'what Linux 6.14 had (hash-512)')} ${against(situations, TODAY, 'what Linux 6.15 ships (hash-scaled-jhash)')}`,
      strides(memory, [old, today, tree]),
      needs(plans, tree),
    ].filter(Boolean),
  };
}

function situationsExhibit(situations: readonly Situation[], { machine }: Evaluation): Exhibit {
  return {
    title: 'One lookup, ns (model)',
    ...tableOf(situations, [
      { head: 'Situation', align: 'left', cell: ({ name }) => name },
      ...RIVALS.map((head) => ({ head, cell: ({ ns }: Situation) => mean(ns[head]) })),
      { head: 'vs 6.14', align: 'left', cell: ({ ns }) => compareTimes(ns[TREE], ns[OLD]) },
      { head: 'vs 6.15', align: 'left', cell: ({ ns }) => compareTimes(ns[TREE], ns[TODAY]) },
    ]),
    reading:
      `Times are the ${machine.name} model’s. Faster and slower: by more than ${WITHIN}, the spread that the model’s calibration allows ` +
      'a time; closer is a tie.',
  };
}

/** 'Compared with …: it depends, faster in 2 of 8 situations, a tie in 4, slower in 2.' */
function against(situations: readonly Situation[], rival: Rival, called: string): string {
  const all = situations.length;
  const number = (wanted: Comparison): number =>
    situations.filter(({ ns }) => compareTimes(ns[TREE], ns[rival]) === wanted).length;
  const [faster, slower] = [number('faster'), number('slower')];
  return (
    `Compared with ${called}: ${answer(faster, slower, all)}, it is faster in ${faster} of ${all} situations, slower in ${slower}, ` +
    `a tie in ${number('tie')}.`
  );
}

/** The answer in a word: for the whole only where it holds everywhere. */
function answer(faster: number, slower: number, all: number): string {
  if (faster === all) return 'yes';
  if (faster === 0) return 'no';
  return slower === 0 ? 'in part' : 'it depends';
}

/** What each table adds to a timer at stride 1 and at the stride of the example of 2023. */
function strides(memory: readonly Series[], designs: readonly DesignEvaluation[]): string {
  const added = designs.map(({ design, memory: { timer } }) => {
    const points = memory.find((one) => one.design === design)?.points ?? [];
    return [1, STRIDE].map((stride) => (points.find(({ x }) => x === stride)?.y ?? Number.NaN) - timer);
  });
  const [old, today, tree] = added;
  if (added.flat().some(Number.isNaN)) return '';
  return (
    `Memory, with ${count(STRIDE_TIMERS)} timers: the tree adds ${mean(tree![0]!)} B to a timer while IDs are dense, ${mean(tree![1]!)} B where they are ` +
    `${STRIDE} apart; hash-512 adds ${mean(old![0]!)} B and hash-scaled-jhash ${mean(today![0]!)} B whatever the IDs.`
  );
}

const STRIDE = 512;

/** What dense IDs cannot do without. */
function needs(plans: readonly RestorePlan[], { restore, churn }: DesignEvaluation): string {
  const ends = plans
    .filter(({ kernel, totals }) => kernel === 'dense' && totals.outcome !== 'ok')
    .map(({ criu, totals }) => `CRIU ${criu} ${totals.outcome}`);
  const failing =
    ends.length > 0 ? `: without it ${ends.join(', ')}` : ', as a deleted ID is handed out again immediately';
  return (
    `But dense IDs need a way to ask for an ID${failing}. With it every design restores ${counted(churn.live, 'timer')} in ` +
    `${duration(restore.byId.seconds)}, whatever their IDs, and that is what Linux 6.15 added.`
  );
}
