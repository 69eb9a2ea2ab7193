// The signs of outcomes on a terminal: how it ends is seen before it is read.
import type { Mark } from './exhibit.ts';
import { paragraph } from './paragraph.ts';
import { hasMarks, type Screen, toned } from './screen.ts';

/** By how a cell or a sentence begins; the first that fits. */
const MARKS: readonly (readonly [begins: RegExp, mark: Mark])[] = [
  [/^(holds only|holds, except|may fail|depends)\b/i, { sign: '?', tone: 'yellow' }],
  [/^(ok|holds|will restore|faster)\b/i, { sign: '✓', tone: 'green' }],
  [/^(hangs|will never end)\b/i, { sign: '∞', tone: 'red' }],
  [
    /^(fails|exceeds-limit|limit|will fail|no start|does not hold|here: no|not read|slower|nowhere)\b/i,
    { sign: '✗', tone: 'red' },
  ],
];

/** The mark of an outcome, a verdict or a sentence that begins with one; null for anything else. */
export function outcomeMark(text: string): Mark | null {
  return MARKS.find(([begins]) => begins.test(text))?.[1] ?? null;
}

/** Draws a paragraph that begins with how something ends, with its sign, and these words in its colour. */
export function verdictParagraph(text: string, screen: Screen): string {
  const found = MARKS.find(([begins]) => begins.test(text));
  if (found === undefined || !hasMarks(screen)) return paragraph(text, screen);
  const [begins, { sign, tone }] = found;
  const head = `${sign} ${begins.exec(text)![0]}`;
  return toned(head, tone, screen) + paragraph(`${sign} ${text}`, screen).slice(head.length);
}
