// Sentences put together from parts, some of which are not ours.
import { count } from './number.ts';

/** Ends a text with a full stop, unless it ends with a mark of its own, as lines that CRIU prints may. */
export function ended(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

export function capital(text: string): string {
  return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}`;
}

/** What is said of the first of many, and what `more` says of how many are left, if any. */
export function firstOf<Item>(
  items: readonly Item[],
  most: number,
  said: (item: Item) => string,
  more: (left: number) => string,
): string[] {
  const left = items.length - most;
  return [...items.slice(0, most).map(said), ...(left > 0 ? [more(left)] : [])];
}

/** 'a, b', or 'a, b and 5 more'. */
export function firstNames(names: readonly string[], most: number): string {
  const left = names.length - most;
  return `${names.slice(0, most).join(', ')}${left > 0 ? ` and ${count(left)} more` : ''}`;
}

/** 'a', 'a and b', 'a, b and c' */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
