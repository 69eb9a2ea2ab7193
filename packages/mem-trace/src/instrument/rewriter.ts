// Rewrites element accesses so that they report themselves. Every rewriting keeps the order in which a program's parts are evaluated,
// does the access in its own place, where the engine learns about it as before, and adds no line.
import type MagicString from 'magic-string';
import { labelOf } from './label.ts';
import { children, isFunction, isPlain, isPure, isType, type Node, tokenAt, withoutMark } from './syntax.ts';

/** A place in a source that reports accesses. */
export interface Site {
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** What the array is called there: `Tree.slots` for `this.slots` in class Tree. */
  readonly label: string;
}

/** A place that may access elements and does not report them. */
export interface UnseenCode {
  readonly line: number;
  readonly column: number;
  readonly why: string;
}

type Visit = (node: Node, scope: Scope | null, depth: number) => void;

/** Where variables for operands can be declared: a function's body, a module. */
interface Scope {
  /** Pairs of variables that its code needs. */
  pairs: number;
}

/** Methods that read or write elements, of typed arrays and DataViews. */
const METHODS = new Set(
  'at copyWithin entries every fill filter find findIndex findLast findLastIndex forEach includes indexOf join keys lastIndexOf map reduce reduceRight reverse set slice some sort toLocaleString toReversed toSorted toString values with getInt8 getUint8 getInt16 getUint16 getInt32 getUint32 getFloat16 getFloat32 getFloat64 getBigInt64 getBigUint64 setInt8 setUint8 setInt16 setUint16 setInt32 setUint32 setFloat16 setFloat32 setFloat64 setBigInt64 setBigUint64'.split(
    ' ',
  ),
);
const ATOMICS = /^(add|and|compareExchange|exchange|load|or|store|sub|wait|waitAsync|xor)$/;
const TYPED_ARRAY = /^(Big(Int|Uint)64|Float(16|32|64)|Int(8|16|32)|Uint(8|8Clamped|16|32))Array$/;
/** What takes a buffer from the arrays on it, or changes its size. */
const DETACHING = /^(transfer|transferToFixedLength|resize|postMessage|structuredClone)$/;
/** What stands around an expression and does nothing to it. */
const WRAPPER = /^(ParenthesizedExpression|TSAsExpression|TSNonNullExpression|TSSatisfiesExpression|TSTypeAssertion)$/;
/** Objects that are no arrays, though their methods have the same names. */
const NEVER = /^(Array|Atomics|JSON|Math|Object|Promise|Reflect|console|process)$/;

export class Rewriter {
  readonly sites: Site[] = [];
  readonly unseen: UnseenCode[] = [];
  private readonly source: string;
  private readonly edits: MagicString;
  /** Begins every name that is added. */
  private readonly prefix: string;
  private readonly firstSite: number;
  private className = '';

  constructor(source: string, edits: MagicString, prefix: string, firstSite: number) {
    this.source = source;
    this.edits = edits;
    this.prefix = prefix;
    this.firstSite = firstSite;
  }

  /** Rewrites a whole program. @param header What comes first in it, once the sites are known. */
  program(program: Node, header: () => string): void {
    const scope: Scope = { pairs: 0 };
    for (const node of program.body) this.visit(node, scope, 0);
    const text = header() + this.declaration(scope);
    const directive: Node | undefined = program.directives.at(-1);
    // Behind `#!…` and its line's end; a directive must stay first.
    const at = directive?.end ?? (program.interpreter ? program.interpreter.end + 1 : 0);
    if (at === 0) this.edits.prepend(text);
    else this.edits.prependLeft(Math.min(at, this.source.length), (directive ? ';' : '') + text);
  }

  private visit(node: Node, scope: Scope | null, depth: number): void {
    if (isType(node) || node.declare) return;
    const visit = isFunction(node) ? this.visitFunction : this.visits[node.type];
    if (visit === undefined) this.visitChildren(node, scope, depth);
    else visit.call(this, node, scope, depth);
  }

  private visitChildren(node: Node, scope: Scope | null, depth: number): void {
    for (const child of children(node)) this.visit(child, scope, depth);
  }

  /** What is done for a type of node; for others, their children are visited. */
  private readonly visits: Readonly<Record<string, Visit>> = {
    MemberExpression: (node, scope, depth) =>
      isElement(node) ? this.read(node, scope, depth) : this.visitChildren(node, scope, depth),
    OptionalMemberExpression: this.visitChain,
    OptionalCallExpression: this.visitChain,
    AssignmentExpression: (node, scope, depth) => this.visitAssignment(node, scope, depth, false),
    ExpressionStatement: (node, scope, depth) =>
      node.expression.type === 'AssignmentExpression'
        ? this.visitAssignment(node.expression, scope, depth, true)
        : this.visit(node.expression, scope, depth),
    UpdateExpression: this.visitUpdate,
    UnaryExpression: (node, scope, depth) =>
      node.operator === 'delete'
        ? this.visitReference(node.argument, scope, depth)
        : this.visit(node.argument, scope, depth),
    CallExpression: this.visitCall,
    NewExpression: this.visitNew,
    TaggedTemplateExpression: (node, scope, depth) => {
      this.visitReference(node.tag, scope, depth);
      this.visit(node.quasi, scope, depth);
    },
    ForOfStatement: this.visitFor,
    ForInStatement: this.visitFor,
    VariableDeclarator: (node, scope, depth) => {
      this.visit(node.id, scope, depth);
      if (!node.init) return;
      if (node.id.type === 'ArrayPattern') this.iterated(node.init, scope, depth);
      else this.visit(node.init, scope, depth);
    },
    YieldExpression: (node, scope, depth) => {
      if (node.delegate) this.iterated(node.argument, scope, depth);
      else this.visitChildren(node, scope, depth);
    },
    ObjectExpression: (node, scope, depth) => {
      for (const property of node.properties)
        this.visit(property.type === 'SpreadElement' ? property.argument : property, scope, depth);
    },
    SpreadElement: (node, scope, depth) => this.iterated(node.argument, scope, depth),
    ClassDeclaration: this.visitClass,
    ClassExpression: this.visitClass,
    TSModuleBlock: this.visitBlock,
    StaticBlock: this.visitBlock,
    // The members of an enumeration are constants, and must look so.
    TSEnumDeclaration: () => {},
  };

  /** A block with variables of its own. */
  private visitBlock(block: Node): void {
    const scope: Scope = { pairs: 0 };
    for (const node of block.body) this.visit(node, scope, 0);
    if (scope.pairs > 0) this.edits.prependLeft(this.source.indexOf('{', block.start) + 1, this.declaration(scope));
  }

  private visitFunction(node: Node, scope: Scope | null, depth: number): void {
    if (node.computed) this.visit(node.key, scope, depth);
    for (const decorator of node.decorators ?? []) this.visit(decorator, scope, depth);
    // Parameters are evaluated outside the body: no variable can be declared for them.
    for (const parameter of node.params) this.visit(parameter, null, 0);
    const { body } = node;
    if (body === null || body === undefined) return;
    if (body.type === 'BlockStatement') {
      const directive: Node | undefined = body.directives.at(-1);
      const own: Scope = { pairs: 0 };
      for (const statement of body.body) this.visit(statement, own, 0);
      if (own.pairs === 0) return;
      this.edits.prependLeft(directive?.end ?? body.start + 1, (directive ? ';' : '') + this.declaration(own));
      return;
    }
    const own: Scope = { pairs: 0 };
    this.visit(body, own, 0);
    if (own.pairs === 0) return;
    this.edits.prependLeft(body.start, `{${this.declaration(own)}return(`);
    this.edits.appendLeft(body.end, ')}');
  }

  private visitClass(node: Node, scope: Scope | null, depth: number): void {
    const outer = this.className;
    for (const decorator of node.decorators ?? []) this.visit(decorator, scope, depth);
    if (node.superClass) this.visit(node.superClass, scope, depth);
    this.className = node.id?.name ?? outer;
    for (const member of node.body.body) {
      if (isFunction(member) || member.type === 'StaticBlock') {
        this.visit(member, scope, depth);
        continue;
      }
      if (member.computed) this.visit(member.key, scope, depth);
      for (const decorator of member.decorators ?? []) this.visit(decorator, scope, depth);
      if (member.value && !member.declare) this.visit(member.value, null, 0);
    }
    this.className = outer;
  }

  /** `a[i]` */
  private read(node: Node, scope: Scope | null, depth: number): void {
    const { object, property } = node;
    const site = this.site(node, object);
    if (scope === null) {
      const [array, key] = this.names(0);
      this.before(node.start, `((${array},${key})=>${this.prefix}.r(${array},${key},${array}[${key}],${site}))(`);
      this.operands(node, null, 0, ['', ',', ')']);
      return;
    }
    const isObject = isPlain(object) && isPure(property);
    const isKey = isPlain(property);
    const [array, key] = this.operandNames(node, scope, depth, isObject, isKey);
    this.before(node.start, `${this.prefix}.r(${isObject ? '' : `${array}=`}`);
    this.operands(node, scope, depth, ['', isKey ? ',' : `,${key}=`, `,${array}[${key}],${site})`]);
  }

  /** `a[i] = v`, `a[i] += v`, `a[i] ??= v`, `[a[i], a[j]] = v` */
  private visitAssignment(node: Node, scope: Scope | null, depth: number, isStatement: boolean): void {
    const { operator, right } = node;
    const left = withoutMark(node.left);
    if (/Pattern$/.test(left.type)) {
      this.visitTarget(left, scope, depth);
      // The value of an assignment is what is right of it: only where that goes nowhere may another thing stand there.
      if (isStatement && left.type === 'ArrayPattern') {
        this.iterated(right, scope, depth);
        return;
      }
      this.visit(right, scope, depth);
      return;
    }
    if (!isElement(left) || (scope === null && operator !== '=')) {
      this.visitOddTarget(node.left, scope, depth);
      this.visit(right, scope, depth);
      return;
    }
    const site = this.site(left, left.object);
    const at = tokenAt(this.source, node.left.end, operator);
    if (scope === null) {
      const [array, key] = this.names(0);
      const value = `${this.prefix}2`;
      this.before(
        node.start,
        `((${array},${key},${value})=>${this.prefix}.w(${array},${key},${array}[${key}]=${value},${site}))(`,
      );
      this.operands(left, null, 0, ['', ',', '']);
      this.edits.update(at, at + 1, ',');
      this.visit(right, null, 0);
      this.edits.appendLeft(node.end, ')');
      return;
    }
    const isObject = isPlain(left.object) && isPure(left.property) && isPure(right);
    const isKey = isPlain(left.property) && isPure(right);
    const [array, key] = this.operandNames(left, scope, depth, isObject, isKey);
    const first = isObject ? '' : `${array}=`;
    const between = isKey ? ',' : `,${key}=`;
    const element = `${array}[${key}]`;
    const { prefix } = this;
    let end = `,${site})`;
    if (/^(&&|\|\||\?\?)=$/.test(operator)) {
      this.before(node.start, `${prefix}.o(${prefix}.r(${first}`);
      this.operands(left, scope, depth, ['', between, `,${element},${site})`]);
      this.edits.update(at, at + 3, `${operator.slice(0, 2)}${prefix}.w(${array},${key},${element}=`);
      end += ')';
    } else {
      this.before(node.start, `${prefix}.w(${first}`);
      this.operands(left, scope, depth, ['', between, `,${element}`]);
      if (operator !== '=') {
        const binary = operator.slice(0, -1);
        this.edits.update(at, at + operator.length, `=${prefix}.r(${array},${key},${element},${site})${binary}(`);
        end = `)${end}`;
      }
    }
    this.visit(right, scope, depth + 1);
    this.edits.appendLeft(node.end, end);
  }

  /** `a[i]++`, `--a[i]` */
  private visitUpdate(node: Node, scope: Scope | null, depth: number): void {
    const target = withoutMark(node.argument);
    if (scope === null || !isElement(target)) {
      this.visitOddTarget(node.argument, scope, depth);
      return;
    }
    const site = this.site(target, target.object);
    const isObject = isPlain(target.object) && isPure(target.property);
    const isKey = isPlain(target.property);
    const [array, key] = this.operandNames(target, scope, depth, isObject, isKey);
    this.before(node.start, `${this.prefix}.u(${isObject ? '' : `${array}=`}`);
    if (node.prefix) this.edits.update(node.start, node.start + 2, '');
    const sign = node.prefix ? node.operator : '';
    this.operands(target, scope, depth, ['', isKey ? ',' : `,${key}=`, `,${sign}${array}[${key}]`]);
    this.edits.appendLeft(node.end, `,${site})`);
  }

  /** What is assigned to by destructuring or by a loop: `a[i]` there becomes a property that is assigned to and reports. */
  private visitTarget(target: Node, scope: Scope | null, depth: number): void {
    switch (target.type) {
      case 'ArrayPattern':
        for (const element of target.elements) if (element !== null) this.visitTarget(element, scope, depth);
        return;
      case 'ObjectPattern':
        for (const property of target.properties) {
          if (property.computed) this.visit(property.key, scope, depth);
          this.visitTarget(property.type === 'RestElement' ? property : property.value, scope, depth);
        }
        return;
      case 'RestElement':
        this.visitTarget(target.argument, scope, depth);
        return;
      case 'AssignmentPattern':
        this.visitTarget(target.left, scope, depth);
        this.visit(target.right, scope, depth);
        return;
    }
    if (!isElement(target)) {
      this.visitOddTarget(target, scope, depth);
      return;
    }
    this.before(target.start, `${this.prefix}.t(`);
    this.operands(target, scope, depth, ['', ',', `,${this.site(target, target.object)}).v`]);
  }

  private visitFor(node: Node, scope: Scope | null, depth: number): void {
    if (node.left.type === 'VariableDeclaration') this.visit(node.left, scope, depth);
    else this.visitTarget(withoutMark(node.left), scope, depth);
    if (node.type === 'ForOfStatement' && !node.await) this.iterated(node.right, scope, depth);
    else this.visit(node.right, scope, depth);
    this.visit(node.body, scope, depth);
  }

  /** Something that is iterated over by the language itself. */
  private iterated(node: Node, scope: Scope | null, depth: number): void {
    if (/^(ArrayExpression|StringLiteral|TemplateLiteral)$/.test(node.type)) {
      this.visit(node, scope, depth);
      return;
    }
    this.wrap(node, 'i', scope, depth);
  }

  private visitCall(node: Node, scope: Scope | null, depth: number): void {
    const { callee } = node;
    const name = methodName(callee) ?? (callee.type === 'Identifier' ? callee.name : '');
    const isDetaching = DETACHING.test(name);
    if (isDetaching) this.before(node.start, `${this.prefix}.d(`);
    if (methodName(callee) === undefined) this.visitReference(callee, scope, depth);
    else if (callee.object.name === 'Atomics' && ATOMICS.test(name)) {
      this.edits.update(callee.object.start, callee.object.end, `${this.gap(callee.start)}${this.prefix}.a`);
      const open = tokenAt(this.source, callee.end, '(');
      this.edits.appendLeft(
        open + 1,
        `${this.site(node, node.arguments[0] ?? callee)}${node.arguments.length > 0 ? ',' : ''}`,
      );
    } else this.visitReceiver(callee, scope, depth);
    const isFrom = name === 'from' && /^Identifier$/.test(callee.object?.type) && isMaker(callee.object.name);
    this.visitArguments(node.arguments, isFrom ? 'n' : name === 'set' ? 'k' : undefined, scope, depth);
    if (isDetaching) this.edits.appendLeft(node.end, ')');
  }

  /** The object whose method is called. */
  private visitReceiver(callee: Node, scope: Scope | null, depth: number): void {
    const { object } = callee;
    const mayBeArray =
      METHODS.has(callee.property.name) &&
      !/^(Super|Import|.*Literal|ArrayExpression|ObjectExpression)$/.test(object.type) &&
      !(object.type === 'Identifier' && NEVER.test(object.name));
    if (!mayBeArray) {
      this.visit(object, scope, depth);
      return;
    }
    this.before(object.start, `${this.prefix}.v(`);
    this.visit(object, scope, depth);
    this.edits.appendLeft(object.end, `,"${callee.property.name}",${this.site(callee, object)})`);
  }

  private visitNew(node: Node, scope: Scope | null, depth: number): void {
    const { callee } = node;
    // A call in what is constructed would be what is constructed: `new a[i].X()` stays as it is.
    this.visitSpine(callee, scope, depth);
    this.visitArguments(
      node.arguments ?? [],
      callee.type === 'Identifier' && TYPED_ARRAY.test(callee.name) ? 'n' : undefined,
      scope,
      depth,
    );
  }

  /** @param call What is put around the first argument: all its elements are read, or it needs a label of its own. */
  private visitArguments(list: readonly Node[], call: 'n' | 'k' | undefined, scope: Scope | null, depth: number): void {
    for (const [i, argument] of list.entries()) {
      const mayBeArray = i === 0 && !/^(SpreadElement|.*Literal|ArrayExpression)$/.test(argument.type);
      if (call !== undefined && mayBeArray) this.wrap(argument, call, scope, depth);
      else this.visit(argument, scope, depth);
    }
  }

  /** A chain with `?.`: what follows a link that is not taken is not evaluated, so only the first and the last part can be rewritten. */
  private visitChain(node: Node, scope: Scope | null, depth: number): void {
    const { object, property } = node;
    if (
      node.type === 'OptionalMemberExpression' &&
      isElement(node) &&
      node.optional &&
      !isChain(object) &&
      scope !== null
    ) {
      const [array, key] = this.names(depth, scope);
      const { prefix } = this;
      const site = this.site(node, object);
      this.before(node.start, `${prefix}.o((${array}=`);
      this.visit(object, scope, depth);
      const link = tokenAt(this.source, object.end, '?.');
      const open = tokenAt(this.source, link + 2, '[');
      this.edits.update(link, link + 2, '');
      this.edits.update(open, open + 1, `)==null?void 0:${prefix}.r(${array},${key}=`);
      this.visit(property, scope, depth + 1);
      this.edits.update(node.end - 1, node.end, `,${array}[${key}],${site}))`);
      return;
    }
    if (node.type === 'OptionalCallExpression') {
      const { callee } = node;
      if (methodName(callee) !== undefined && callee.optional && !isChain(callee.object))
        this.visitReceiver(callee, scope, depth);
      else if (isChain(callee)) this.visitChain(callee, scope, depth);
      else this.visitReference(callee, scope, depth);
      this.visitArguments(node.arguments, undefined, scope, depth);
      return;
    }
    if (isElement(node)) {
      this.missed(node, 'behind ?.');
      this.visit(property, scope, depth);
    }
    if (isChain(object)) this.visitChain(object, scope, depth);
    else this.visit(object, scope, depth);
  }

  /** What must stay what it is: the target of a call or of `delete`. What it is made of is rewritten. */
  private visitReference(node: Node, scope: Scope | null, depth: number): void {
    if (WRAPPER.test(node.type)) this.visitReference(node.expression, scope, depth);
    else if (node.type === 'MemberExpression') this.visitMember(node, scope, depth);
    else this.visit(node, scope, depth);
  }

  private visitMember({ object, computed, property }: Node, scope: Scope | null, depth: number): void {
    if (object.type !== 'Super') this.visit(object, scope, depth);
    if (computed) this.visit(property, scope, depth);
  }

  /** A target that cannot be rewritten: `(a[i])++`, or `a[i]++` among parameters. */
  private visitOddTarget(node: Node, scope: Scope | null, depth: number): void {
    let target = node;
    while (WRAPPER.test(target.type)) target = target.expression;
    if (isElement(target)) this.missed(target, scope === null ? 'outside of a function\u2019s body' : 'in parentheses');
    this.visitReference(node, scope, depth);
  }

  private visitSpine(node: Node, scope: Scope | null, depth: number): void {
    if (node.type !== 'MemberExpression') this.visit(node, scope, depth);
    else {
      this.visitSpine(node.object, scope, depth);
      if (node.computed) this.visit(node.property, scope, depth);
    }
  }

  /** Puts a call around an expression. */
  private wrap(node: Node, call: 'i' | 'n' | 'k', scope: Scope | null, depth: number): void {
    this.before(node.start, `${this.prefix}.${call}(`);
    this.visit(node, scope, depth);
    this.edits.appendLeft(node.end, `,${this.site(node, node)})`);
  }

  /** Visits array and key of an element, and puts texts in the places of its brackets. */
  private operands(
    node: Node,
    scope: Scope | null,
    depth: number,
    [first, open, close]: [string, string, string],
  ): void {
    const { object, property } = node;
    if (first !== '') this.edits.appendLeft(object.start, first);
    this.visit(object, scope, depth);
    const bracket = tokenAt(this.source, object.end, '[');
    const isList = property.type === 'SequenceExpression';
    this.edits.update(bracket, bracket + 1, isList ? `${open}(` : open);
    this.visit(property, scope, depth + 1);
    this.edits.update(node.end - 1, node.end, isList ? `)${close}` : close);
  }

  /** Names for array and key: their own texts where these can stand twice, else variables. */
  private operandNames(node: Node, scope: Scope, depth: number, isObject: boolean, isKey: boolean): [string, string] {
    const text = ({ start, end }: Node): string => this.source.slice(start, end);
    if (isObject && isKey) return [text(node.object), text(node.property)];
    const [array, key] = this.names(depth, scope);
    return [isObject ? text(node.object) : array, isKey ? text(node.property) : key];
  }

  private names(depth: number, scope?: Scope): [string, string] {
    if (scope !== undefined) scope.pairs = Math.max(scope.pairs, depth + 1);
    return [`${this.prefix}${2 * depth}`, `${this.prefix}${2 * depth + 1}`];
  }

  private declaration({ pairs }: Scope): string {
    if (pairs === 0) return '';
    return `let ${Array.from({ length: pairs * 2 }, (_, i) => `${this.prefix}${i}`).join()};`;
  }

  private before(at: number, text: string): void {
    this.edits.appendLeft(at, this.gap(at) + text);
  }

  /** A blank where a name would run into the word before it: `return(a)[i]`. */
  private gap(at: number): string {
    return at > 0 && /[\w$]/.test(this.source[at - 1]) ? ' ' : '';
  }

  private site({ loc: { start } }: Node, array: Node): number {
    this.sites.push({ line: start.line, column: start.column + 1, label: labelOf(array, this.className, this.source) });
    return this.firstSite + this.sites.length - 1;
  }

  private missed({ loc: { start } }: Node, why: string): void {
    this.unseen.push({ line: start.line, column: start.column + 1, why });
  }
}

/** Whether it is `a[key]` with a key that can name an element. */
function isElement(node: Node): boolean {
  if (!/^(Optional)?MemberExpression$/.test(node.type) || !node.computed || node.object.type === 'Super') return false;
  const { property } = node;
  if (property.type === 'StringLiteral') return /^\d+$/.test(property.value);
  return !(property.type === 'MemberExpression' && property.object.name === 'Symbol');
}

function isChain({ type }: Node): boolean {
  return type === 'OptionalMemberExpression' || type === 'OptionalCallExpression';
}

/** The name of a method that is called by its name. */
function methodName(callee: Node): string | undefined {
  const isMember = /^(Optional)?MemberExpression$/.test(callee.type) && !callee.computed;
  return isMember && callee.property.type === 'Identifier' ? callee.property.name : undefined;
}

/** Whether `X.from` makes an array of another. */
function isMaker(name: string): boolean {
  return name === 'Array' || TYPED_ARRAY.test(name);
}
