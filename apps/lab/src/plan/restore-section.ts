// The section of the report on restoring a checkpoint.
import type { RestorePlan } from '@idspace/restore-planner';
import { figure, legend } from '../format/figure.ts';
import { html, prose } from '../format/html.ts';
import { htmlExhibit } from '../format/html-table.ts';
import type { Section } from '../format/page.ts';
import { comparisonExhibit } from './comparison.ts';
import { readProcess } from './plan-reading.ts';
import { restoreTimeChart, WAY_SWATCHES } from './restore-time-chart.ts';

/** Builds the section; without plans it has the chart alone. */
export function restoreSection(plans: readonly RestorePlan[]): Section {
  // Today's pair and the one before it; the table has them all.
  const readings = plans.slice(0, 2).map((plan) => {
    const sentences = plan.processes
      .filter(({ timers }) => timers.length > 0)
      .map((process) => readProcess(plan, process));
    return html`<li>${prose(sentences.join(' '))}</li>\n`;
  });
  const planned = html`<p>A checkpoint that CRIU 4.2 dumped from a process with timers 1,000,000 and 2,000,000:</p>
<ul class="plain">${readings}</ul>
${htmlExhibit(comparisonExhibit('One checkpoint, several kernels and CRIU versions', plans))}`;
  return {
    id: 'restore',
    short: 'Restore',
    question: plans.length > 0 ? 'Will a checkpoint restore, and how fast?' : 'How long does a restore take?',
    body: html`<p class="answer">A restored process must find its timers under their old IDs. Before Linux 6.15 there was no way to request an ID, so CRIU creates and deletes timers until the wanted one comes: time grows with the highest ID.
Since then a process can ask, and every ID costs the same.</p>
${plans.length > 0 ? planned : ''}
${legend(WAY_SWATCHES)}${figure(restoreTimeChart())}`,
  };
}
