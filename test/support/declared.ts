// What packages publish, as text for review: the declarations of their entry points, read from what was built. One tool writes
// these in one form: a statement begins at the margin, and a member at one tab.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { entryPoints, type Package } from './workspace.ts';

/** Something declared at the top of a file. */
interface Declaration {
  /** What it is exported as, or declared as if it is not exported. */
  name: string;
  file: string;
  /** Without comments and private members; members in the order of their names. */
  text: string;
  /** Whether it is there when a program runs. */
  isValue: boolean;
}

interface Source {
  /** By name: what the file declares itself. */
  own: Map<string, string>;
  /** By name: what it takes from other files of its package, with the name there. */
  from: Map<string, { file: string; name: string; typeOnly: boolean }>;
  /** Names that it exports. */
  exported: Set<string>;
  /** Files all of whose exports it exports. */
  all: string[];
}

const STATEMENT = /^(?=(?:export|import|declare|type|interface)\b)/m;
const OWN = /^(export )?(?:declare )?(?:abstract )?(?:class|interface|type|const|function) (\w+)/;
const LIST = /^(export|import) (type )?\{([^}]*)\} from "(\.[^"]+)";/;
const ALL = /^export \* from "(\.[^"]+)";/;

const sources = new Map<string, Source>();

/** Takes a file of declarations apart. @throws Error for a statement in another form. */
function sourceOf(file: string): Source {
  const known = sources.get(file);
  if (known !== undefined) return known;
  const source: Source = { own: new Map(), from: new Map(), exported: new Set(), all: [] };
  sources.set(file, source);
  const text = readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|^\/\/.*$/gm, '');
  for (const statement of text.split(STATEMENT)) read(statement.trim(), file, source);
  return source;
}

function read(statement: string, file: string, source: Source): void {
  const target = (path: string): string => resolve(dirname(file), path.replace(/\.js$/, '.d.ts'));
  const [, exported, name] = OWN.exec(statement) ?? [];
  const list = LIST.exec(statement);
  const [, all] = ALL.exec(statement) ?? [];
  if (name !== undefined) {
    const before = source.own.get(name); // several signatures of a function
    source.own.set(name, before === undefined ? tidy(statement) : `${before}\n${tidy(statement)}`);
    if (exported) source.exported.add(name);
  } else if (list !== null) {
    for (const item of list[3]!.split(',').map((item) => item.trim())) {
      const [there = '', here = there] = item.replace(/^type /, '').split(' as ');
      const typeOnly = list[2] !== undefined || item.startsWith('type ');
      source.from.set(here, { file: target(list[4]!), name: there, typeOnly });
      if (list[1] === 'export') source.exported.add(here);
    }
  } else if (all !== undefined) source.all.push(target(all));
  // What a package adds to the language's own types is no name of its own.
  else if (!/^(import .*|export \{\};|declare global .*)?$/s.test(statement))
    throw new Error(`${file}: not understood: ${statement}`);
}

/** A declaration without blank lines and private members, its members sorted. */
function tidy(statement: string): string {
  const lines = statement.split('\n').filter((line) => line.trim() !== '');
  const shown = lines.map((line) =>
    line
      .trimEnd()
      .replace(/^(export )?declare /, '$1')
      .replace(/^\t+/, indent),
  );
  if (!/^(export )?(abstract )?(class|interface) /.test(shown[0]!) || shown.length < 3) return shown.join('\n');
  const members: string[] = [];
  for (const line of shown.slice(1, -1)) {
    if (/^ {2}[^ })\]]/.test(line)) members.push(line);
    else members[members.length - 1] += `\n${line}`;
  }
  const open = members.filter((member) => !/^ {2}(static )?private /.test(member));
  const keyed = open.map((member) => [
    member.replace(/^ +((static|protected|override|readonly|abstract|get|set) )*/, ''),
    member,
  ]);
  const nameOf = (member: string): string => /^[\w[\].]+/.exec(member)?.[0] ?? member;
  keyed.sort(([a], [b]) => compare(nameOf(a!), nameOf(b!)));
  return [shown[0], ...keyed.map(([, member]) => member), shown.at(-1)].join('\n');
}

const indent = (tabs: string): string => '  '.repeat(tabs.length);
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));

/** What a file declares, or takes from elsewhere, under a name; undefined for what is not this package's. */
function find(name: string, file: string, exportsOnly = false): Declaration | undefined {
  const source = sourceOf(file);
  const text = source.own.get(name);
  if (exportsOnly && !source.exported.has(name) && source.all.length === 0) return undefined;
  if (text !== undefined)
    return { name, file, text, isValue: /^(export )?(abstract )?(class|const|function) /.test(text) };
  const from = source.from.get(name);
  if (from !== undefined) {
    const found = find(from.name, from.file);
    return found && { ...found, name, isValue: found.isValue && !from.typeOnly };
  }
  return source.all.map((other) => find(name, other, true)).find((found) => found !== undefined);
}

function exportedNames(file: string): string[] {
  const { exported, all } = sourceOf(file);
  return [...new Set([...exported, ...all.flatMap(exportedNames)])].sort(compare);
}

/** What an entry point publishes, in the order of names. */
export function declaredBy(pkg: Package, built: string): Declaration[] {
  const file = join(pkg.path, built.replace(/\.js$/, '.d.ts'));
  return exportedNames(file).map((name) => {
    const found = find(name, file, true);
    if (found === undefined) throw new Error(`${file}: ${name} is declared nowhere`);
    return found;
  });
}

/** What declarations name that is not among them, and what that names in turn. */
function namedBy(declarations: readonly Declaration[]): Declaration[] {
  const key = ({ file, text }: Declaration): string => `${file} ${text}`;
  const known = new Set(declarations.map(key));
  const all = [...declarations];
  for (const { text, file } of all) {
    for (const name of new Set(text.replace(/"[^"]*"/g, '').match(/\b[A-Z]\w*\b/g))) {
      const found = find(name, file);
      if (found === undefined || known.has(key(found))) continue;
      known.add(key(found));
      all.push(found); // the loop goes on with it
    }
  }
  return all.slice(declarations.length).sort((a, b) => compare(a.name, b.name));
}

/** Everything that a package publishes: each signature once, with the types that signatures name without exporting them. */
export function apiReport(pkg: Package): string {
  const seen = new Map<string, string>();
  const all: Declaration[] = [];
  const sections = entryPoints(pkg).map(({ specifier, built }) => {
    const lines: string[] = [];
    const again = new Map<string, string[]>();
    for (const declaration of declaredBy(pkg, built)) {
      const key = `${declaration.file} ${declaration.name}`;
      const first = seen.get(key);
      if (first !== undefined) again.set(first, [...(again.get(first) ?? []), declaration.name]);
      else {
        const typeOnly = !declaration.isValue && /^export (abstract )?class /.test(declaration.text);
        lines.push(`${typeOnly ? '// the type alone\n' : ''}${declaration.text}`);
        seen.set(key, specifier);
        all.push(declaration);
      }
    }
    for (const [first, names] of again) lines.push(`export { ${names.join(', ')} } from '${first}';`);
    return `## ${specifier}\n\n${fenced(lines)}`;
  });
  const named = namedBy(all);
  if (named.length > 0)
    sections.push(`## Named, not exported\n\n${fenced(named.map(({ text }) => text.replace(/^export /gm, '')))}`);
  return `# What ${pkg.manifest.name} publishes\n\n${sections.join('\n\n')}\n`;
}

const fenced = (lines: readonly string[]): string => `\`\`\`ts\n${lines.join('\n')}\n\`\`\``;
