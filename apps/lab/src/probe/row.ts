// A line of `probe`'s text: a label and what is known.
import { paragraph } from '../format/paragraph.ts';
import type { Screen } from '../format/screen.ts';

const LABEL = 19; // columns

/** A label and a text that goes on below itself. */
export function row(label: string, text: string, screen: Screen): string {
  return paragraph(text, screen, label.padEnd(LABEL), ' '.repeat(LABEL));
}
