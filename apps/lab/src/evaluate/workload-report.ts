// The report on one workload.

import type { WorkloadEvaluation } from '@idspace/evaluation';
import { designEntries } from '../format/designs.ts';
import { designKey, figure } from '../format/figure.ts';
import { footer } from '../format/footer.ts';
import { type Html, html, prose } from '../format/html.ts';
import { foldedExhibit, htmlEntries, htmlExhibit } from '../format/html-table.ts';
import { page, type Section } from '../format/page.ts';
import { machineLine } from './evaluation-exhibit.ts';
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
  const costBody = html`${designKey(designs.map(({ design }) => design))}<div class="charts">
${timeCharts(evaluation).map(figure)}</div>
<details><summary>What the designs are</summary>${htmlEntries(designEntries(designs))}</details>
${costs.map(foldedExhibit)}`;
  const sections: Section[] = [
    section('cost', 'Cost', 'What does each call cost?', costBody),
    section(
      'sharing',
      'Lines and cores',
      'How are lines used, and how do they move between cores?',
      htmlExhibit(sharing),
    ),
    section('ids', 'IDs', 'What is left of the IDs, and what does a restore cost?', htmlExhibit(ids)),
  ];
  if (chart !== null && reach !== undefined) sections.push(reachSection(html`${figure(chart)}${foldedExhibit(reach)}`));
  return page({ title: `What does ${workload.name} cost?`, description: summary, lead }, sections, footer(command));
}

function reachSection(body: Html): Section {
  return section('reach', 'How long', 'How long until the IDs run high?', body);
}

function section(id: string, short: string, question: string, body: Html): Section {
  return { id, short, question, body };
}
