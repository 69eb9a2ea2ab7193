// How an array shows itself in console.log, without importing node:util.

/** Items shown before "… more", as for a Map. */
export const SHOWN = 100;

/** Writes `Name(size) { key => value, … }` like a Map's; a value that is not a number is shown by its type. */
export function showEntries(name: string, size: number, entries: Iterable<readonly [number, unknown]>): string {
  return showItems(name, size, entries, ([key, value]) => `${key} => ${value}`);
}

/** Writes `Name(size) { item, … }` like a Set's. */
export function showItems<T>(
  name: string,
  size: number,
  items: Iterable<T>,
  show: (item: T) => string = String,
): string {
  const shown: string[] = [];
  for (const item of items) {
    if (shown.length === SHOWN) {
      shown.push(`... ${Math.max(size - SHOWN, 1)} more`);
      break;
    }
    shown.push(show(item));
  }
  return `${name}(${size}) {${shown.length === 0 ? '' : ` ${shown.join(', ')} `}}`;
}
