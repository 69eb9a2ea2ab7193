// Instruments source so that each arm of it counts how often it runs: functions, arms of `if`, `?:`, `&&`, `||`, `??`, `switch` and
// defaults, bodies of loops, `catch`. An arm that is not written (`if` without `else`) counts as well, so arms are edges.
import { parse } from '@babel/parser';
import MagicString from 'magic-string';

/** Where the counters are, as `globalThis[…]`: a Uint8Array with one for each edge. */
export const COUNTERS = '__fuzzEdges';
const NAME = '$edges';

export interface Instrumented {
  readonly code: string;
  /** Number behind the last edge's. */
  readonly next: number;
  /** Strings and numbers in the code. */
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  // biome-ignore lint/suspicious/noExplicitAny: a tree of some 250 node types, of which a dozen matter
  readonly [field: string]: any;
}

/** Fields of a node that hold no code that runs. */
const NO_CODE = new Set(['loc', 'extra', 'comments', 'tokens', 'errors', 'typeAnnotation', 'typeParameters']);
const LONGEST_WORD = 48; // characters

/**
 * Instruments a module. TypeScript stays TypeScript.
 *
 * @param first Number of the first edge.
 */
export function instrumentEdges(source: string, file: string, first: number): Instrumented {
  const { program } = parse(source, {
    sourceType: 'unambiguous',
    allowReturnOutsideFunction: true,
    attachComment: false,
    plugins: /\.[cm]?tsx?$/.test(file) ? ['typescript', ...(file.endsWith('x') ? (['jsx'] as const) : [])] : [],
  });
  const instrumentor = new Instrumentor(source, first);
  instrumentor.visit(program as unknown as Node);
  const { text, next, texts, numbers } = instrumentor;
  const directive = program.directives.at(-1)?.end;
  const at = directive ?? (program.interpreter ? program.interpreter.end! + 1 : 0);
  text.prependLeft(at, `${directive === undefined ? '' : ';'}const ${NAME}=globalThis.${COUNTERS};`);
  return { code: text.toString(), next, texts: [...texts], numbers: [...numbers] };
}

class Instrumentor {
  readonly text: MagicString;
  readonly texts: Set<string> = new Set();
  readonly numbers: Set<number> = new Set();
  next: number;
  private readonly source: string;

  constructor(source: string, first: number) {
    this.source = source;
    this.text = new MagicString(source);
    this.next = first;
  }

  visit(node: Node): void {
    if (/^(TSInterface|TSTypeAlias|TSDeclare|Import|ExportAll)/.test(node.type) || node.declare) return;
    this.mark(node);
    for (const [field, value] of Object.entries(node)) {
      if (NO_CODE.has(field)) continue;
      if (Array.isArray(value)) for (const item of value) isNode(item) && this.visit(item);
      else if (isNode(value)) this.visit(value);
    }
  }

  private mark(node: Node): void {
    switch (node.type) {
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
      case 'ObjectMethod':
      case 'ClassMethod':
      case 'ClassPrivateMethod':
        if (node.body?.type === 'BlockStatement') this.statement(node.body);
        else if (isNode(node.body)) this.expression(node.body);
        break;
      case 'IfStatement':
        if (node.alternate) this.statement(node.alternate);
        else this.text.prependLeft(node.consequent.end, ` else{${this.hit()};}`);
        this.statement(node.consequent);
        break;
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
      case 'WhileStatement':
      case 'DoWhileStatement':
      case 'CatchClause':
        this.statement(node.body);
        break;
      case 'ConditionalExpression':
        this.expression(node.consequent);
        this.expression(node.alternate);
        break;
      case 'LogicalExpression':
      case 'AssignmentPattern':
        this.expression(node.right);
        break;
      case 'AssignmentExpression':
        if (/^(\|\||&&|\?\?)=$/.test(node.operator)) this.expression(node.right);
        break;
      case 'SwitchStatement':
        this.arms(node);
        break;
      case 'StringLiteral':
        this.word(node.value);
        break;
      case 'TemplateElement':
        this.word(node.value.cooked ?? '');
        break;
      case 'NumericLiteral':
        if (Number.isInteger(node.value) && node.value > 8) this.numbers.add(node.value);
        break;
      case 'MemberExpression':
        if (!node.computed && node.property.type === 'Identifier') this.word(node.property.name);
        break;
      case 'ObjectProperty':
        if (node.key.type === 'Identifier') this.word(node.key.name);
    }
  }

  private word(text: string): void {
    if (text.length > 0 && text.length <= LONGEST_WORD) this.texts.add(text);
  }

  private hit(): string {
    return `${NAME}[${this.next++}]++`;
  }

  /** Opens before and closes behind a node; what is around it was put there before. */
  private around({ start, end }: Node, before: string, behind: string): void {
    this.text.appendLeft(start, before);
    this.text.prependLeft(end, behind);
  }

  private statement(node: Node): void {
    if (node.type === 'BlockStatement') this.text.appendLeft(node.start + 1, `${this.hit()};`);
    else this.around(node, `{${this.hit()};`, '}');
  }

  private expression(node: Node): void {
    this.around(node, `(${this.hit()},`, ')');
  }

  /** A case that falls through to the next counts for both. */
  private arms({ cases, end }: Node): void {
    for (const { test, start, consequent } of cases as Node[]) {
      const from = test?.end ?? start + 'default'.length;
      const at = this.source.indexOf(':', from) + 1;
      if (consequent.length > 0) this.text.appendLeft(at, `${this.hit()};`);
    }
    if ((cases as Node[]).every(({ test }) => test)) this.text.prependLeft(end - 1, `default:${this.hit()};`);
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string' && 'start' in value;
}
