// JSON documents: values are changed, dropped, doubled, nested, spliced; what comes out is JSON again.
import { anyNumber } from '../bytes.ts';
import type { Draw, Structure } from '../target.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** Changes a value of a document, at any depth. */
export const json: Structure = (input, draw) => {
  const value = parsed(input);
  if (value === undefined) return undefined;
  return new TextEncoder().encode(JSON.stringify(changed(value, draw)));
};

/** JSON one document to a line, as journals are. */
export const jsonLines: Structure = (input, draw) => {
  const lines = new TextDecoder().decode(input).split('\n');
  const at = draw.random.below(lines.length);
  const line = json(new TextEncoder().encode(lines[at]), draw);
  if (line === undefined) return undefined;
  lines[at] = new TextDecoder().decode(line);
  return new TextEncoder().encode(lines.join('\n'));
};

function parsed(bytes: Uint8Array): Json | undefined {
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Json;
  } catch {
    return undefined;
  }
}

function changed(value: Json, draw: Draw): Json {
  const { random } = draw;
  const isInner = typeof value === 'object' && value !== null && Object.keys(value).length > 0;
  if (!isInner || random.chance(0.08)) return otherValue(value, draw);
  return Array.isArray(value) ? changedList(value, draw) : changedObject(value as { [key: string]: Json }, draw);
}

function changedList(list: Json[], draw: Draw): Json[] {
  const { random } = draw;
  const result = [...list];
  const at = random.below(list.length);
  const kind = random.below(8);
  if (kind === 0) result.splice(at, 1);
  else if (kind === 1) result.splice(random.below(list.length + 1), 0, list[at]!);
  else result[at] = changed(list[at]!, draw);
  return result;
}

function changedObject(object: { [key: string]: Json }, draw: Draw): Json {
  const { random, words } = draw;
  const entries = Object.entries(object);
  const at = random.below(entries.length);
  const [key, value] = entries[at]!;
  const kind = random.below(12);
  if (kind === 0) entries.splice(at, 1);
  else if (kind === 1 && words.texts.length > 0) entries[at] = [random.pick(words.texts), value];
  else if (kind === 2 && words.texts.length > 0) entries.push([random.pick(words.texts), otherValue(value, draw)]);
  else if (kind === 3) entries[at] = [key, random.pick(entries)[1]];
  else if (kind === 4) entries.push(...Object.entries(anObjectOf(draw)));
  else entries[at] = [key, changed(value, draw)];
  return Object.fromEntries(entries);
}

/** An object of the other input. */
function anObjectOf({ other, random }: Draw): object {
  let value: Json = parsed(other) ?? {};
  while (typeof value === 'object' && value !== null && random.chance(0.6)) {
    const inner: Json[] = Object.values(value as { [key: string]: Json });
    if (inner.length === 0) break;
    value = random.pick<Json>(inner);
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}

function otherValue(value: Json, draw: Draw): Json {
  const { random, words } = draw;
  switch (random.below(10)) {
    case 0:
      return null;
    case 1:
      return random.chance(0.5);
    case 2:
      return [value];
    case 3:
      return { [words.texts.length > 0 ? random.pick(words.texts) : 'key']: value };
    case 4:
      return typeof value === 'string' ? Number(value) || 0 : JSON.stringify(value);
    case 5:
      return words.texts.length > 0 ? random.pick(words.texts) : '';
    case 6:
      return random.pick<Json>([
        -0,
        0.5,
        -1,
        1e308,
        -1e21,
        2 ** 53,
        2 ** 53 + 2,
        1e-7,
        '',
        [],
        {},
        '\u0000\u001b[31m',
        '__proto__',
      ]);
    default:
      return typeof value === 'number' && random.chance(0.5) ? value + random.between(-2, 2) : anyNumber(draw);
  }
}
