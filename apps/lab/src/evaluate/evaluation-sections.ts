// The sections of the report on what the designs of a timer table cost: an answer each, its charts, and the tables folded.
import { type DesignEvaluation, type Evaluation, PUBLISHED, RIVALS, type Series } from '@idspace/evaluation';
import { NS_PER_PAIR, NS_PER_RESTORE } from '@idspace/restore-planner';
import { barChart } from '../format/bar-chart.ts';
import { designEntries } from '../format/designs.ts';
import type { Column } from '../format/exhibit.ts';
import { designKey, figure } from '../format/figure.ts';
import { type Html, type HtmlValue, html, prose } from '../format/html.ts';
import { foldedExhibit, htmlEntries, htmlTable } from '../format/html-table.ts';
import { count, counted, duration, mean } from '../format/number.ts';
import type { Section } from '../format/page.ts';
import { churnExhibit } from './churn-exhibit.ts';
import { contentionAnswer, contentionChart } from './contention.ts';
import { machineLine, workloadLine } from './evaluation-exhibit.ts';
import { layoutsExhibit } from './layouts-exhibit.ts';
import { locksExhibit } from './locks-exhibit.ts';
import { memoryChart } from './memory-chart.ts';
import { memoryExhibit } from './memory-exhibit.ts';
import { linesChart, missesChart } from './misses-chart.ts';
import { missesAnswer, OPERATIONS, operationExhibit, operationsOf } from './operation-exhibit.ts';
import { partsExhibit } from './parts-exhibit.ts';
import { figures } from './rival-figures.ts';
import { servedExhibit } from './served-exhibit.ts';

/** Of the rates that restores are timed by. */
const RATE_SOURCE = 'Linux 6.18.44, x86-64 cloud server, CPU time, median';

/** Builds the sections on cost, memory, locks and holes. @param contention The evaluation with threads that wait for each other; null where none does. */
export function evaluationSections(
  evaluation: Evaluation,
  memory: readonly Series[],
  contention: Evaluation | null,
): Section[] {
  return [
    costSection(evaluation),
    linesSection(evaluation),
    memorySection(evaluation, memory),
    lockSection(evaluation, contention),
    holesSection(evaluation),
  ];
}

function keyOf({ designs }: Evaluation): Html {
  return designKey(designs.map(({ design }) => design));
}

function costSection(evaluation: Evaluation): Section {
  return {
    id: 'cost',
    short: 'Misses',
    question: 'What does each operation cost in cache misses?',
    answer: missesAnswer(evaluation),
    body: html`<p class="facts">${prose(`${workloadLine(evaluation)}. ${machineLine(evaluation)}.`)}</p>
${keyOf(evaluation)}<div class="charts pairs">
${operationsOf(evaluation).map((operation) => figure(missesChart(evaluation, operation)))}</div>
<details><summary>What the designs are</summary>${htmlEntries(designEntries(evaluation.designs))}</details>
${operationsOf(evaluation).map((operation) => foldedExhibit(operationExhibit(evaluation, operation)))}`,
  };
}

function linesSection(evaluation: Evaluation): Section {
  return {
    id: 'lines',
    short: 'Lines touched',
    question: 'Where do the cache lines go?',
    answer: `A lookup touches ${figures(evaluation, ({ lookup }) => `${mean(lookup.linesTouched)} lines`)}: the count that no cache size changes.`,
    body: html`${keyOf(evaluation)}<div class="charts">
${OPERATIONS.map((operation) => figure(linesChart(evaluation, operation)))}</div>
${foldedExhibit(partsExhibit(evaluation))}${foldedExhibit(servedExhibit(evaluation))}`,
  };
}

const FAR = 512;

function memorySection(evaluation: Evaluation, memory: readonly Series[]): Section {
  const at = (distance: number): string =>
    figures(evaluation, ({ design }) => {
      const point = memory.find((one) => one.design === design)?.points.find(({ x }) => x === distance);
      return point === undefined ? 'not possible' : `${mean(point.y)} B`;
    });
  return {
    id: 'memory-use',
    short: 'Memory',
    question: 'What does a timer cost in memory, and when do sparse IDs hurt?',
    answer: `With dense IDs a timer takes ${at(1)}; with IDs ${FAR} apart ${at(FAR)}. Dense IDs share the nodes of a tree, IDs far apart get a node each.`,
    body: html`${keyOf(evaluation)}${figure(memoryChart(memory))}
<p class="note">A line ends where a design cannot hold such IDs.</p>
${foldedExhibit(memoryExhibit(evaluation))}`,
  };
}

function lockSection(evaluation: Evaluation, contention: Evaluation | null): Section {
  const taken = figures(evaluation, ({ create: { lockAcquisitions: taken } }) =>
    Number.isInteger(taken) ? counted(taken, 'lock') : `${mean(taken)} locks`,
  );
  const chart = contention && contentionChart(contention);
  const tables = [foldedExhibit(locksExhibit(evaluation))];
  if (contention !== null && contention !== evaluation) {
    const { threads, timers } = contention.workload;
    tables.unshift(
      foldedExhibit({
        ...locksExhibit(contention),
        title: `Locks taken, ${counted(threads, 'thread')} × ${counted(timers, 'timer')}`,
      }),
    );
  }
  return {
    id: 'locks',
    short: 'Locks',
    question: 'Which threads wait for a lock, and how long?',
    answer: `A create takes ${taken}. ${contention === null ? '' : contentionAnswer(contention)}`.trim(),
    body: html`${chart === null ? '' : html`${figure(chart)}${chainNote(contention!)}`}${tables}`,
  };
}

/** How the size of the run decides the hold of a table that does not grow. */
function chainNote({ designs, workload: { totalTimers } }: Evaluation): HtmlValue {
  if (designs.every(({ design }) => design !== 'hash-512')) return '';
  return html`<p class="note">${prose(`A chain of hash-512 has ${mean(totalTimers / BUCKETS)} timers here; with more timers it is walked longer under the lock. `)}<a href="#published">What was measured with ${count(PUBLISHED.at(-1)!.timers)} for each thread</a></p>
`;
}

const BUCKETS = 512;

function holesSection(evaluation: Evaluation): Section {
  const { designs, workload } = evaluation;
  const lost = figures(evaluation, ({ churn }) => count(churn.lost));
  const without = figures(evaluation, ({ churn, restore: { dance } }) => {
    const fills = dance.peakTimers > churn.live;
    return `${duration(dance.seconds)} ${fills ? 'by filling up all IDs below, which CRIU does not do,' : 'by creating and deleting'}`;
  });
  const chart = barChart({
    id: 'holes-left',
    title: `Holes after ${count(workload.churn)} replacements`,
    unit: 'holes in the ID space',
    parts: ['filled again', 'lost'],
    stacked: true,
    rows: designs.map(({ design, churn }) => ({ design, values: [churn.recoverable, churn.lost] })),
  });
  return {
    id: 'holes',
    short: 'Holes',
    question: 'What is left of the ID space after timers came and went?',
    answer: `After ${count(workload.churn)} replacements, the holes that stay lost until all IDs have been used once are ${lost}. Restoring what is left takes ${duration(designs[0]!.restore.byId.seconds)} by asking for each ID. Without asking it takes ${without}.`,
    body: html`<div class="charts">${figure(chart)}</div>${foldedExhibit(churnExhibit(evaluation))}`,
  };
}

/** What has it for JavaScript. */
const PACKAGES: readonly (readonly [name: string, meaning: string])[] = [
  ['@idspace/xarray', 'a map and a radix tree with integer keys: IntMap, XArray; Ida hands out IDs with one bit each'],
  ['@idspace/next-id', 'hands out IDs: the lowest free, the next, or after a delay; IDs with generations'],
  ['@idspace/hash-table', 'a chained hash table keyed by owner and ID'],
  ['@idspace/lock', 'locks in a SharedArrayBuffer; @idspace/xarray/shared and @idspace/hash-table/shared use them'],
];

/** Builds the section on the same structures as packages. */
export function packagesSection(evaluation: Evaluation): Section {
  const { designs } = evaluation;
  const chart = barChart({
    id: 'layout-misses',
    title: 'D1 misses per lookup, in both layouts',
    unit: 'D1 misses per lookup',
    parts: ['kernel', 'JS'],
    rows: designs.map(({ design, lookup, js }) => ({ design, values: [lookup.d1Misses, js.lookup.d1Misses] })),
  });
  return {
    id: 'packages',
    short: 'In JavaScript',
    question: 'Is it the same in JavaScript, and which package has it?',
    answer: `${designs.length < 2 ? 'As' : sameOrder(designs) ? 'The order of the designs is the same: as' : 'The order of the designs changes: as'} typed arrays, a lookup misses the first cache ${figures(evaluation, ({ js }) => `${mean(js.lookup.d1Misses)} times`)}, and a timer takes ${figures(evaluation, ({ js }) => `${mean(js.bytesPerTimer)} B`)}.`,
    body: html`${htmlEntries(PACKAGES)}<div class="charts">${figure(chart)}</div>${foldedExhibit(layoutsExhibit(evaluation))}`,
  };
}

/** Whether the designs that are compared miss in the same order in both layouts. */
function sameOrder(designs: Evaluation['designs']): boolean {
  const rivals = designs.filter(({ design }) => RIVALS.some((rival) => rival === design));
  const order = (misses: (design: DesignEvaluation) => number): string =>
    rivals
      .toSorted((a, b) => misses(a) - misses(b))
      .map(({ design }) => design)
      .join();
  return order(({ lookup }) => lookup.d1Misses) === order(({ js }) => js.lookup.d1Misses);
}

/** Builds the section on how all of it was counted. */
export function methodSection(evaluation: Evaluation): Section {
  const parameters = Object.entries(evaluation.machine.parameters).map(([name, { value, unit, basis, source }]) => [
    name,
    `${value} ${unit}`,
    basis,
    source,
  ]);
  parameters.push(
    ['restore: a create and its delete', `${NS_PER_PAIR} ns`, 'measured', RATE_SOURCE],
    ['restore: a create that stays', `${NS_PER_RESTORE} ns`, 'measured', `${RATE_SOURCE}; at a given ID`],
  );
  return {
    id: 'method',
    short: 'How it was counted',
    question: 'How was this counted?',
    answer:
      'Counts (references, misses, lines, acquisitions, calls) are exact and the same on every machine. Times are a model’s, not a measurement.',
    body: html`<details><summary>The model, and its parameters</summary>
<p>Each design ran the same workload with its real data structures; each memory access was recorded and sent through a simulated cache.
The time of a create, lookup or delete is computed from its references, locks and the parameters below; reads of one object overlap, and each read costs what the level that serves it costs, levels between the first and the last included, whose misses the tables leave out.
That of a restore is its calls times the last two rates, taken for every kernel.
The caches are set-associative with least-recently-used replacement, and start empty. Lookups and deletes begin with what the creates left there, and an operation that is counted finds what all before it have left, counted or not. Misses are counted as if nothing were prefetched; times leave out the wait for lines that the hardware would have brought in ahead. Misses of the first TLB, with pages of 2 MiB, are counted, and are not in the times.</p>
${parameterTable(parameters)}</details>
`,
  };
}

function parameterTable(rows: string[][]): Html {
  const columns: Column[] = [
    { head: 'Parameter', align: 'left' },
    { head: 'Value' },
    { head: 'Basis', align: 'left' },
    { head: 'Source', align: 'left', width: 60 },
  ];
  return htmlTable('Parameters of the machine model', { columns, rows });
}
