// What users can call: the classes and functions that packages publish, with the parameters of their calls, read from the
// declarations as they were built. These are written by one tool in one form: a member a line, indented by a tab.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { entryPoints, type Package } from './workspace.ts';

/** One parameter, as declared. */
export interface Parameter {
  name: string;
  type: string;
  /** Names of the properties that are numbers, if it is an object of options. */
  numbers: string[];
}

/** A method, a static one, a constructor ('new') or a function. */
export interface Call {
  name: string;
  parameters: Parameter[];
}

/** Something published that can be called. */
export interface Callable {
  /** Where it is imported from. */
  specifier: string;
  name: string;
  calls: Call[];
}

/** Reads what packages publish; error classes are left out, as users make none. */
export function publicApi(packages: readonly Package[]): Callable[] {
  return packages.flatMap((pkg) =>
    entryPoints(pkg).flatMap(({ specifier, built }) => {
      const entry = join(pkg.path, built.replace(/\.js$/, '.d.ts'));
      return [...namesFrom(entry, true)].flatMap(([name, file]) => {
        const calls = callsOf(name, file);
        return calls === undefined || name.endsWith('Error') ? [] : [{ specifier, name, calls }];
      });
    }),
  );
}

/** Every name that a file exports or imports, with the file that declares it; only what is there when a program runs, if so asked. */
function namesFrom(file: string, valuesOnly = false): Map<string, string> {
  const names = new Map<string, string>();
  const text = textOf(file);
  for (const [, type, list, from] of text.matchAll(/^(?:export|import) (type )?\{([^}]*)\} from "([^"]+)";/gm)) {
    const target = resolve(dirname(file), from!.replace(/\.js$/, '.d.ts'));
    for (const item of list!.split(',')) {
      if (!from!.startsWith('.') || (valuesOnly && (type !== undefined || item.trim().startsWith('type ')))) continue;
      names.set(item.replace('type ', '').trim(), target);
    }
  }
  return names;
}

/** The calls of what a file declares under a name; undefined if it cannot be called. */
function callsOf(name: string, file: string): Call[] | undefined {
  const text = textOf(file);
  const declared = [...text.matchAll(new RegExp(`^export declare function ${name}\\b(?:<[^(]*>)?\\(`, 'gm'))];
  if (declared.length > 0) return merged(declared.map((at) => readCall(name, text, at.index + at[0].length, file)));
  const head = new RegExp(`^export declare (?:abstract )?class ${name}\\b[^{]*\\{`, 'm').exec(text);
  if (head === null) {
    const elsewhere = namesFrom(file).get(name);
    return elsewhere === undefined ? undefined : callsOf(name, elsewhere);
  }
  const start = head.index + head[0].length;
  const body = text.slice(start, text.indexOf('\n}', start));
  const own = [...body.matchAll(/^\t(?:static )?(?:abstract )?(\w+)(?:<[^(]*>)?\(/gm)].map((at) =>
    readCall(at[1] === 'constructor' ? 'new' : at[1]!, body, at.index + at[0].length, file),
  );
  const [, base] = /\bextends (\w+)/.exec(head[0]) ?? [];
  const baseFile = base === undefined ? undefined : (namesFrom(file).get(base) ?? file);
  const inherited = baseFile === undefined ? [] : (callsOf(base!, baseFile) ?? []);
  // A constructor or method of its own takes the place of one that is inherited.
  return merged([...inherited.filter(({ name }) => !own.some((call) => call.name === name)), ...own]);
}

/** Several signatures of a call are one with the parameters of all. */
function merged(calls: readonly Call[]): Call[] {
  const byName = new Map<string, Call>();
  for (const { name, parameters } of calls) {
    const call = byName.get(name) ?? { name, parameters: [] };
    byName.set(name, call);
    for (const parameter of parameters) {
      if (!call.parameters.some((known) => known.name === parameter.name)) call.parameters.push(parameter);
    }
  }
  return [...byName.values()];
}

/** Reads the parameters of a call, which begin at an offset. */
function readCall(name: string, text: string, from: number, file: string): Call {
  const parameters = splitList(text, from).map((declared) => {
    const [, label, type] = /^(?:\.\.\.)?(\{[^}]*\}|\w+)\??: ([\s\S]*)$/.exec(declared) ?? [];
    if (label === undefined) throw new Error(`${file}: ${name}(${declared}) is not understood`);
    return { name: label, type: type!, numbers: numbersOf(type!, file) };
  });
  return { name, parameters: parameters.filter((parameter) => parameter.name !== 'this') };
}

/** Cuts a list at the commas that are in no bracket, up to the bracket that closes it. */
function splitList(text: string, from: number): string[] {
  const items: string[] = [];
  let depth = 0;
  let start = from;
  for (let at = from; ; at++) {
    const char = text[at];
    if ('([{<'.includes(char!)) depth++;
    const closes = depth === 0 && char === ')';
    if (depth === 0 && (closes || char === ',')) {
      items.push(text.slice(start, at).trim());
      start = at + 1;
    }
    if (closes) return items.filter((item) => item !== '');
    if (')]}'.includes(char!) || (char === '>' && text[at - 1] !== '=')) depth--;
  }
}

/** Names of the properties of an interface of ours, or of a type written out, that are numbers; its ancestors' included. */
function numbersOf(type: string, file: string): string[] {
  if (type.includes('=>')) return [];
  const written = [...type.matchAll(/^\s*(\w+)\?: number;/gm)].map(([, name]) => name!);
  const names = type.match(/\b[A-Z]\w+/g) ?? [];
  return [...new Set([...written, ...names.flatMap((name) => numbersIn(name, file))])];
}

function numbersIn(name: string, file: string): string[] {
  const known = namesFrom(file).get(name);
  const text = textOf(known ?? file);
  const head = new RegExp(`^(?:export )?(?:declare )?interface ${name}\\b([^{]*)\\{`, 'm').exec(text);
  if (head === null) return known === undefined ? [] : numbersIn(name, known);
  const start = head.index + head[0].length;
  const body = text.slice(start, text.indexOf('\n}', start));
  const own = [...body.matchAll(/^\t(?:readonly )?(\w+)\??: ([^\n]*)$/gm)];
  const bases: string[] = /extends (.*)/.exec(head[1]!)?.[1]?.match(/\b\w+/g) ?? [];
  return [
    ...own.filter(([, , type]) => /\bnumber\b/.test(type!) && !type!.includes('=>')).map(([, name]) => name!),
    ...bases.flatMap((base) => numbersIn(base, known ?? file)),
  ];
}

const texts = new Map<string, string>();

/** A file's text without its comments. */
function textOf(file: string): string {
  const known = texts.get(file);
  if (known !== undefined) return known;
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  texts.set(file, text);
  return text;
}
