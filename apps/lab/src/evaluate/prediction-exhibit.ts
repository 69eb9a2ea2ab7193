// The published table beside what the model predicts.
import type { Hardware, PredictedRow, Ranged } from '@idspace/evaluation';
import { judgedTimes, missesOf, PUBLISHED_DESIGNS, PUBLISHED_SOURCE, type Ratio, ratiosOf } from '@idspace/evaluation';
import { type Exhibit, tableOf } from '../format/exhibit.ts';
import { count, counted, duration, mean } from '../format/number.ts';

/** 'Of 24 predicted times, 22 are less than twice the published one and more than half of it; the farthest is …' */
export function farthestText(rows: readonly PredictedRow[]): string {
  const times = rows
    .filter(({ calibration }) => calibration !== true)
    .flatMap((row) =>
      row.cells.map((cell) => ({ ...cell, row, off: Math.abs(Math.log(cell.predictedMs.value / cell.publishedMs)) })),
    );
  const far = times.reduce((most, time) => (time.off > most.off ? time : most));
  const close = times.filter(({ off }) => off < Math.log(2)).length;
  const [predicted, published] = [far.predictedMs.value, far.publishedMs].map((ms) => duration(ms / 1e3));
  return (
    `Of ${counted(times.length, 'predicted time')}, ${close} are between half and twice the published one. The farthest is ${far.operation} in ` +
    `${far.design}, ${far.row.threads} × ${count(far.row.timers)}: predicted ${predicted}, published ${published}.`
  );
}

/** What the model starts from, the predicted table, the ratios, and the misses. */
export function predictionExhibits(rows: readonly PredictedRow[], machine: Hardware): Exhibit[] {
  const ratios = rows.flatMap((row) => ratiosOf(row).map((ratio) => ({ ...ratio, calibration: row.calibration })));
  return [priorsExhibit(machine), timesExhibit(rows), ratiosExhibit(ratios), missesExhibit(rows)];
}

function priorsExhibit({ title, levels, parameters }: Hardware): Exhibit {
  const { readNs, ...single } = parameters;
  const named = [
    ...readNs.map((read, i) => [`read from ${levels[i]?.name ?? 'memory'}`, read] as const),
    ...Object.entries(single).map(([name, parameter]) => [name.replace(/Ns$/, ''), parameter] as const),
  ];
  return {
    title: 'The model, stated before the comparison',
    ...tableOf(named, [
      { head: 'Value', align: 'left', cell: ([name]) => name },
      { head: 'ns', cell: ([, { value }]) => mean(value) },
      { head: 'prior', cell: ([, { prior }]) => (prior === undefined ? '' : mean(prior)) },
      { head: '× or ÷', cell: ([, { uncertainty }]) => mean(uncertainty) },
      { head: 'Basis', align: 'left', cell: ([, { basis }]) => basis },
      { head: 'From', align: 'left', width: 42, cell: ([, { source }]) => source },
    ]),
    reading: `${title}; the machine of the published table is not named. Values marked calibrated were fitted to its first row, starting from the prior; nothing else was. The true value is taken to lie within a factor (× or ÷).`,
  };
}

function timesExhibit(rows: readonly PredictedRow[]): Exhibit {
  const columns = Object.entries(PUBLISHED_DESIGNS).map(([design, called]) => `${called} is ${design}`);
  return {
    title: 'Published and predicted, ms for all operations of a thread',
    columns: [
      { head: 'Threads\n× timers', align: 'left' },
      { head: 'Design', align: 'left' },
      ...['create', 'getoverrun'].flatMap((group) => [
        { group, head: 'published' },
        { group, head: 'predicted' },
        { group, head: 'range' },
      ]),
    ],
    rows: rows.flatMap((row) =>
      row.cells
        .filter(({ operation }) => operation === 'create')
        .map((create, i) => {
          const lookup = row.cells.find(
            ({ design, operation }) => design === create.design && operation === 'getoverrun',
          )!;
          const cells = [create, lookup].flatMap(({ publishedMs, predictedMs, inRange }) => [
            count(publishedMs),
            mean(predictedMs.value),
            `${rangeText(predictedMs)}${inRange ? '' : ' ✗'}`,
          ]);
          return [i === 0 ? workloadOf(row) : '', create.design, ...cells];
        }),
    ),
    reading: `${PUBLISHED_SOURCE}; its columns: ${columns.join(', ')}. A prediction, except for the rows marked fit, by counts of what the shipped structures do and the model above; the range is what its stated uncertainties leave open. ${timesInRange(rows)} getoverrun is a lookup.`,
  };
}

/** 'Of the 18 …, 11 lie in the range' */
function timesInRange(rows: readonly PredictedRow[]): string {
  const { times, inRange } = judgedTimes(rows);
  return (
    `Of the ${times} published times of hash-512, hash-scaled and xarray, ${inRange} lie in the stated range, within the half ` +
    'millisecond to which they are printed; ✗ marks the others.'
  );
}

function ratiosExhibit(ratios: readonly (Ratio & { calibration: boolean })[]): Exhibit {
  const judged = ratios.filter((ratio) => ratio.judged);
  const right = judged.filter(({ orderRight }) => orderRight).length;
  const close = judged.filter(({ off }) => off <= 2).length;
  return {
    title: 'Ratios per pair of designs',
    columns: [
      { head: 'Threads\n× timers', align: 'left' },
      { head: 'Operation', align: 'left' },
      { head: 'Takes longer', align: 'left' },
      { head: 'than', align: 'left' },
      { head: 'published' },
      { head: 'predicted' },
      { head: 'range' },
      { head: 'off' },
    ],
    rows: ratios.map((ratio, i) => [
      i === 0 || workloadOf(ratio) !== workloadOf(ratios[i - 1]) ? workloadOf(ratio) : '',
      ratio.operation,
      ratio.slower,
      ratio.than,
      mean(ratio.published),
      mean(ratio.predicted.value),
      rangeText(ratio.predicted),
      `${mean(ratio.off)}${ratio.judged ? '' : ' *'}`,
    ]),
    reading: `Of the ${counted(judged.length, 'pair')} that are judged, ${right} are in the published order (within 10 % is a tie), and the factor between the two is within 2 × of the published one in ${close}. Pairs with hash-512-precheck (*) are reported, not judged.`,
  };
}

function missesExhibit(rows: readonly PredictedRow[]): Exhibit {
  const misses = rows.flatMap(missesOf);
  const judged = misses.filter(({ ratio }) => ratio.judged).length;
  return {
    title: 'Pairs in the wrong order, or off by more than 2 ×',
    ...tableOf(misses, [
      { head: 'Threads\n× timers', align: 'left', cell: ({ ratio }) => workloadOf(ratio) },
      { head: 'Pair', align: 'left', width: 30, cell: ({ ratio }) => pairOf(ratio) },
      { head: 'Off by', align: 'left', width: 20, cell: ({ what }) => what },
      { head: 'Where the time goes', align: 'left', width: 34, cell: ({ why }) => why },
    ]),
    reading:
      `It gets ${judged === 0 ? 'none' : count(judged)} of the judged pairs wrong, and ${counted(misses.length - judged, 'pair')} of those that are ` +
      `only reported (*). ${timesInRange(rows)}`,
  };
}

function pairOf({ operation, slower, than, judged }: Ratio): string {
  return `${operation}: ${slower} / ${than}${judged ? '' : ' *'}`;
}

function workloadOf({ threads, timers, calibration }: WorkloadSize): string {
  return `${threads} × ${timers / 1000}k${calibration === true ? ' fit' : ''}`;
}

interface WorkloadSize {
  threads: number;
  timers: number;
  calibration?: boolean;
}

function rangeText({ low, high }: Ranged): string {
  return `${mean(low)}–${mean(high)}`;
}
