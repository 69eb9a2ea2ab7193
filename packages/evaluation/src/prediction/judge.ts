// judge: predicted ratios beside published ones, design by design, and what of it missed.
import { TIE } from '../hardware/tie.ts';
import { type Ranged, ranged } from '../hardware/variants.ts';
import type { PredictedCell, PredictedRow } from './predict.ts';
import type { PublishedDesign, PublishedOperation } from './published.ts';

/** The designs that are judged; hash-512-precheck is reported beside them. */
const JUDGED: readonly PublishedDesign[] = ['hash-512', 'hash-scaled', 'xarray'];
/** A ratio further off than this is a miss. */
const FACTOR = 2;

/** Counts the published times of the judged designs, and those that lie in the range that the model states. */
export function judgedTimes(rows: readonly PredictedRow[]): { times: number; inRange: number } {
  const cells = rows.flatMap((row) => row.cells).filter(({ design }) => JUDGED.includes(design));
  return { times: cells.length, inRange: cells.filter(({ inRange }) => inRange).length };
}

/** How much longer one design takes than another. */
export interface Ratio {
  threads: number;
  timers: number;
  operation: PublishedOperation;
  slower: PublishedDesign;
  than: PublishedDesign;
  published: number;
  predicted: Ranged;
  /** Predicted / published, or the other way round: 1 or more. */
  off: number;
  /** Whether the published pair is a tie, or the prediction puts it in the same order. */
  orderRight: boolean;
  judged: boolean;
}

/** A published ratio that the prediction misses, in what way, and why. */
export interface Miss {
  ratio: Ratio;
  what: string;
  why: string;
}

/** Compares all pairs of designs in each row and operation, the one published as slower over the other. */
export function ratiosOf({ threads, timers, cells }: PredictedRow): Ratio[] {
  const operations = [...new Set(cells.map(({ operation }) => operation))];
  return operations.flatMap((operation) => {
    const those = cells.filter((cell) => cell.operation === operation);
    return those.flatMap((a, i) =>
      those.slice(i + 1).map((b) => {
        const [slower, than] = b.publishedMs > a.publishedMs ? [b, a] : [a, b];
        return { threads, timers, operation, ...ratioOf(slower, than) };
      }),
    );
  });
}

function ratioOf(slower: PredictedCell, than: PredictedCell): Omit<Ratio, 'threads' | 'timers' | 'operation'> {
  const published = slower.publishedMs / than.publishedMs;
  // Machine by machine: what makes both slower does not change their ratio.
  const predicted = ranged(slower.byMachine.map((ms, i) => ms / than.byMachine[i]));
  return {
    slower: slower.design,
    than: than.design,
    published,
    predicted,
    off: Math.max(predicted.value / published, published / predicted.value),
    orderRight: published <= TIE || predicted.value > 1,
    judged: JUDGED.includes(slower.design) && JUDGED.includes(than.design),
  };
}

/** Lists the ratios that are off by more than twice, or in the wrong order, with where the two times go. */
export function missesOf(row: PredictedRow): Miss[] {
  return ratiosOf(row)
    .filter(({ off, orderRight }) => off > FACTOR || !orderRight)
    .map((ratio) => ({ ratio, what: whatMissed(ratio), why: whyMissed(ratio, row.cells) }));
}

function whatMissed({ off, orderRight }: Ratio): string {
  return orderRight ? `the ratio is off by ${off.toFixed(1)} ×` : 'the order is wrong';
}

/** Says which of the two times is further from the published one, and what it is made of. */
function whyMissed({ slower, than, operation }: Ratio, cells: readonly PredictedCell[]): string {
  const pair = cells.filter((cell) => cell.operation === operation && [slower, than].includes(cell.design));
  const offOf = ({ publishedMs, predictedMs }: PredictedCell): number => predictedMs.value / publishedMs;
  const worst = pair.reduce((a, b) => (Math.abs(Math.log(offOf(b))) > Math.abs(Math.log(offOf(a))) ? b : a));
  const [part, ns] = Object.entries(worst.parts).reduce((a, b) => (b[1] > a[1] ? b : a));
  const total = Object.values(worst.parts).reduce((sum, one) => sum + one, 0);
  const off = offOf(worst);
  const side = off < 1 ? `${(1 / off).toFixed(1)} × below` : `${off.toFixed(1)} × above`;
  return `${worst.design} is ${side} the published time; ${((100 * ns) / total).toFixed(0)} % of it is ${PARTS[part]}`;
}

const PARTS: Record<string, string> = {
  call: 'the call itself',
  memory: 'memory references',
  waiting: 'waiting for other threads',
};
