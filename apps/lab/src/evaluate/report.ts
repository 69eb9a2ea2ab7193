// The report: everything that a run measured, as one page.

import type { Evaluation, Series, Situation } from '@idspace/evaluation';
import type { RestorePlan } from '@idspace/restore-planner';
import { footer } from '../format/footer.ts';
import { html, prose } from '../format/html.ts';
import { htmlExhibit } from '../format/html-table.ts';
import { page, type Section } from '../format/page.ts';
import { restoreSection } from '../plan/restore-section.ts';
import { evaluationSections } from './evaluation-sections.ts';
import { VERDICT_QUESTION, type Verdict, verdict } from './verdict-exhibit.ts';

export interface ReportInput {
  evaluation: Evaluation;
  /** What a lookup takes where; may be empty. */
  situations: readonly Situation[];
  /** Bytes per timer (y) against the stride of the IDs (x), by design. */
  memory: readonly Series[];
  /** Plans of the bundled checkpoint; may be empty. */
  plans: readonly RestorePlan[];
  /** The command line that makes this report again. */
  command: string;
  version: string;
  /** The explorer's page, as a link from this one; absent where none lies beside it. */
  explorer?: string;
}

/**
 * Builds the report.
 *
 * @returns A whole HTML document that refers to nothing outside itself; the same input gives the same bytes.
 */
export function renderReport({
  evaluation,
  situations,
  memory,
  plans,
  command,
  version,
  explorer,
}: ReportInput): string {
  const lead = html`<p class="lead">A POSIX timer is an alarm clock that a process asks the kernel for, and the kernel answers with a number, the timer’s ID.
Something has to hand these numbers out, find the timer again when the process names one, and, when a container is frozen and thawed elsewhere, give every timer its old number back.
This page compares ways to do that, by counting what each costs in memory accesses, cache lines, locks, bytes and system calls.</p>
`;
  return page(
    plans.length > 0 ? 'Who hands out the IDs, and what does it cost?' : 'What do these designs of a timer table cost?',
    lead,
    [
      ...verdictSection(verdict({ evaluation, situations, memory, plans })),
      ...(plans.length > 0 ? [restoreSection(plans)] : []),
      ...evaluationSections(evaluation, memory),
      ...(plans.length > 0 ? [] : [restoreSection(plans)]),
    ],
    footer(command, version, explorer),
  );
}

/** The answer to it all first, where the run can give it. */
function verdictSection(answer: Verdict | null): Section[] {
  if (answer === null) return [];
  const [first, ...others] = answer.sentences;
  const items = others.map((sentence) => html`<li>${prose(sentence)}</li>\n`);
  return [
    {
      id: 'verdict',
      short: 'Verdict',
      question: VERDICT_QUESTION,
      body: html`<p class="answer">${prose(first!)}</p>\n${htmlExhibit(answer.table)}<ul class="plain">${items}</ul>\n`,
    },
  ];
}
