// Claims with their verdicts, for a terminal.

import type { Terminal } from '../cli/terminal.ts';
import { definitions } from '../format/definitions.ts';
import { exhibitText, heading } from '../format/exhibit-text.ts';
import { paragraph } from '../format/paragraph.ts';
import { verdictCounts, verdictOf, verdictsExhibit } from './claims-exhibits.ts';
import type { ClaimResult } from './run-claims.ts';

/** Shows the verdicts on claims in a table; of one, or where asked for, writes out what was measured. */
export function claimsText(results: readonly ClaimResult[], terminal: Terminal, isLong = false): string {
  const [only] = results;
  if (results.length === 1) return claimText(only!, terminal);
  return [
    exhibitText(verdictsExhibit(results), terminal),
    paragraph(`${verdictCounts(results)}${isLong ? '' : ' --long shows what was measured for each.'}`, terminal),
    ...(isLong ? results.map((result) => claimText(result, terminal)) : []),
  ].join('\n');
}

function claimText(result: ClaimResult, terminal: Terminal): string {
  const { id, claim, source, text, command } = result;
  return `${heading(`${id}  ${claim}`, terminal)}\n${definitions(
    [
      ['source', source],
      ['measured', text],
      ['verdict', verdictOf(result)],
    ],
    terminal,
  )}  command   ${command}\n`;
}
