// Running text for a terminal.
import { columnsOf, isBounded, proseWidthOf, type Screen } from './screen.ts';
import { keepUnits } from './units.ts';

/**
 * Breaks a text at spaces so that its lines fit the screen. A word is never broken.
 *
 * @param first What the first line begins with. @param others What each line after it begins with, as wide or wider.
 */
export function paragraph(text: string, screen: Screen, first = '', others: string = first): string {
  const lines = wrapped(keepUnits(text), proseWidthOf(screen) - columnsOf(others));
  return lines.map((line, at) => `${at === 0 ? first : others}${line}\n`.replaceAll('\u00a0', ' ')).join('');
}

/** A paragraph that stands to the right, its later lines more so. */
export function hanging(text: string, screen: Screen): string {
  return paragraph(text, screen, '  ', '    ');
}

/** A line that goes on below itself where a screen is too narrow for it, and is one line in a file. */
export function line(text: string, screen: Screen, first = '', others = `${first}  `): string {
  return isBounded(screen) ? paragraph(text, screen, first, others) : `${first}${text}\n`;
}

/** Breaks a text at spaces into lines of so many columns; a word that is longer has a line of its own. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let [line, columns] = ['', 0];
  for (const word of text.split(/[ \n]+/)) {
    const more = columnsOf(word);
    if (columns > 0 && columns + 1 + more > width) {
      lines.push(line);
      [line, columns] = [word, more];
    } else {
      [line, columns] = columns === 0 ? [word, more] : [`${line} ${word}`, columns + 1 + more];
    }
  }
  return [...lines, line];
}
