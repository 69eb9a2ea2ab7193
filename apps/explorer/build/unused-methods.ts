// unusedMethods: leaves out methods of classes that nothing in the page names. Bundlers leave out functions, but keep a class whole.
import { type Plugin, parseAst } from 'vite';

/** Modules whose methods code that is pasted into the page calls: they stand in for typed arrays. */
const CALLED_FROM_OUTSIDE = /packages\/mem-trace\//;
/** Names that the language and browsers call. */
const PROTOCOL = ['next', 'return', 'throw', 'then', 'toString', 'toJSON', 'valueOf', 'handleEvent'];

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
}

/** Where names of properties stand: behind a dot, and in objects and patterns. Strings may become some. */
interface Parts {
  property: { name?: string };
  key: { name?: string };
  computed: boolean;
  value: unknown;
}

/** A method, and the names that stand in it. */
interface Method {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly names: Set<string>;
}

/**
 * Leaves out each method whose name is used nowhere but in methods that are left out themselves.
 *
 * Every property and string of the page counts as a use, whatever it belongs to; a variable of that name does not. Names that are made up at run time would
 * not: the packages have none.
 */
export function unusedMethods(): Plugin {
  return {
    name: 'unused-methods',
    apply: 'build',
    renderChunk(code) {
      const regions = regionsOf(code);
      const mayGo = ({ start }: Node): boolean => {
        const path = regions.findLast((region) => region.start <= start)?.path ?? '';
        return /packages\/|@bufbuild|@streamparser/.test(path) && !CALLED_FROM_OUTSIDE.test(path);
      };
      const dead = deadMethods(parseAst(code) as unknown as Node, mayGo);
      if (dead.length === 0)
        throw new Error('unused-methods: got none; expected some, below the paths of their modules');
      const kept: string[] = [];
      let at = 0;
      for (const { start, end } of dead.sort((one, other) => one.start - other.start)) {
        kept.push(code.slice(at, start));
        at = end;
      }
      return { code: kept.join('') + code.slice(at), map: null };
    },
  };
}

/** Where the code of each module begins: the bundler writes its path above it. */
function regionsOf(code: string): { start: number; path: string }[] {
  return [...code.matchAll(/^\/\/ (\S+\.\w+)$/gm)].map(({ 1: path, index }) => ({ start: index, path: path! }));
}

function deadMethods(program: Node, mayGo: (method: Node) => boolean): Method[] {
  const methods: Method[] = [];
  const used = new Set(PROTOCOL);
  collect(program, used, (node, name) => {
    if (!mayGo(node)) return undefined;
    const method = { name, start: node.start, end: node.end, names: new Set<string>() };
    methods.push(method);
    return method.names;
  });
  let dead = methods;
  for (;;) {
    const alive = dead.filter(({ name }) => used.has(name));
    if (alive.length === 0) break;
    dead = dead.filter(({ name }) => !used.has(name));
    for (const { names } of alive) for (const name of names) used.add(name);
  }
  return dead;
}

/** Puts the names that stand in a node into a set; those of a method into its own, if it gets one. */
function collect(node: Node, names: Set<string>, own: (method: Node, name: string) => Set<string> | undefined): void {
  if (node.type === 'MethodDefinition') {
    const { key, computed, kind, value } = node as Node & {
      key: Node & { name?: string };
      computed: boolean;
      kind: string;
      value: Node;
    };
    if (!computed && kind !== 'constructor' && key.name !== undefined) {
      const inside = own(node, key.name);
      if (inside !== undefined) {
        collect(value, inside, own);
        return;
      }
    }
  }
  const { type, property, key, computed, value } = node as Node & Partial<Parts>;
  if (type === 'Literal' && typeof value === 'string') names.add(value);
  const named = type === 'MemberExpression' ? property : type === 'Property' ? key : undefined;
  if (!computed && typeof named?.name === 'string') names.add(named.name);
  for (const child of Object.values(node)) {
    for (const one of Array.isArray(child) ? child : [child]) {
      if (typeof one?.type === 'string') collect(one, names, own);
    }
  }
}
