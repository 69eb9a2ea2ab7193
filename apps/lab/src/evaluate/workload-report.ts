// The report on one workload.

import type { WorkloadDesign, WorkloadEvaluation } from '@idspace/evaluation';
import { designEntries } from '../format/designs.ts';
import { designKey, figure } from '../format/figure.ts';
import { footer } from '../format/footer.ts';
import { html, prose } from '../format/html.ts';
import { foldedExhibit, htmlEntries } from '../format/html-table.ts';
import { count, duration, mean } from '../format/number.ts';
import { page, type Section } from '../format/page.ts';
import { machineLine } from './evaluation-exhibit.ts';
import { figures } from './rival-figures.ts';
import { reachChart, timeCharts } from './workload-charts.ts';
import { workloadExhibits, workloadLine } from './workload-exhibits.ts';

/** Builds the page. @param command The command line that makes it again. */
export function renderWorkload(evaluation: WorkloadEvaluation, command: string): string {
  const { workload, designs } = evaluation;
  const exhibits = workloadExhibits(evaluation);
  const costs = exhibits.filter(({ title }) => title.startsWith('One '));
  const [sharing, ids, reach] = exhibits.slice(costs.length);
  const chart = reachChart(evaluation);
  const summary = workloadLine(evaluation);
  const lead = html`<p class="lead">${prose(summary)}</p>\n<p class="facts">${prose(machineLine(evaluation))}</p>\n`;
  const times = Object.entries(designs[0].operations).map(([kind]) => kind as keyof WorkloadDesign['operations']);
  const sections: Section[] = [
    {
      id: 'cost',
      short: 'Cost',
      question: 'What does each call cost?',
      answer: `${times.map((kind) => `One ${kind} takes ${figures(evaluation, ({ operations }) => duration((operations[kind]?.nsPerOp ?? Number.NaN) / 1e9))}.`).join(' ')} Times are the machine model’s.`,
      body: html`${designKey(designs.map(({ design }) => design))}<div class="charts">
${timeCharts(evaluation).map(figure)}</div>
<details><summary>What the designs are</summary>${htmlEntries(designEntries(designs))}</details>
${costs.map(foldedExhibit)}`,
    },
    {
      id: 'sharing',
      short: 'Lines and cores',
      question: 'How are lines used, and how do they move between cores?',
      answer: `Lines that move between cores, per event: ${figures(evaluation, ({ sharing: { moved } }) => mean(moved))}.`,
      body: foldedExhibit(sharing),
    },
    {
      id: 'ids',
      short: 'IDs',
      question: 'What is left of the IDs, and what does a restore cost?',
      answer: `The highest ID is ${figures(evaluation, ({ ids: { highestId } }) => count(highestId))}. Creating and deleting until each ID comes takes ${figures(evaluation, ({ restore }) => duration(restore.dance.seconds))}.`,
      body: foldedExhibit(ids),
    },
  ];
  if (chart !== null && reach !== undefined) {
    sections.push({
      id: 'reach',
      short: 'How long',
      question: 'How long until the IDs run high?',
      answer: `INT_MAX is reached ${figures(evaluation, ({ reach: time }) => (time === null ? 'never' : `after ${duration(time.intMax)}`))}.`,
      body: html`${figure(chart)}${foldedExhibit(reach)}`,
    });
  }
  return page({ title: `What does ${workload.name} cost?`, description: summary, lead }, sections, footer(command));
}
