// The option that a mistyped one may mean.

/** Returns the known keys with the fewest typos, at most one for every three letters; [] if none is so near. */
export function nearestKeys(key: string, known: readonly string[]): string[] {
  const most = Math.max(1, Math.floor(key.length / 3));
  const near = known.map((one) => ({ one, typos: typos(one.toLowerCase(), key.toLowerCase(), most) }));
  const least = Math.min(...near.map(({ typos }) => typos));
  return least > most ? [] : near.filter(({ typos }) => typos === least).map(({ one }) => one);
}

/** Counts the letters to insert, delete or replace to make one word of another; Infinity if their lengths differ by more than `most`. */
function typos(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) > most) return Number.POSITIVE_INFINITY;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 0; i < one.length; i++) {
    const next = [i + 1];
    for (let j = 0; j < other.length; j++) {
      next.push(Math.min(row[j + 1]! + 1, next[j]! + 1, row[j]! + Number(one[i] !== other[j])));
    }
    row = next;
  }
  return row[other.length]!;
}
