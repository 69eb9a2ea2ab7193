// The report on claims.

import { footer } from '../format/footer.ts';
import { html, prose } from '../format/html.ts';
import { htmlExhibit } from '../format/html-table.ts';
import { page } from '../format/page.ts';
import { measuredExhibit, verdictCounts, verdictsExhibit } from './claims-exhibits.ts';
import type { ClaimResult } from './run-claims.ts';

/** Builds the page. @param command The command line that makes it again. */
export function renderClaims(results: readonly ClaimResult[], command: string): string {
  const lead = html`<p class="lead">${prose(verdictCounts(results))}</p>\n`;
  return page(
    'What of the claims about timer IDs is true?',
    lead,
    [
      {
        id: 'verdicts',
        short: 'Verdicts',
        question: 'Which claims hold?',
        body: htmlExhibit(verdictsExhibit(results)),
      },
      {
        id: 'measured',
        short: 'Measured',
        question: 'What does that rest on?',
        body: htmlExhibit(measuredExhibit(results)),
      },
    ],
    footer(command),
  );
}
