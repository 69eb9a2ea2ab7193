// The one way to a terminal for text that is not ours.

/**
 * Characters that do something instead of being seen: controls (C0, DEL, C1: escape sequences begin with them), marks that reorder or
 * hide the text around them (bidi, zero width, tags, fillers), separators that break a line, and halves of a surrogate pair.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Makes a foreign text safe to stand within a line: a name from an archive, a path, a line of a log, the value of a flag.
 *
 * Each character that would not be seen becomes its JSON escape: a name `a⟨ESC⟩[2J` is shown as `a\u001b[2J`. Line breaks and tabs are among them.
 * @param most Characters that are shown; of a longer text the end is left out, and '…' stands for it.
 */
export function printable(text: string, most: number = Number.POSITIVE_INFINITY): string {
  if (text.length > most) return `${printable(text.slice(0, most - 1))}…`;
  return text.replace(UNSEEN, escaped);
}

/**
 * Makes a whole output safe, line breaks and tabs apart. JSON stays the JSON of the same value.
 *
 * This stands between every command and the terminal, whatever the command forgets; `printable` does the same before a foreign text is laid
 * out, so that columns fit and a name cannot pretend to be a line of ours.
 */
export function printableLines(text: string): string {
  return text.replace(UNSEEN, (character) =>
    character === '\n' || character === '\t' ? character : escaped(character),
  );
}

/** 'U+202E' → '\u202e'; two escapes above U+FFFF, as in JSON. */
function escaped(character: string): string {
  return character.replace(/[\s\S]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
