// What a traced object has that no trace sees, by name.
import { unwrap } from './recorder.ts';
import { isTypedArray } from './typed-array.ts';

/** Something that a trace does not see. */
export interface Unseen {
  /** 'object' or 'object.field'; what lies deeper has its whole path. */
  readonly name: string;
  /** What it is, and what to do where something can be done. */
  readonly why: string;
}

/** An object of a trace. */
export interface Watched {
  readonly name: string;
  readonly object: object;
  /** The fields that were taken over. */
  readonly keys: ReadonlySet<PropertyKey>;
}

/** Objects that are looked at in search of arrays. */
const MAX_OBJECTS = 10_000;

/** Lists what is not seen. @param arrays The arrays that are seen, by name. */
export function unseenOf(watched: readonly Watched[], arrays: ReadonlyMap<string, unknown>): Unseen[] {
  const search = new Search(watched);
  return watched.flatMap((one) => {
    const { name, keys } = one;
    const isEmpty = ![...keys].some((key) => arrays.has(`${name}.${String(key)}`));
    const nothing = isEmpty ? [{ name, why: 'nothing in it is a typed array' }] : [];
    return [...nothing, ...fieldsOf(one, search), ...privatesOf(one), ...closuresOf(one)];
  });
}

/** Own fields that hold something, or lead to something, that is not recorded. */
function fieldsOf({ name: owner, object, keys }: Watched, search: Search): Unseen[] {
  const found: Unseen[] = [];
  for (const key of Reflect.ownKeys(object)) {
    if (keys.has(key) || isOfFunctions(object, key)) continue;
    const name = `${owner}.${String(key)}`;
    const descriptor = Object.getOwnPropertyDescriptor(object, key)!;
    if (!('value' in descriptor)) {
      found.push({ name, why: 'a getter: what it returns is not recorded' });
      continue;
    }
    const why = whyNot(name, unwrap(descriptor.value), search);
    if (why !== undefined) found.push({ name, why });
  }
  return found;
}

function whyNot(name: string, value: unknown, search: Search): string | undefined {
  if (isTypedArray(value)) return 'a typed array that came after trace() began: trace the object again';
  if (value instanceof DataView) return 'a DataView: its reads and writes are not recorded';
  if (isBuffer(value)) return 'a buffer: arrays made of it later are not recorded';
  const path = search.pathToArray(value);
  if (path === undefined) return undefined;
  return `holds ${name}${path}: name the object that holds it as one more object of the trace`;
}

function isBuffer(value: unknown): boolean {
  return /^\[object (?:Shared)?ArrayBuffer\]$/.test(Object.prototype.toString.call(value));
}

/** Private fields of the object's classes, as their sources declare them: nothing outside the class can look at them. */
function privatesOf({ name, object }: Watched): Unseen[] {
  const names = new Set<string>();
  for (const source of classSources(object)) {
    for (const [, used] of source.matchAll(/\.#([\p{ID_Continue}$]+)/gu)) {
      const declared = new RegExp(`[;{}\\s]#${used!.replaceAll('$', '\\$')}\\s*(?:[=;}\\n])`, 'u');
      if (declared.test(source)) names.add(used!);
    }
  }
  return [...names].map((used) => ({ name: `${name}.#${used}`, why: 'a private field: only its class can see it' }));
}

/** The sources of the classes that an object is of. */
function classSources(object: object): string[] {
  const classes = new Set<unknown>(typeof object === 'function' ? [object] : []);
  for (let proto: unknown = object; typeof proto === 'object' && proto !== null; proto = Object.getPrototypeOf(proto)) {
    classes.add(Object.getOwnPropertyDescriptor(proto, 'constructor')?.value);
  }
  return [...classes].flatMap((one) => {
    const source = typeof one === 'function' ? Function.prototype.toString.call(one) : '';
    return source.startsWith('class') ? [source] : [];
  });
}

/** Own functions, as objects have them that keep their state in the variables of the function that made them. */
function closuresOf({ name, object }: Watched): Unseen[] {
  const functions = Object.entries(Object.getOwnPropertyDescriptors(object))
    .filter(([key, { value }]) => typeof value === 'function' && !isOfFunctions(object, key))
    .map(([key]) => key);
  if (functions.length === 0) return [];
  const shown = functions.length > 4 ? [...functions.slice(0, 4), '…'] : functions;
  return [{ name, why: `its functions (${shown.join(', ')}) may keep arrays in closures, which nothing can see` }];
}

/** Whether every function has this property. */
function isOfFunctions(object: object, key: PropertyKey): boolean {
  return typeof object === 'function' && ['length', 'name', 'prototype', 'arguments', 'caller'].includes(String(key));
}

/** Looks for arrays below an object. What the trace watches is passed over, and nothing is looked at twice. */
class Search {
  private readonly met: Set<unknown>;
  private left = MAX_OBJECTS;

  constructor(watched: readonly Watched[]) {
    this.met = new Set(watched.map(({ object }) => object));
  }

  /** Returns how an array is reached from a value, such as '.rows.0', or undefined. Breadth first: the shortest way. */
  pathToArray(value: unknown): string | undefined {
    const queue = [{ value, path: '' }];
    for (let at = 0; at < queue.length; at++) {
      const { value: holder, path } = queue[at]!;
      if (typeof holder !== 'object' || holder === null || this.met.has(holder) || this.left-- <= 0) continue;
      this.met.add(holder);
      for (const [key, inner] of partsOf(holder)) {
        const plain = unwrap(inner);
        if (isTypedArray(plain) || plain instanceof DataView) return `${path}${key}`;
        if (queue.length < MAX_OBJECTS) queue.push({ value: plain, path: `${path}${key}` });
      }
    }
    return undefined;
  }
}

/** The values of an object, without calling a getter. */
function* partsOf(holder: object): Generator<[path: string, value: unknown]> {
  if (holder instanceof Map)
    for (const [key, value] of holder) yield [`.get(${typeof key === 'object' ? '…' : String(key)})`, value];
  if (holder instanceof Set) for (const value of holder) yield ['.values()', value];
  for (const key of Reflect.ownKeys(holder)) {
    const descriptor = Object.getOwnPropertyDescriptor(holder, key);
    if (descriptor !== undefined && 'value' in descriptor) yield [`.${String(key)}`, descriptor.value];
  }
}
