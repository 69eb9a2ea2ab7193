// What `sweep` and `merge` print: the same for one run and for shards merged.

import type { Terminal } from '../cli/terminal.ts';
import { exhibitText } from '../format/exhibit-text.ts';
import { paragraph } from '../format/paragraph.ts';
import { documentText, type SweepDocument } from './sweep-document.ts';
import { sweepExhibits, sweepLine } from './sweep-exhibits.ts';

/** Prints a document, as JSON or summed up. */
export function printSweep(document: SweepDocument, json: boolean | undefined, terminal: Terminal): void {
  if (json === true) for (const piece of documentText(document)) terminal.out.write(piece);
  else terminal.out.write(sweepText(document, terminal));
}

function sweepText(document: SweepDocument, terminal: Terminal): string {
  const facts = paragraph(sweepLine(document), terminal);
  if (document.shard !== null) return `${facts}Merge all shards to compare: idspace merge SHARD.json…\n`;
  return [facts, ...sweepExhibits(document).map((exhibit) => exhibitText(exhibit, terminal))].join('\n');
}
