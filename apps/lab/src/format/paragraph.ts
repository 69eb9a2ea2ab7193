// Running text for a terminal.
import { keepUnits } from './units.ts';

const WIDTH = 100; // columns

/** Breaks a text at spaces so that no line is wider than 100 columns or as told, words longer than that apart. */
export function paragraph(text: string, width: number = WIDTH): string {
  const lines: string[] = [];
  let line = '';
  for (const word of keepUnits(text).split(/[ \n]+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return `${[...lines, line].join('\n')}\n`.replaceAll('\u00a0', ' ');
}
