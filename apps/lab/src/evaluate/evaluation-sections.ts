// The sections of the report that come from an evaluation.

import type { Evaluation, Series } from '@idspace/evaluation';
import { NS_PER_PAIR, NS_PER_RESTORE } from '@idspace/restore-planner';
import { designEntries } from '../format/designs.ts';
import type { Column } from '../format/exhibit.ts';
import { figure, legend } from '../format/figure.ts';
import { type Html, html, prose } from '../format/html.ts';
import { htmlEntries, htmlExhibit, htmlTable } from '../format/html-table.ts';
import type { Section } from '../format/page.ts';
import { churnExhibit } from './churn-exhibit.ts';
import { machineLine, workloadLine } from './evaluation-exhibit.ts';
import { extremes } from './extremes-exhibit.ts';
import { layoutsExhibit } from './layouts-exhibit.ts';
import { linesChart, PART_SWATCHES } from './lines-chart.ts';
import { locksExhibit } from './locks-exhibit.ts';
import { memoryChart } from './memory-chart.ts';
import { memoryExhibit } from './memory-exhibit.ts';
import { MISS_SWATCHES, missesChart } from './misses-chart.ts';
import { costOf, OPERATION_NAMES, OPERATIONS, operationExhibit, operationsOf } from './operation-exhibit.ts';
import { partsExhibit } from './parts-exhibit.ts';
import { servedExhibit } from './served-exhibit.ts';

/** Of the rates that restores are timed by. */
const RATE_SOURCE = 'Linux 6.18.44, x86-64 cloud server, CPU time, median';

/** Builds the sections on cost, memory, holes, layouts, and how all of it was counted. */
export function evaluationSections(evaluation: Evaluation, memory: readonly Series[]): Section[] {
  return [
    costSection(evaluation),
    linesSection(evaluation),
    memorySection(evaluation, memory),
    lockSection(evaluation),
    holesSection(evaluation),
    layoutSection(evaluation),
    methodSection(evaluation),
  ];
}

function costSection(evaluation: Evaluation): Section {
  const facts = html`<p class="facts">${prose(`${workloadLine(evaluation)}. ${machineLine(evaluation)}.`)}</p>`;
  const lookups = operationsOf(evaluation).filter((name) => name.startsWith('lookup'));
  return {
    id: 'cost',
    short: 'Misses',
    question: 'What does each operation cost in cache misses?',
    body: html`<p class="answer">Every design ran the same workload with its real data structures; each memory access was recorded and sent through a simulated cache.
${prose(lookups.map((order) => extremes(evaluation.designs, `D1 misses per ${OPERATION_NAMES[order]}`, (design) => costOf(design, order).d1Misses)).join(' '))}</p>
${facts}
${htmlEntries(designEntries(evaluation.designs))}${legend(MISS_SWATCHES)}<div class="charts pairs">
${operationsOf(evaluation).map((operation) => figure(missesChart(evaluation, operation)))}</div>
${operationsOf(evaluation).map((operation) => htmlExhibit(operationExhibit(evaluation, operation)))}`,
  };
}

function linesSection(evaluation: Evaluation): Section {
  return {
    id: 'lines',
    short: 'Lines touched',
    question: 'Where do the cache lines go?',
    body: html`<p class="answer">A miss can only happen on a line that is touched, whatever the size of the cache: lines are the count that no machine changes.
${prose(extremes(evaluation.designs, 'lines per lookup', (design) => design.lookup.linesTouched))}</p>
${legend(PART_SWATCHES)}<div class="charts">
${OPERATIONS.map((operation) => figure(linesChart(evaluation, operation)))}</div>
${htmlExhibit(partsExhibit(evaluation))}
${htmlExhibit(servedExhibit(evaluation))}`,
  };
}

function memorySection(evaluation: Evaluation, memory: readonly Series[]): Section {
  const { figure: chart, swatches } = memoryChart(memory);
  return {
    id: 'memory-use',
    short: 'Memory',
    question: 'What does a timer cost in memory, and when do sparse IDs hurt?',
    body: html`<p class="answer">A hash table does not care how far apart IDs are. A tree does: dense IDs share its nodes, IDs far apart get a node each.
This is why an xarray wants dense IDs. An array of slots (generational) costs all that it spans. The chart restores the same number of timers at ever greater distances; a line ends where a design cannot hold such IDs.</p>
${legend(swatches)}${figure(chart)}
${htmlExhibit(memoryExhibit(evaluation))}`,
  };
}

function lockSection(evaluation: Evaluation): Section {
  return {
    id: 'locks',
    short: 'Locks',
    question:
      evaluation.machine.running > 1
        ? 'How often is a lock taken, and which threads wait?'
        : 'How often is a lock taken?',
    body: htmlExhibit(locksExhibit(evaluation)),
  };
}

function holesSection(evaluation: Evaluation): Section {
  return {
    id: 'holes',
    short: 'Holes',
    question: 'What is left of the ID space after timers came and went?',
    body: htmlExhibit(churnExhibit(evaluation)),
  };
}

function layoutSection(evaluation: Evaluation): Section {
  return {
    id: 'layouts',
    short: 'JS layout',
    question: 'Is it the same in JavaScript?',
    body: htmlExhibit(layoutsExhibit(evaluation)),
  };
}

function methodSection(evaluation: Evaluation): Section {
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
    body: html`<p>Counts (references, misses, lines, acquisitions, calls) are exact and the same on every machine. Times are no measurement. Those of a create, lookup or delete are a model’s: from its references, locks and the parameters below; reads of one object overlap, and each read costs what the level that serves it costs, levels between the first and the last included, whose misses the tables leave out.
Those of a restore are its calls times the last two rates, taken for every kernel.
The caches are set-associative with least-recently-used replacement, and start empty. Lookups and deletes begin with what the creates left there, and an operation that is counted finds what all before it have left, counted or not. Misses are counted as if nothing were prefetched; times leave out the wait for lines that the hardware would have brought in ahead. Misses of the first TLB, with pages of 2 MiB, are counted, and are not in the times.</p>
<p class="facts">${prose(`${workloadLine(evaluation)}. ${machineLine(evaluation)}.`)}</p>
${parameterTable(parameters)}`,
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
