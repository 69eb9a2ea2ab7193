// How an array shows itself in console.log, without importing node:util.

/** Entries shown before "… more", as for a Map. */
const SHOWN = 100;

/** Writes `Name(size) { key => value, … }` like a Map's. */
export function showEntries(name: string, size: number, entries: Iterable<readonly [number, number]>): string {
  const shown: string[] = [];
  for (const [key, value] of entries) {
    if (shown.length === SHOWN) {
      shown.push(`... ${size - SHOWN} more`);
      break;
    }
    shown.push(`${key} => ${value}`);
  }
  return `${name}(${size}) {${shown.length === 0 ? '' : ` ${shown.join(', ')} `}}`;
}
