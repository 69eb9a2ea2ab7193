// What the report says of restoring a checkpoint: its first screen, and the section.
import type { RestorePlan } from '@idspace/restore-planner';
import { figure } from '../format/figure.ts';
import { type Html, html, prose } from '../format/html.ts';
import { htmlExhibit } from '../format/html-table.ts';
import { kernelName, planName } from '../format/kernel-name.ts';
import { count, counted, duration } from '../format/number.ts';
import type { Section } from '../format/page.ts';
import { listed } from '../format/sentence.ts';
import { CURE, comparisonExhibit } from './comparison.ts';
import { readProcess } from './plan-reading.ts';
import { longestDance, restoreTimeChart } from './restore-time-chart.ts';

/** The plans that the first screen is about. */
interface Story {
  asked: RestorePlan | undefined;
  danced: RestorePlan | undefined;
  never: readonly RestorePlan[];
}

function storyOf(plans: readonly RestorePlan[]): Story {
  return {
    asked: plans.find((plan) => restores(plan, 'restore-ids')),
    danced: plans.find((plan) => restores(plan, 'dance')),
    never: plans.filter(({ totals }) => totals.outcome === 'hangs' || totals.outcome === 'fails'),
  };
}

/** What the page is about, in one sentence. */
export function restoreSentence(plans: readonly RestorePlan[]): string {
  const { asked, danced, never } = storyOf(plans);
  const parts = [
    asked && `in ${duration(asked.totals.seconds)} where CRIU can ask for them`,
    danced &&
      `in ${duration(danced.totals.seconds, 2)} to ${duration(longestDance(), 2)} where it must create and delete timers until they come`,
    never.length > 0 && 'never where IDs are dense and cannot be asked for',
  ].filter(Boolean);
  const last = parts.length > 1 ? `, and ${parts.pop()}` : '';
  return `A checkpoint gets its timer IDs back ${parts.join(', ')}${last}.`;
}

/** The first screen: three numbers, and the chart. */
export function restoreHero(plans: readonly RestorePlan[]): Html {
  const { asked, danced, never } = storyOf(plans);
  const items = [
    asked && numberItem('ask', duration(asked.totals.seconds), `${planName(asked)} asks for each ID`),
    danced &&
      numberItem(
        'dance',
        duration(danced.totals.seconds, 2),
        `${planName(danced)} creates and deletes ${count(danced.totals.deletes)} timers first`,
      ),
    never[0] &&
      numberItem(
        'never',
        'never',
        `${kernelName(never[0].kernel)}: ${listed(never.map(({ criu, totals }) => `CRIU ${criu} ${totals.outcome}`))}`,
      ),
  ].filter((item) => item !== undefined);
  const timers = plans[0]?.processes.flatMap((process) => process.timers.map(({ id }) => count(id))) ?? [];
  return html`<div class="hero">
<div>
<ul class="figures">${items}</ul>
<p class="note">${prose(`Planned for one checkpoint of a real CRIU 4.2, with ${counted(timers.length, 'timer')}: ${listed(timers)}.`)}</p>
</div>
${figure(restoreTimeChart())}</div>
`;
}

/** Whether all its timers come, and some of them so. */
function restores({ totals, processes }: RestorePlan, how: string): boolean {
  return totals.outcome === 'ok' && processes.some(({ strategy }) => strategy === how);
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
    answer: `With ${CURE} every ID costs the same. Before, there was no way to request an ID, and the time grows with the highest one.`,
    body: html`<ul class="plain">${readings}</ul>
${htmlExhibit(comparisonExhibit('One checkpoint, several kernels and CRIU versions', plans))}`,
  };
}
