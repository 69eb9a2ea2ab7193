// The report on claims: a table of the verdicts, and each claim with what was measured, to be linked by its number.
import { footer } from '../format/footer.ts';
import { type Html, html, prose } from '../format/html.ts';
import { page } from '../format/page.ts';
import { verdictCounts, WHICH } from './claims-exhibits.ts';
import type { ClaimResult } from './run-claims.ts';

/** What a badge has; the condition follows it. */
const BADGES: Readonly<Record<ClaimResult['verdict'], readonly [mark: string, words: string]>> = {
  holds: ['✓', 'holds'],
  'holds only if': ['◐', 'holds only if'],
  no: ['○', 'here: no'],
  'does not hold': ['✗', 'does not hold'],
};

/** Builds the page. @param command The command line that makes it again. */
export function renderClaims(results: readonly ClaimResult[], command: string): string {
  const counts = verdictCounts(results);
  const links = results.map(({ id, verdict }) => html`<li><a href="#${id}">${id}</a> ${BADGES[verdict][0]}</li>`);
  const lead = html`<p class="lead">${prose(counts)}</p>
<p class="facts">${prose(WHICH)}</p>
<p class="facts">${Object.values(BADGES)
    .map((badge) => badge.join(' '))
    .join(' · ')}</p>
<ul class="legend">${links}</ul>
`;
  const section = {
    id: 'verdicts',
    short: 'Verdicts',
    question: 'Which claims hold, and what does that rest on?',
    answer:
      'Each verdict was computed from what was measured in this run. Counts are exact. Times marked (model) come from the machine model, others from stated rates.',
    body: html`${results.map(claimItem)}`,
  };
  return page(
    { title: 'What of the claims about timer IDs is true?', description: counts, lead },
    [section],
    footer(command),
  );
}

function claimItem(result: ClaimResult): Html {
  const { id, claim, text, source, command, verdict, condition } = result;
  return html`<article class="claim" id="${id}">
<h3><a href="#${id}">${id}</a> ${prose(claim)}</h3>
<p><span class="badge">${BADGES[verdict].join(' ')}</span> ${prose(condition ?? '')}</p>
<p>${prose(text)}</p>
<p class="facts">${prose(source)}. Again: <code>${command}</code></p>
</article>
`;
}
