// Rewrites element accesses so that they report themselves. Every rewriting keeps the order in which a program's parts are evaluated,
// does the access in its own place, where the engine learns about it as before, and adds no line.
import type { Edits, Scope } from './edits.ts';
import { Elements, type Visit } from './elements.ts';
import { children, isElement, isFunction, isType, type Node, tokenAt, withoutMark } from './syntax.ts';

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
/** Objects that are no arrays, though their methods have the same names. */
const NEVER = /^(Array|Atomics|JSON|Math|Object|Promise|Reflect|console|process)$/;

export class Rewriter {
  private readonly edits: Edits;
  private readonly elements: Elements;

  constructor(edits: Edits) {
    this.edits = edits;
    this.elements = new Elements(edits, (node, scope, depth) => this.visit(node, scope, depth));
  }

  /** Rewrites a whole program. @param header What comes first in it, once the sites are known. */
  program(program: Node, header: () => string): void {
    const scope: Scope = { pairs: 0 };
    for (const node of program.body) this.visit(node, scope, 0);
    const directive: Node | undefined = program.directives.at(-1);
    // Behind `#!…` and its line's end; a directive must stay first.
    const at = directive?.end ?? (program.interpreter ? program.interpreter.end + 1 : 0);
    this.edits.first(at, `${directive ? ';' : ''}${header()}${this.edits.declaration(scope)}`);
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
      isElement(node) ? this.elements.read(node, scope, depth) : this.visitChildren(node, scope, depth),
    OptionalMemberExpression: this.visitChain,
    OptionalCallExpression: this.visitChain,
    AssignmentExpression: (node, scope, depth) => this.elements.assign(node, scope, depth, false),
    ExpressionStatement: (node, scope, depth) =>
      node.expression.type === 'AssignmentExpression'
        ? this.elements.assign(node.expression, scope, depth, true)
        : this.visit(node.expression, scope, depth),
    UpdateExpression: (node, scope, depth) => this.elements.update(node, scope, depth),
    UnaryExpression: (node, scope, depth) =>
      node.operator === 'delete'
        ? this.elements.reference(node.argument, scope, depth)
        : this.visit(node.argument, scope, depth),
    CallExpression: this.visitCall,
    NewExpression: this.visitNew,
    TaggedTemplateExpression: (node, scope, depth) => {
      this.elements.reference(node.tag, scope, depth);
      this.visit(node.quasi, scope, depth);
    },
    ForOfStatement: this.visitFor,
    ForInStatement: this.visitFor,
    VariableDeclarator: (node, scope, depth) => {
      this.visit(node.id, scope, depth);
      if (!node.init) return;
      if (node.id.type === 'ArrayPattern') this.elements.iterated(node.init, scope, depth);
      else this.edits.into(node.id, () => this.visit(node.init, scope, depth));
    },
    YieldExpression: (node, scope, depth) => {
      if (node.delegate) this.elements.iterated(node.argument, scope, depth);
      else this.visitChildren(node, scope, depth);
    },
    ObjectExpression: (node, scope, depth) => {
      for (const property of node.properties)
        this.visit(property.type === 'SpreadElement' ? property.argument : property, scope, depth);
    },
    SpreadElement: (node, scope, depth) => this.elements.iterated(node.argument, scope, depth),
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
    if (scope.pairs > 0)
      this.edits.first(this.edits.source.indexOf('{', block.start) + 1, this.edits.declaration(scope));
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
      this.edits.first(directive?.end ?? body.start + 1, (directive ? ';' : '') + this.edits.declaration(own));
      return;
    }
    const own: Scope = { pairs: 0 };
    this.visit(body, own, 0);
    if (own.pairs === 0) return;
    this.edits.first(body.start, `{${this.edits.declaration(own)}return(`);
    this.edits.after(body.end, ')}');
  }

  private visitClass(node: Node, scope: Scope | null, depth: number): void {
    const outer = this.edits.className;
    for (const decorator of node.decorators ?? []) this.visit(decorator, scope, depth);
    if (node.superClass) this.visit(node.superClass, scope, depth);
    this.edits.className = node.id?.name ?? outer;
    for (const member of node.body.body) {
      if (isFunction(member) || member.type === 'StaticBlock') {
        this.visit(member, scope, depth);
        continue;
      }
      if (member.computed) this.visit(member.key, scope, depth);
      for (const decorator of member.decorators ?? []) this.visit(decorator, scope, depth);
      if (member.value && !member.declare) this.edits.into(member, () => this.visit(member.value, null, 0));
    }
    this.edits.className = outer;
  }

  private visitFor(node: Node, scope: Scope | null, depth: number): void {
    if (node.left.type === 'VariableDeclaration') this.visit(node.left, scope, depth);
    else this.elements.target(withoutMark(node.left), scope, depth);
    if (node.type === 'ForOfStatement' && !node.await) this.elements.iterated(node.right, scope, depth);
    else this.visit(node.right, scope, depth);
    this.visit(node.body, scope, depth);
  }

  private visitCall(node: Node, scope: Scope | null, depth: number): void {
    const { callee } = node;
    const name = methodName(callee) ?? (callee.type === 'Identifier' ? callee.name : '');
    const isDetaching = DETACHING.test(name);
    if (isDetaching) this.edits.before(node.start, `${this.edits.prefix}.d(`);
    if (methodName(callee) === undefined) this.elements.reference(callee, scope, depth);
    else if (callee.object.name === 'Atomics' && ATOMICS.test(name)) {
      this.edits.replace(
        callee.object.start,
        callee.object.end,
        `${this.edits.gap(callee.start)}${this.edits.prefix}.a`,
      );
      const open = tokenAt(this.edits.source, callee.end, '(');
      this.edits.after(
        open + 1,
        `${this.edits.site(node, node.arguments[0] ?? callee)}${node.arguments.length > 0 ? ',' : ''}`,
      );
    } else this.visitReceiver(callee, scope, depth);
    const isFrom = name === 'from' && /^Identifier$/.test(callee.object?.type) && isMaker(callee.object.name);
    this.visitArguments(node.arguments, isFrom ? 'n' : name === 'set' ? 'k' : undefined, scope, depth);
    if (isDetaching) this.edits.after(node.end, ')');
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
    this.edits.before(object.start, `${this.edits.prefix}.v(`);
    this.visit(object, scope, depth);
    this.edits.after(object.end, `,"${callee.property.name}",${this.edits.site(callee, object)})`);
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
      if (call !== undefined && mayBeArray) this.elements.wrap(argument, call, scope, depth);
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
      const [array, key] = this.edits.names(depth, scope);
      const { prefix } = this.edits;
      const site = this.edits.site(node, object);
      this.edits.before(node.start, `${prefix}.o((${array}=`);
      this.visit(object, scope, depth);
      const link = tokenAt(this.edits.source, object.end, '?.');
      const open = tokenAt(this.edits.source, link + 2, '[');
      this.edits.replace(link, link + 2, '');
      this.edits.replace(open, open + 1, `)==null?void 0:${prefix}.r(${array},${key}=`);
      this.visit(property, scope, depth + 1);
      this.edits.replace(node.end - 1, node.end, `,${array}[${key}],${site}))`);
      return;
    }
    if (node.type === 'OptionalCallExpression') {
      const { callee } = node;
      if (methodName(callee) !== undefined && callee.optional && !isChain(callee.object))
        this.visitReceiver(callee, scope, depth);
      else if (isChain(callee)) this.visitChain(callee, scope, depth);
      else this.elements.reference(callee, scope, depth);
      this.visitArguments(node.arguments, undefined, scope, depth);
      return;
    }
    if (isElement(node)) {
      this.edits.missed(node, 'behind ?.');
      this.visit(property, scope, depth);
    }
    if (isChain(object)) this.visitChain(object, scope, depth);
    else this.visit(object, scope, depth);
  }

  private visitSpine(node: Node, scope: Scope | null, depth: number): void {
    if (node.type !== 'MemberExpression') this.visit(node, scope, depth);
    else {
      this.visitSpine(node.object, scope, depth);
      if (node.computed) this.visit(node.property, scope, depth);
    }
  }
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
