// Small wrong changes of a source text, all in one text: each is switched on by its number.
import { createHash } from 'node:crypto';
import { parseSync } from 'oxc-parser';

/** One change of one place. */
export interface Mutant {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** The line as it is in the source, without its indentation. */
  readonly text: string;
  /** What is there, and what is put in its place. */
  readonly change: string;
}

interface Found extends Mutant {
  readonly start: number;
  readonly end: number;
  /** What is written in the place of the expression or statement. */
  readonly code: string;
  readonly kind: 'expression' | 'statement' | 'body';
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

type Kind = 'line' | 'gut';

const OPERATORS: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '**': ['*'],
  '<<': ['>>>'],
  '>>': ['<<'],
  '>>>': ['<<'],
  '&': ['|'],
  '|': ['&'],
  '^': ['&'],
  '&&': ['||'],
  '||': ['&&'],
  '??': ['&&'],
  '+=': ['-='],
  '-=': ['+='],
  '*=': ['/='],
  '<<=': ['>>>='],
  '>>>=': ['<<='],
  '|=': ['&='],
  '&=': ['|='],
  '^=': ['|='],
  '++': ['--'],
  '--': ['++'],
};

/** Wrappers of types around an expression; all else that begins with TS has no code in it. */
const WITH_CODE = new Set(['TSAsExpression', 'TSNonNullExpression', 'TSSatisfiesExpression', 'TSParameterProperty']);
const COMPARES = new Set(['<', '<=', '>', '>=', '===', '!==']);

const isNode = (value: unknown): value is Node => typeof (value as Node | null)?.type === 'string';

/** A function's result that says nothing, by the type it declares; undefined for one that returns nothing. */
const CONSTANTS: Readonly<Record<string, readonly string[]>> = {
  TSNumberKeyword: ['0', '1'],
  TSBooleanKeyword: ['false', 'true'],
  TSStringKeyword: ["''"],
};

/**
 * Finds the changes of a source text.
 *
 * @param kind `line`: conditions, operators, constants, statements and results; `gut`: whole bodies of exported functions, and
 *   of public methods of exported classes.
 * @returns In the order of the text. Messages of errors, types and names are left alone.
 */
export function mutantsOf(file: string, source: string, kind: Kind): Mutant[] {
  return find(file, source, kind).map(({ line, text, change }) => ({ file, line, text, change }));
}

/**
 * Draws some changes; they keep their order. Which ones depends on the lines that they are in alone: what is written
 * elsewhere changes none of the others, so that survivors can be worked through.
 */
export function drawn<T extends Mutant>(all: readonly T[], count: number, seed: number): T[] {
  const seen = new Map<string, number>();
  const lots = all.map(({ file, text, change }, place) => {
    const name = JSON.stringify([file, text, change]);
    const before = seen.get(name) ?? 0;
    seen.set(name, before + 1);
    return { place, lot: createHash('sha256').update(`${seed} ${name} ${before}`).digest('hex') };
  });
  const first = lots.sort((a, b) => (a.lot < b.lot ? -1 : 1)).slice(0, count);
  return first.sort((a, b) => a.place - b.place).map(({ place }) => all[place]!);
}

/**
 * Writes some changes into a text, each behind `$mutant(number)`.
 *
 * @param numbers The number of each change that is wanted, by its place in {@link mutantsOf}.
 */
export function withMutants(file: string, source: string, kind: Kind, numbers: ReadonlyMap<number, number>): string {
  const wanted = find(file, source, kind).flatMap((found, i) =>
    numbers.has(i) ? [{ ...found, number: numbers.get(i)! }] : [],
  );
  type Wanted = (typeof wanted)[number];
  /** The text of a range with the changes in it; those of one range stand behind each other, and come first. */
  function write(from: number, to: number, inside: readonly Wanted[]): string {
    let text = '';
    let at = from;
    for (let i = 0; i < inside.length; ) {
      const { start, end } = inside[i]!;
      let next = i;
      while (next < inside.length && inside[next]!.start < end) next++;
      const within = inside.slice(i, next);
      const same = within.filter((other) => other.start === start && other.end === end);
      const rest = within.filter((other) => other.start !== start || other.end !== end);
      text += source.slice(at, start);
      text += same.reduceRight((inner, one) => switched(one, inner), write(start, end, rest));
      at = end;
      i = next;
    }
    return text + source.slice(at, to);
  }
  const order = wanted.sort((a, b) => a.start - b.start || b.end - a.end);
  return write(0, source.length, order);
}

function switched({ kind, code, number }: Found & { number: number }, text: string): string {
  // The braces keep an `else` that follows with its own `if`.
  if (kind === 'statement') return `{ if (!$mutant(${number})) { ${text} } }`;
  if (kind === 'body') return `{ if ($mutant(${number})) ${code} ${text.slice(1)}`;
  return `($mutant(${number}) ? ${code} : (${text}))`;
}

function find(file: string, source: string, kind: Kind): Found[] {
  const found: Found[] = [];
  const { program } = parseSync(file, source);
  const cut = ({ start, end }: Node): string => source.slice(start, end);
  const short = (text: string): string => (text.length > 60 ? `${text.slice(0, 57)}…` : text).replace(/\s+/g, ' ');
  const add = (node: Node, code: string, kind: Found['kind'] = 'expression', change?: string): void => {
    const line = source.slice(0, node.start).split('\n').length;
    const text = source.split('\n')[line - 1]!.trim();
    const words = change ?? `${short(cut(node))} → ${short(code)}`;
    found.push({ file, line, text, change: words, start: node.start, end: node.end, code, kind });
  };
  const isText = (node: unknown): boolean =>
    isNode(node) && (node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node.value === 'string'));

  /** `undefined`, or what is changed as a constant. */
  const isConstant = (node: Node): boolean => node.type === 'Literal' || cut(node) === 'undefined';

  function operator(node: Node): void {
    const { left, right } = node as unknown as { left: Node; right: Node };
    if (isText(left) || isText(right)) return;
    const isAssignment = node.type === 'AssignmentExpression';
    for (const other of OPERATORS[node.operator as string] ?? []) {
      const target = isAssignment ? cut(left) : `(${cut(left)})`;
      add(
        node,
        `(${target} ${other} (${cut(right)}))`,
        'expression',
        `${short(cut(node))}: ${node.operator} → ${other}`,
      );
    }
  }

  function condition(test: unknown, isLoop: boolean): void {
    if (!isNode(test)) return;
    if (isLoop) add(test, 'false');
    else if (!(COMPARES.has(test.operator as string) && test.type === 'BinaryExpression')) add(test, `!(${cut(test)})`);
  }

  function line(node: Node): void {
    const { type } = node;
    if (type === 'BinaryExpression' || type === 'LogicalExpression' || type === 'AssignmentExpression') operator(node);
    else if (type === 'UpdateExpression') {
      const other = OPERATORS[node.operator as string]![0]!;
      const target = cut(node.argument as Node);
      add(node, node.prefix ? `${other}${target}` : `${target}${other}`);
    } else if (type === 'UnaryExpression' && ['!', '-', '~'].includes(node.operator as string)) {
      if ((node.argument as Node).type !== 'Literal') add(node, `(${cut(node.argument as Node)})`);
    } else if (type === 'Literal' && typeof node.value === 'number') {
      add(node, String(node.value + 1));
      if (node.value > 0) add(node, String(node.value - 1));
    } else if (type === 'Literal' && typeof node.value === 'bigint') add(node, `${node.value + 1n}n`);
    else if (type === 'Literal' && typeof node.value === 'boolean') add(node, String(!node.value));
    else if (type === 'IfStatement' || type === 'ConditionalExpression') condition(node.test, false);
    else if (type === 'WhileStatement' || type === 'ForStatement') condition(node.test, true);
    else if (type === 'ReturnStatement' && isNode(node.argument) && !isConstant(node.argument))
      add(node.argument, 'undefined', 'expression', `return ${short(cut(node.argument))} → return undefined`);
    else if (type === 'ExpressionStatement' && typeof node.directive !== 'string') {
      const { type, callee } = node.expression as Node;
      const isSuper = type === 'CallExpression' && (callee as Node).type === 'Super';
      if (!isSuper) add(node, '', 'statement', `${short(cut(node))} removed`);
    }
  }

  function gut(name: string, fn: Node): void {
    const body = fn.body as Node | null;
    if (!isNode(body) || body.type !== 'BlockStatement') return;
    add(body, `throw new Error('gutted');`, 'body', `${name} throws`);
    const result = (fn.returnType as { typeAnnotation: Node } | null)?.typeAnnotation;
    // An error that is made is thrown: in its place, the change above throws another.
    const isError = result !== undefined && /(Error|Refusal)$/.test(cut(result));
    if (name.endsWith('.constructor') || fn.generator === true || isError) return;
    const [first] = body.body as unknown as readonly (Node | undefined)[];
    const already = first === undefined ? 'undefined' : isNode(first.argument) && cut(first.argument);
    for (const value of CONSTANTS[result?.type ?? ''] ?? ['undefined']) {
      if (value !== already) add(body, `return ${value};`, 'body', `${name} returns ${value}`);
    }
  }

  function exported(declaration: Node): void {
    const name = (declaration.id as { name?: string } | null)?.name ?? '';
    if (declaration.type === 'FunctionDeclaration') gut(name, declaration);
    if (declaration.type === 'VariableDeclaration')
      for (const { id, init } of declaration.declarations as { id: { name: string }; init: unknown }[])
        if (isNode(init) && /Function/.test(init.type)) gut(id.name, init);
    if (declaration.type !== 'ClassDeclaration') return;
    for (const member of (declaration.body as { body: Node[] }).body) {
      if (member.type !== 'MethodDefinition' || member.accessibility === 'private') continue;
      const key = member.key as Node;
      gut(
        `${name}.${member.kind === 'get' || member.kind === 'set' ? `${member.kind} ` : ''}${cut(key)}`,
        member.value as Node,
      );
    }
  }

  function walk(node: Node): void {
    if (kind === 'gut') {
      if (node.type === 'ExportNamedDeclaration' && isNode(node.declaration)) exported(node.declaration);
    } else line(node);
    for (const [key, value] of Object.entries(node)) {
      // A name is no value, and a message may say anything.
      if (key === 'key' && node.computed !== true) continue;
      for (const child of Array.isArray(value) ? value : [value]) {
        if (!isNode(child) || child.type === 'ThrowStatement') continue;
        if (child.type.startsWith('TS') && !WITH_CODE.has(child.type)) continue;
        walk(child);
      }
    }
  }
  walk(program as unknown as Node);
  return found;
}
