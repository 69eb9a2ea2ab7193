// What was found out of this machine: the file of a target, and what could not be seen, in words.

import { paragraph } from '../format/paragraph.ts';
import { printable } from '../format/printable.ts';
import type { Screen } from '../format/screen.ts';
import type { TargetFacts } from './facts-here.ts';
import { TARGET_KEYS } from './target-text.ts';

/** The file of a target, with two keys more: why others are missing, and what is taken for granted. */
export function factsJson({ target, unseen, assumed }: TargetFacts): string {
  const { taken, ...rest } = target;
  const document = { format: 'idspace-target', version: 1, ...rest, unseen, assumed };
  const text = JSON.stringify(document, null, 2);
  if (taken === undefined) return `${text}\n`;
  // A number a line: there are many.
  const lines = taken.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n');
  return `${text.slice(0, -2)},\n  "taken": [${lines === '' ? '' : `\n${lines}\n  `}]\n}\n`;
}

/** Says what could not be seen; a key that only the call of CRIU decides is not meant. */
export function unseenText({ target, unseen }: TargetFacts, screen: Screen): string {
  const reasons = new Map<string, string[]>();
  for (const { key, why } of unseen) reasons.set(why, [...(reasons.get(why) ?? []), TARGET_KEYS[key][0]]);
  const lines = [...reasons].map(([why, names]) =>
    paragraph(`${names.join('; ')}: ${printable(why)}`, screen, '- ', '  '),
  );
  const known = Object.keys(target).length;
  return `${known} of ${Object.keys(TARGET_KEYS).length} things are known of this machine.${lines.length === 0 ? '' : ' Not known:'}\n${lines.join('')}`;
}

/** Closes the text of a plan for this machine. */
export const LOOKED =
  'The target is this machine, as it was when the plan was made (`idspace probe --facts` prints what was seen): numbers in use change.';
