// The report on the published table and what the model predicts of it.

import type { Hardware, PredictedRow } from '@idspace/evaluation';
import { designEntries } from '../format/designs.ts';
import { designKey, figure } from '../format/figure.ts';
import { footer } from '../format/footer.ts';
import { html } from '../format/html.ts';
import { foldedExhibit, htmlEntries } from '../format/html-table.ts';
import { page } from '../format/page.ts';
import { predictionChart } from './prediction-chart.ts';
import { farthestText, predictionExhibits } from './prediction-exhibit.ts';

const WHAT =
  'In 2025 the Linux kernel’s timer table was measured in four forms. Here the same four run as data structures, every memory access is ' +
  'counted, and a model of a machine turns the counts into times. It was fitted to the first row of the table; the rest is a prediction.';

/** Builds the page. @param command The command line that makes it again. */
export function renderPrediction(rows: readonly PredictedRow[], machine: Hardware, command: string): string {
  const [priors, times, ratios, misses] = predictionExhibits(rows, machine);
  const designs = [...new Set(rows[0].cells.map(({ design }) => design))].map((design) => ({ design }));
  const lead = html`<p class="lead">${WHAT}</p>
`;
  return page(
    { title: 'Does counting cache lines predict what was measured?', description: WHAT, lead },
    [
      {
        id: 'model',
        short: 'The model',
        question: 'What does the model know before it is compared?',
        answer: priors.reading,
        body: html`${htmlEntries(designEntries(designs))}${foldedExhibit({ ...priors, reading: '' })}`,
      },
      {
        id: 'times',
        short: 'Times',
        question: 'How far are the predicted times from the published ones?',
        answer: farthestText(rows),
        body: html`<p class="note">On the dashed line they agree; within the band they are less than twice apart. Bars are what the model’s stated uncertainties leave open. Hollow marks belong to the row that the model was fitted to.</p>
${designKey(designs.map(({ design }) => design))}<div class="charts">
${figure(predictionChart(rows, 'create'))}${figure(predictionChart(rows, 'getoverrun'))}</div>
${foldedExhibit(times)}`,
      },
      {
        id: 'ratios',
        short: 'Ratios',
        question: 'Which design is faster, and how much?',
        answer: ratios.reading,
        body: foldedExhibit({ ...ratios, reading: '' }),
      },
      {
        id: 'misses',
        short: 'What is wrong',
        question: 'What does it get wrong?',
        answer: misses.reading,
        body: foldedExhibit({ ...misses, reading: '' }),
      },
    ],
    footer(command),
  );
}
