// Values in errors.

const LONGEST = 60; // characters of a string

const MOST_MEMBERS = 8; // of an object

/** Shows a value in one short line: `5n`, `'text'`, `[Array]`, `{ op: 'create', timer: [Object] }`. */
export function shown(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return quoted(value);
    case 'bigint':
      return `${value}n`;
    case 'number':
      return Object.is(value, -0) ? '-0' : String(value);
    case 'function':
      return `[Function: ${value.name || 'anonymous'}]`;
    case 'object':
      return value === null ? 'null' : shownObject(value);
    default:
      return String(value); // undefined, a boolean, a symbol
  }
}

function quoted(text: string): string {
  const rest = text.length - LONGEST;
  const start = JSON.stringify(rest > 0 ? text.slice(0, LONGEST) : text).slice(1, -1);
  return `'${start.replaceAll('\\"', '"').replaceAll("'", "\\'")}'${rest > 0 ? `... ${rest} more characters` : ''}`;
}

function shownObject(value: object): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : '[Array]';
  const name = (Object.getPrototypeOf(value) as object | null)?.constructor.name ?? 'Object: null prototype';
  const members = Object.entries(value);
  if (name !== 'Object' || members.length > MOST_MEMBERS) return `[${name}]`;
  const inner = members.map(
    ([key, one]) => `${key}: ${isFilled(one) ? `[${Array.isArray(one) ? 'Array' : 'Object'}]` : shown(one)}`,
  );
  return inner.length === 0 ? '{}' : `{ ${inner.join(', ')} }`;
}

function isFilled(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}
