// The report: everything that a run measured, as one page.
import { RIVALS, type Situation } from '@idspace/evaluation';
import { designLook } from '../format/colours.ts';
import { dotChart } from '../format/dot-chart.ts';
import { designKey, type Figure, figure } from '../format/figure.ts';
import { footer } from '../format/footer.ts';
import { html, prose } from '../format/html.ts';
import { page, type Section } from '../format/page.ts';
import { CURE } from '../plan/comparison.ts';
import { restoreHero, restoreSection, restoreSentence } from '../plan/restore-section.ts';
import { evaluationSections, methodSection, packagesSection } from './evaluation-sections.ts';
import { publishedSection } from './published-section.ts';
import type { ReportData } from './report-data.ts';
import { VERDICT_QUESTION, type Verdict, verdict } from './verdict-exhibit.ts';

export interface ReportInput extends ReportData {
  /** The command line that makes this report again. */
  command: string;
  /** The one that predicts the published table. */
  predict: string;
  version: string;
  /** The explorer's page, as a link from this one; absent where none lies beside it. */
  explorer?: string;
}

const TITLE = 'Timer IDs: who hands them out, and what does a restore cost?';

/**
 * Builds the report.
 *
 * @returns A whole HTML document that refers to nothing outside itself; the same input gives the same bytes.
 */
export function renderReport(input: ReportInput): string {
  const { evaluation, memory, contention, plans, command, predict, version, explorer } = input;
  const sentence = restoreSentence(plans);
  const lead = html`${restoreHero(plans)}<ul class="whom">
<li>You run containers: ${prose(`you need ${CURE} if IDs of timers are high.`)} <a href="#restore">What each pair does</a></li>
<li>You work on the kernel: <a href="#locks">lock hold and wait</a>, <a href="#published">the table published in 2025</a></li>
<li>You write JavaScript: <a href="#packages">the same structures as packages</a></li>
</ul>
`;
  return page(
    { title: TITLE, sentence, description: sentence, lead },
    [
      ...verdictSection(verdict(input), input.situations),
      restoreSection(plans),
      ...evaluationSections(evaluation, memory, contention),
      publishedSection(predict),
      packagesSection(evaluation),
      methodSection(evaluation),
    ],
    footer(command, version, explorer),
  );
}

/** The answer for each situation, where the run can give it. */
function verdictSection(answer: Verdict | null, situations: readonly Situation[]): Section[] {
  if (answer === null) return [];
  const [first, ...others] = answer.sentences;
  const items = others.map((sentence) => html`<li>${prose(sentence)}</li>\n`);
  return [
    {
      id: 'verdict',
      short: 'Verdict',
      question: VERDICT_QUESTION,
      answer: first!,
      body: html`${designKey(RIVALS)}${figure(situationsChart(situations, answer.table))}<p class="note">${prose(answer.table.reading)}</p>
<ul class="plain">${items}</ul>\n`,
    },
  ];
}

/** Dots: a lookup of each rival by situation, with the verdict. */
function situationsChart(situations: readonly Situation[], { columns, rows }: Verdict['table']): Figure {
  const chart = dotChart({
    id: 'situations',
    title: 'One lookup by situation; is the tree faster than what 6.14 had, and than what 6.15 ships?',
    description: `${situations.length} situations; times of ${RIVALS.join(', ')} by a machine model.`,
    unit: 'time of a lookup (model)',
    rows: situations.map(({ name, ns }, i) => {
      const [old, today] = rows[i]!.slice(-2);
      return {
        label: name,
        note: `${old} than 6.14, ${today} than 6.15`.replaceAll('tie than', 'a tie with'),
        dots: RIVALS.map((rival) => ({ key: rival, look: designLook(rival), seconds: ns[rival] / 1e9 })),
      };
    }),
    room: [300, 230],
  });
  return { ...chart, data: { columns, rows } };
}
