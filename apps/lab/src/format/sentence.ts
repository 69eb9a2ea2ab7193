// Sentences put together from parts, some of which are not ours.

/** Ends a text with a full stop, unless it ends with a mark of its own, as lines that CRIU prints may. */
export function ended(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

export function capital(text: string): string {
  return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}`;
}

/** 'a', 'a and b', 'a, b and c' */
export function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
