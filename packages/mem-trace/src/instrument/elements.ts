// Element accesses as they are rewritten: reads, assignments, updates, targets of patterns.
import type { Edits, Scope } from './edits.ts';
import { isElement, isPlain, isPure, type Node, tokenAt, WRAPPER, withoutMark } from './syntax.ts';

/** Rewrites what is in a node. */
export type Visit = (node: Node, scope: Scope | null, depth: number) => void;

export class Elements {
  private readonly edits: Edits;
  private readonly visit: Visit;

  constructor(edits: Edits, visit: Visit) {
    this.edits = edits;
    this.visit = visit;
  }

  /** `a[i]` */
  read(node: Node, scope: Scope | null, depth: number): void {
    const { object, property } = node;
    const site = this.edits.site(node, object);
    if (scope === null) {
      const [array, key] = this.edits.names(0);
      this.edits.before(
        node.start,
        `((${array},${key})=>${this.edits.prefix}.r(${array},${key},${array}[${key}],${site}))(`,
      );
      this.operands(node, null, 0, [',', ')']);
      return;
    }
    const isObject = isPlain(object) && isPure(property);
    const isKey = isPlain(property);
    const [array, key] = this.operandNames(node, scope, depth, isObject, isKey);
    this.edits.before(node.start, `${this.edits.prefix}.r(${isObject ? '' : `${array}=`}`);
    this.operands(node, scope, depth, [isKey ? ',' : `,${key}=`, `,${array}[${key}],${site})`]);
  }

  /** `a[i] = v`, `a[i] += v`, `a[i] ??= v`, `[a[i], a[j]] = v` */
  assign(node: Node, scope: Scope | null, depth: number, isStatement: boolean): void {
    const { operator, right } = node;
    const left = withoutMark(node.left);
    if (/Pattern$/.test(left.type)) {
      this.target(left, scope, depth);
      // The value of an assignment is what is right of it: only where that goes nowhere may another thing stand there.
      if (isStatement && left.type === 'ArrayPattern') {
        this.iterated(right, scope, depth);
        return;
      }
      this.visit(right, scope, depth);
      return;
    }
    if (!isElement(left) || (scope === null && operator !== '=')) {
      this.oddTarget(node.left, scope, depth);
      this.edits.into(left, () => this.visit(right, scope, depth));
      return;
    }
    const site = this.edits.site(left, left.object);
    const at = tokenAt(this.edits.source, node.left.end, operator);
    if (scope === null) {
      const [array, key] = this.edits.names(0);
      const value = `${this.edits.prefix}2`;
      this.edits.before(
        node.start,
        `((${array},${key},${value})=>${this.edits.prefix}.w(${array},${key},${array}[${key}]=${value},${site}))(`,
      );
      this.operands(left, null, 0, [',', '']);
      this.edits.replace(at, at + 1, ',');
      this.visit(right, null, 0);
      this.edits.after(node.end, ')');
      return;
    }
    const isObject = isPlain(left.object) && isPure(left.property) && isPure(right);
    const isKey = isPlain(left.property) && isPure(right);
    const [array, key] = this.operandNames(left, scope, depth, isObject, isKey);
    const first = isObject ? '' : `${array}=`;
    const between = isKey ? ',' : `,${key}=`;
    const element = `${array}[${key}]`;
    const { prefix } = this.edits;
    let end = `,${site})`;
    if (/^(&&|\|\||\?\?)=$/.test(operator)) {
      this.edits.before(node.start, `${prefix}.o(${prefix}.r(${first}`);
      this.operands(left, scope, depth, [between, `,${element},${site})`]);
      this.edits.replace(at, at + 3, `${operator.slice(0, 2)}${prefix}.w(${array},${key},${element}=`);
      end += ')';
    } else {
      this.edits.before(node.start, `${prefix}.w(${first}`);
      this.operands(left, scope, depth, [between, `,${element}`]);
      if (operator !== '=') {
        const binary = operator.slice(0, -1);
        this.edits.replace(at, at + operator.length, `=${prefix}.r(${array},${key},${element},${site})${binary}(`);
        end = `)${end}`;
      }
    }
    this.visit(right, scope, depth + 1);
    this.edits.after(node.end, end);
  }

  /** `a[i]++`, `--a[i]` */
  update(node: Node, scope: Scope | null, depth: number): void {
    const target = withoutMark(node.argument);
    if (scope === null || !isElement(target)) {
      this.oddTarget(node.argument, scope, depth);
      return;
    }
    const site = this.edits.site(target, target.object);
    const isObject = isPlain(target.object) && isPure(target.property);
    const isKey = isPlain(target.property);
    const [array, key] = this.operandNames(target, scope, depth, isObject, isKey);
    this.edits.before(node.start, `${this.edits.prefix}.u(${isObject ? '' : `${array}=`}`);
    if (node.prefix) this.edits.replace(node.start, node.start + 2, '');
    const sign = node.prefix ? node.operator : '';
    this.operands(target, scope, depth, [isKey ? ',' : `,${key}=`, `,${sign}${array}[${key}]`]);
    this.edits.after(node.end, `,${site})`);
  }

  /** What is assigned to by destructuring or by a loop: `a[i]` there becomes a property that is assigned to and reports. */
  target(target: Node, scope: Scope | null, depth: number): void {
    switch (target.type) {
      case 'ArrayPattern':
        for (const element of target.elements) if (element !== null) this.target(element, scope, depth);
        return;
      case 'ObjectPattern':
        for (const property of target.properties) {
          if (property.computed) this.visit(property.key, scope, depth);
          this.target(property.type === 'RestElement' ? property : property.value, scope, depth);
        }
        return;
      case 'RestElement':
        this.target(target.argument, scope, depth);
        return;
      case 'AssignmentPattern':
        this.target(target.left, scope, depth);
        this.visit(target.right, scope, depth);
        return;
    }
    if (!isElement(target)) {
      this.oddTarget(target, scope, depth);
      return;
    }
    this.edits.before(target.start, `${this.edits.prefix}.t(`);
    this.operands(target, scope, depth, [',', `,${this.edits.site(target, target.object)}).v`]);
  }

  /** Visits array and key of an element, and puts texts in the places of its brackets. */
  private operands(node: Node, scope: Scope | null, depth: number, [open, close]: [string, string]): void {
    const { object, property } = node;
    this.visit(object, scope, depth);
    const bracket = tokenAt(this.edits.source, object.end, '[');
    const isList = property.type === 'SequenceExpression';
    this.edits.replace(bracket, bracket + 1, isList ? `${open}(` : open);
    this.visit(property, scope, depth + 1);
    this.edits.replace(node.end - 1, node.end, isList ? `)${close}` : close);
  }

  /** Names for array and key: their own texts where these can stand twice, else variables. */
  private operandNames(node: Node, scope: Scope, depth: number, isObject: boolean, isKey: boolean): [string, string] {
    const text = ({ start, end }: Node): string => this.edits.source.slice(start, end);
    if (isObject && isKey) return [text(node.object), text(node.property)];
    const [array, key] = this.edits.names(depth, scope);
    return [isObject ? text(node.object) : array, isKey ? text(node.property) : key];
  }

  /** A target that cannot be rewritten: `(a[i])++`, or `a[i]++` among parameters. */
  private oddTarget(node: Node, scope: Scope | null, depth: number): void {
    let target = node;
    while (WRAPPER.test(target.type)) target = target.expression;
    if (isElement(target))
      this.edits.missed(target, scope === null ? 'outside of a function\u2019s body' : 'in parentheses');
    this.reference(node, scope, depth);
  }

  /** What must stay what it is: the target of a call or of `delete`. What it is made of is rewritten. */
  reference(node: Node, scope: Scope | null, depth: number): void {
    if (WRAPPER.test(node.type)) this.reference(node.expression, scope, depth);
    else if (node.type === 'MemberExpression') this.member(node, scope, depth);
    else this.visit(node, scope, depth);
  }

  private member({ object, computed, property }: Node, scope: Scope | null, depth: number): void {
    if (object.type !== 'Super') this.visit(object, scope, depth);
    if (computed) this.visit(property, scope, depth);
  }

  /** Something that is iterated over by the language itself. */
  iterated(node: Node, scope: Scope | null, depth: number): void {
    if (/^(ArrayExpression|StringLiteral|TemplateLiteral)$/.test(node.type)) {
      this.visit(node, scope, depth);
      return;
    }
    this.wrap(node, 'i', scope, depth);
  }

  /** Puts a call around an expression. */
  wrap(node: Node, call: 'i' | 'n' | 'k', scope: Scope | null, depth: number): void {
    this.edits.before(node.start, `${this.edits.prefix}.${call}(`);
    this.visit(node, scope, depth);
    this.edits.after(node.end, `,${this.edits.site(node, node)})`);
  }
}
