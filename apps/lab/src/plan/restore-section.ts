// What the report says of restoring a checkpoint: its first screen, and the section.
import type { RestorePlan } from '@idspace/restore-planner';
import { figure } from '../format/figure.ts';
import { type Html, html, prose } from '../format/html.ts';
import { htmlExhibit } from '../format/html-table.ts';
import { kernelName } from '../format/kernel-name.ts';
import { count, counted, duration } from '../format/number.ts';
import type { Section } from '../format/page.ts';
import { listed } from '../format/sentence.ts';
import { CURE, comparisonExhibit } from './comparison.ts';
import { readProcess } from './plan-reading.ts';
import { restoreTimeChart } from './restore-time-chart.ts';

/** What the page is about, in one sentence. */
export const SENTENCE: string =
  'A checkpoint gets its timer IDs back in nanoseconds where CRIU can ask for them, in seconds to half an hour where it must create and delete timers until they come, and never where IDs are dense.';

/** The first screen: three numbers, and the chart. */
export function restoreHero(plans: readonly RestorePlan[]): Html {
  const [asked, danced] = ['ask', 'dance'].map((way) => plans.find((plan) => restores(plan, way === 'ask')));
  const never = plans.filter(({ totals }) => totals.outcome === 'hangs' || totals.outcome === 'fails');
  const items = [
    ...(asked === undefined
      ? []
      : [numberItem('ask', duration(asked.totals.seconds), `${pair(asked)} asks for each ID`)]),
    ...(danced === undefined
      ? []
      : [
          numberItem(
            'dance',
            duration(danced.totals.seconds, 2),
            `${pair(danced)} creates and deletes ${count(danced.totals.deletes)} timers first`,
          ),
        ]),
    ...(never.length === 0
      ? []
      : [
          numberItem(
            'never',
            'never',
            `${kernelName(never[0]!.kernel)}: ${listed(never.map(({ criu, totals }) => `CRIU ${criu} ${totals.outcome}`))}`,
          ),
        ]),
  ];
  const timers = plans[0]?.processes.flatMap((process) => process.timers.map(({ id }) => count(id))) ?? [];
  return html`<div class="hero">
<div>
<ul class="figures">${items}</ul>
<p class="note">${prose(`Planned for one checkpoint of a real CRIU 4.2, with ${counted(timers.length, 'timer')}: ${listed(timers)}.`)}</p>
</div>
${figure(restoreTimeChart())}</div>
`;
}

/** Whether all its timers come, by asking for each or by creating and deleting. */
function restores({ totals, processes }: RestorePlan, asking: boolean): boolean {
  return totals.outcome === 'ok' && processes.some(({ strategy }) => strategy === (asking ? 'restore-ids' : 'dance'));
}

function pair({ criu, kernel }: RestorePlan): string {
  return `CRIU ${criu} on ${kernelName(kernel)}`;
}

function numberItem(kind: string, number: string, words: string): Html {
  return html`<li class="${kind}"><b>${number}</b> ${prose(words)}</li>\n`;
}

/** Builds the section. */
export function restoreSection(plans: readonly RestorePlan[]): Section {
  // Today's pair and the one before it; the table has them all.
  const readings = plans.slice(0, 2).map((plan) => {
    const sentences = plan.processes
      .filter(({ timers }) => timers.length > 0)
      .map((process) => readProcess(plan, process));
    return html`<li>${prose(sentences.join(' '))}</li>\n`;
  });
  return {
    id: 'restore',
    short: 'Restore',
    question: 'Will a checkpoint restore, and how fast?',
    body: html`<p class="answer">${prose(`With ${CURE} every ID costs the same. Before, there was no way to request an ID, and the time grows with the highest one.`)}</p>
<ul class="plain">${readings}</ul>
${htmlExhibit(comparisonExhibit('One checkpoint, several kernels and CRIU versions', plans))}`,
  };
}
