// What the rewriting needs of a syntax tree: nodes as the parser gives them, and the places of tokens that no node has.

/** A node of the tree. Only what all have: the rest is read by name. */
export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly loc: { readonly start: { readonly line: number; readonly column: number } };
  // biome-ignore lint/suspicious/noExplicitAny: a tree of some 250 node types, of which the rewriting knows a dozen
  readonly [field: string]: any;
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string' && 'start' in value;
}

/** Fields of a node that hold no code. */
const NO_CODE = new Set([
  'loc',
  'extra',
  'leadingComments',
  'trailingComments',
  'innerComments',
  'comments',
  'tokens',
  'errors',
]);

/** Returns the nodes right below one, in the order in which they stand in the source. */
export function children(node: Node): Node[] {
  const found: Node[] = [];
  for (const [field, value] of Object.entries(node)) {
    if (NO_CODE.has(field)) continue;
    if (Array.isArray(value)) found.push(...value.filter(isNode));
    else if (isNode(value)) found.push(value);
  }
  return found.sort((a, b) => a.start - b.start);
}

/** Returns where a token stands that is known to come next, behind blanks and comments. */
export function tokenAt(source: string, from: number, token: string): number {
  let at = from;
  while (!source.startsWith(token, at)) {
    if (source.startsWith('//', at)) at = endOf(source, '\n', at);
    else if (source.startsWith('/*', at)) at = endOf(source, '*/', at + 2);
    else at++;
    if (at >= source.length) throw new Error(`no '${token}' behind ${from}`);
  }
  return at;
}

function endOf(source: string, text: string, from: number): number {
  const at = source.indexOf(text, from);
  return at < 0 ? source.length : at + text.length;
}

/** Node types that are functions, with parameters and a body. */
export function isFunction({ type }: Node): boolean {
  return /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ObjectMethod|ClassMethod|ClassPrivateMethod)$/.test(
    type,
  );
}

/** Whether a node says something to the type checker only. */
export function isType({ type }: Node): boolean {
  return (
    type.startsWith('TS') &&
    !/^TS(AsExpression|NonNullExpression|SatisfiesExpression|TypeAssertion|InstantiationExpression|ModuleDeclaration|ModuleBlock|ParameterProperty|ExportAssignment|EnumDeclaration|EnumBody|EnumMember)$/.test(
      type,
    )
  );
}

/** Takes off what stands around an expression and leaves it what it is: `x!`. */
export function withoutMark(node: Node): Node {
  return node.type === 'TSNonNullExpression' ? withoutMark(node.expression) : node;
}

/** Whether an expression can be written twice: it gives the same value both times and does nothing else. */
export function isPlain(node: Node): boolean {
  return /^(Identifier|NumericLiteral|ThisExpression)$/.test(node.type);
}

/** Whether evaluating an expression changes no variable: arithmetic on plain ones. */
export function isPure(node: Node): boolean {
  switch (node.type) {
    case 'BinaryExpression':
    case 'LogicalExpression':
      return node.left.type !== 'PrivateName' && isPure(node.left) && isPure(node.right);
    case 'UnaryExpression':
      return /^[-+~!]$/.test(node.operator) && isPure(node.argument);
    case 'ParenthesizedExpression':
    case 'TSNonNullExpression':
      return isPure(node.expression);
    case 'ConditionalExpression':
      return isPure(node.test) && isPure(node.consequent) && isPure(node.alternate);
    default:
      return isPlain(node) || /^(String|Boolean|Null|BigInt)Literal$/.test(node.type);
  }
}

/** Whether it is `a[key]` with a key that can name an element. */
export function isElement(node: Node): boolean {
  if (!/^(Optional)?MemberExpression$/.test(node.type) || !node.computed || node.object.type === 'Super') return false;
  const { property } = node;
  if (property.type === 'StringLiteral') return /^\d+$/.test(property.value);
  return !(property.type === 'MemberExpression' && property.object.name === 'Symbol');
}

/** What stands around an expression and does nothing to it. */
export const WRAPPER: RegExp =
  /^(ParenthesizedExpression|TSAsExpression|TSNonNullExpression|TSSatisfiesExpression|TSTypeAssertion)$/;
