// How an array shows itself in console.log, without importing node:util.

/** Items shown before "… more", as for a Map. */
export const SHOWN = 100;

/** Writes `Name(size) { key => value, … }` like a Map's. */
export function showEntries(name: string, size: number, entries: Iterable<readonly [number, number | bigint]>): string {
  return showItems(name, size, entries, ([key, value]) => `${key} => ${showNumber(value)}`);
}

function showNumber(value: number | bigint): string {
  if (typeof value === 'bigint') return `${value}n`;
  return Object.is(value, -0) ? '-0' : String(value);
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

/** What of the options of Node's inspect is used. */
export interface ShowOptions {
  readonly maxArrayLength?: number | null | undefined;
}

/** Node's inspect. */
export type Inspect = (value: unknown, options: object) => string;

/** Shows size and values, like a Map; copies only what is shown. */
export function showValues(
  name: string,
  array: Iterable<[number, unknown]> & { readonly size: number },
  options: ShowOptions,
  inspect: Inspect,
): string {
  // One more than is shown, of which `inspect` says that there is more.
  const most = options.maxArrayLength ?? Number.POSITIVE_INFINITY;
  const some = new Map<number, unknown>();
  for (const [index, value] of array) if (some.set(index, value).size > most) break;
  const text = inspect(some, options).replace(`Map(${some.size})`, `${name}(${array.size})`);
  if (some.size <= most) return text;
  const ending = (count: number): string => `... ${count} more ${count === 1 ? 'item' : 'items'}`;
  const more = text.lastIndexOf(ending(1));
  if (more >= 0) return `${text.slice(0, more)}${ending(array.size - most)}${text.slice(more + ending(1).length)}`;
  // All items are shown, as Deno does of a Map: none is left out without a word.
  return array.size === some.size
    ? text
    : text.replace(/\s\}$/, (end) => `,${end[0] === '\n' ? '\n  ' : ' '}${ending(array.size - some.size)}${end}`);
}
