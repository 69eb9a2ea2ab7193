// Claims with their verdicts, for a terminal.

import type { Terminal } from '../cli/terminal.ts';
import { definitions } from '../format/definitions.ts';
import { exhibitText, heading } from '../format/exhibit-text.ts';
import { paragraph } from '../format/paragraph.ts';
import { verdictCounts, verdictOf, verdictsExhibit } from './claims-exhibits.ts';
import type { ClaimResult } from './run-claims.ts';

/** Writes out each claim, and after several a table of the verdicts. */
export function claimsText(results: readonly ClaimResult[], terminal: Terminal): string {
  const blocks = results.map((result) => claimText(result, terminal));
  if (results.length === 1) return blocks[0];
  return [...blocks, exhibitText(verdictsExhibit(results), terminal), paragraph(verdictCounts(results), terminal)].join(
    '\n',
  );
}

function claimText(result: ClaimResult, terminal: Terminal): string {
  const { id, claim, source, text, command } = result;
  return `${heading(`${id}  ${claim}`, terminal)}\n${definitions(
    [
      ['source', source],
      ['measured', text],
      ['verdict', verdictOf(result)],
      ['command', command],
    ],
    terminal,
  )}`;
}
