// The table that the kernel series of 2025 came with: measured, not modelled.
import { PUBLISHED, PUBLISHED_DESIGNS, PUBLISHED_SOURCE, type PublishedOperation } from '@idspace/evaluation';
import { designLook } from '../format/colours.ts';
import { dotChart } from '../format/dot-chart.ts';
import { designKey, figure } from '../format/figure.ts';
import { html, prose } from '../format/html.ts';
import { count, duration } from '../format/number.ts';
import type { Section } from '../format/page.ts';
import { listed } from '../format/sentence.ts';

const DESIGNS = Object.entries(PUBLISHED_DESIGNS) as [keyof typeof PUBLISHED_DESIGNS, string][];
const OPERATIONS: readonly PublishedOperation[] = ['create', 'getoverrun'];

/** Builds the section. @param again The command that predicts the table. */
export function publishedSection(again: string): Section {
  const last = PUBLISHED.at(-1)!;
  const creates = DESIGNS.map(
    ([design, called]) => `${duration(last.ms.create[design] / 1e3)} in ${design} (called ${called})`,
  );
  const rows = OPERATIONS.flatMap((operation) =>
    PUBLISHED.map(({ threads, timers, ms }) => ({
      label: `${operation}: ${threads} × ${count(timers)}`,
      dots: DESIGNS.map(([key]) => ({ key, look: designLook(key), seconds: ms[operation][key] / 1e3 })),
    })),
  );
  const chart = dotChart({
    id: 'published-times',
    title: 'Published times, all operations of a thread; threads × timers of each',
    description: 'Four designs in a row each, on a logarithmic axis.',
    unit: 'time, measured',
    rows,
    room: [180, 20],
  });
  return {
    id: 'published',
    short: 'Published table',
    question: 'What was measured in the kernel?',
    answer: `In 2025, ${last.threads} threads that created ${count(last.timers)} timers each took ${listed(creates)}.`,
    body: html`${designKey(DESIGNS.map(([design]) => design))}${figure(chart)}<p class="facts">${prose(PUBLISHED_SOURCE)}. What the model predicts of it: <code>${again}</code></p>
`,
  };
}
