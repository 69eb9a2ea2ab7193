// The question that started this, answered from the figures of a run.
import type { RestorePlan } from '@idspace/restore-planner';
import type { DesignEvaluation, Evaluation, Series } from '../evaluate/evaluation.ts';
import { STRIDE_TIMERS } from '../evaluate/series.ts';
import { count, duration, mean } from '../text/number.ts';

/** What kernel developers asked in 2023. */
export const VERDICT_QUESTION = 'Would a radix tree per process with dense IDs have been better?';

/** What the answer is drawn from. */
export interface Evidence {
  evaluation: Evaluation;
  /** Bytes per timer against the stride of the IDs. */
  memory: readonly Series[];
  /** Plans of a checkpoint; may be empty. */
  plans: readonly RestorePlan[];
}

const NEAR = 0.05; // times closer than 5 % are called the same

/**
 * Answers the question in a few sentences.
 *
 * @returns No sentence where the tree (xarray) or a table it would replace (hash-512, hash-scaled) was not evaluated.
 */
export function verdict({ evaluation, memory, plans }: Evidence): string[] {
  const [old, scaled, tree] = ['hash-512', 'hash-scaled', 'xarray'].map((name) =>
    evaluation.designs.find(({ design }) => design === name),
  );
  if (old === undefined || scaled === undefined || tree === undefined) return [];
  const lookups = [old, scaled, tree].map(({ lookup }) => lookup);
  return [
    `Than the table of its day (hash-512): ${compared(tree, old)}. ` +
      `Than a table sized by CPUs (hash-scaled, which became Linux 6.15's with jhash2): ${compared(tree, scaled)}.`,
    `A lookup in hash-512, hash-scaled and the tree (xarray) misses the first cache ${series(lookups.map((cost) => cost.d1Misses))} times, ` +
      `touches ${series(lookups.map((cost) => cost.linesTouched))} lines and takes ${series(lookups.map((cost) => cost.nsPerOp))} ns (model).`,
    strides(memory, [old, scaled, tree]),
    `After ${count(evaluation.workload.churn)} replacements of a timer, the highest ID is ${count(tree.churn.highestId)} where IDs are dense and ` +
      `${count(old.churn.highestId)} with a next ID: that one rises as long as the process lives, and with it the time to restore by ` +
      `creating and deleting, here ${duration(old.restore.dance.seconds)}.`,
    needs(plans, tree),
  ].filter(Boolean);
}

/** 'yes', 'no' or neither, by the time of a lookup. */
function compared({ lookup: { nsPerOp: ns } }: DesignEvaluation, { lookup: other }: DesignEvaluation): string {
  const times = `a lookup takes ${mean(ns)} ns against ${mean(other.nsPerOp)}`;
  if (ns < other.nsPerOp * (1 - NEAR)) return `yes, ${times}`;
  return ns > other.nsPerOp * (1 + NEAR) ? `no, ${times}` : `neither better nor worse, ${times}`;
}

/** 1, 2, 3 → '1.00, 2.00 and 3.00'. */
function series(values: readonly number[]): string {
  const texts = values.map(mean);
  return `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}

/** What each table adds to a timer at stride 1 and at the stride of the example of 2023. */
function strides(memory: readonly Series[], designs: readonly DesignEvaluation[]): string {
  const added = designs.map(({ design, memory: { timer } }) => {
    const points = memory.find((one) => one.design === design)?.points ?? [];
    return [1, STRIDE].map((stride) => (points.find(({ x }) => x === stride)?.y ?? Number.NaN) - timer);
  });
  const [old, scaled, tree] = added;
  if (added.flat().some(Number.isNaN)) return '';
  return (
    `Memory, with ${count(STRIDE_TIMERS)} timers: the tree adds ${mean(tree![0]!)} B to a timer while IDs are dense, ${mean(tree![1]!)} B where they are ` +
    `${STRIDE} apart; hash-512 adds ${mean(old![0]!)} B and hash-scaled ${mean(scaled![0]!)} B whatever the IDs.`
  );
}

const STRIDE = 512;

/** What dense IDs cannot do without. */
function needs(plans: readonly RestorePlan[], { restore, churn }: DesignEvaluation): string {
  const ends = plans
    .filter(({ kernel, totals }) => kernel === 'dense' && totals.outcome !== 'ok')
    .map(({ criu, totals }) => `CRIU ${criu} ${totals.outcome}`);
  const failing = ends.length > 0 ? `: without it ${ends.join(', ')}` : ', as a deleted ID comes again at once';
  return (
    `But dense IDs need a way to ask for an ID${failing}. With it every design restores ${count(churn.live)} timers in ` +
    `${duration(restore.byId.seconds)}, whatever their IDs, and that is what Linux 6.15 added.`
  );
}
