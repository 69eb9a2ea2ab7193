// Finds the known words that a mistyped one may mean.

const MOST_TYPOS = 3;

/**
 * Finds the known words that a mistyped one may mean, capitals or not: those with the fewest typos, at most one for every three letters and three in all.
 *
 * @returns [] if none is so near.
 */
export function nearestWords<Word extends string>(word: string, known: readonly Word[]): Word[] {
  const most = Math.min(MOST_TYPOS, Math.max(1, Math.floor(word.length / 3)));
  const least = Math.min(...known.map((one) => distance(one, word)));
  return least <= most ? known.filter((one) => distance(one, word) === least) : [];
}

/** Counts the letters to insert, delete or replace to make one word of another (Levenshtein); long words are far from all. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MOST_TYPOS) return Number.POSITIVE_INFINITY;
  const [one, other] = [a.toLowerCase(), b.toLowerCase()];
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...one].entries()) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j++) {
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + Number(other[j] !== letter)));
    }
    row = next;
  }
  return row[other.length]!;
}

/** Says which known words a mistyped one may mean: " (did you mean 'dense'?)"; empty if none is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearestWords(word, known).map((one) => `'${one}'`);
  return near.length === 0 ? '' : ` (did you mean ${near.join(' or ')}?)`;
}
