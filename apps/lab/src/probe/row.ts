// A line of `probe`'s text: a label and what is known.
import { paragraph } from '../format/paragraph.ts';

const LABEL = 19; // columns
const WIDTH = 100;

/** A label and a text that goes on below itself. */
export function row(label: string, text: string): string {
  const lines = paragraph(text, WIDTH - LABEL)
    .trimEnd()
    .split('\n');
  return lines.map((line, index) => `${(index === 0 ? label : '').padEnd(LABEL)}${line}\n`).join('');
}
