// The text of a source as it is rewritten, and the places in it that report.
import type MagicString from 'magic-string';
import { labelOf } from './label.ts';
import type { Node } from './syntax.ts';

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

/** Where variables for operands can be declared: a function's body, a module. */
export interface Scope {
  /** Pairs of variables that its code needs. */
  pairs: number;
}

export class Edits {
  readonly sites: Site[] = [];
  readonly unseen: UnseenCode[] = [];
  readonly source: string;
  /** What is called in rewritten code; with a number behind it, a variable. */
  readonly prefix: string;
  /** The class whose code is being rewritten. */
  className = '';
  /** What the value of an expression is put into: a new array is called so. */
  private target = '';
  private readonly text: MagicString;
  private readonly firstSite: number;

  constructor(source: string, text: MagicString, prefix: string, firstSite: number) {
    this.source = source;
    this.text = text;
    this.prefix = prefix;
    this.firstSite = firstSite;
  }

  /** Puts a text before what stands at a place, behind all that was put there. */
  before(at: number, text: string): void {
    this.text.appendLeft(at, this.gap(at) + text);
  }

  /** Puts a text behind what ends at a place, and behind all that was put there. */
  after(at: number, text: string): void {
    this.text.appendLeft(at, text);
  }

  /** Puts a text at a place, before all that was put there. */
  first(at: number, text: string): void {
    if (at === 0) this.text.prepend(text);
    else this.text.prependLeft(Math.min(at, this.source.length), text);
  }

  replace(from: number, to: number, text: string): void {
    this.text.update(from, to, text);
  }

  /** A blank where a name would run into the word before it: `return(a)[i]`. */
  gap(at: number): string {
    return at > 0 && /[\w$]/.test(this.source[at - 1]) ? ' ' : '';
  }

  /** Numbers a place that reports. @param array What the array is reached by there. */
  site({ loc: { start } }: Node, array: Node): number {
    const isNew = array.type === 'NewExpression';
    const label = isNew && this.target !== '' ? this.target : labelOf(array, this.className, this.source);
    this.sites.push({ line: start.line, column: start.column + 1, label });
    return this.firstSite + this.sites.length - 1;
  }

  /** Rewrites the value of a variable or a field. */
  into(holder: Node, rewrite: () => void): void {
    const outer = this.target;
    this.target = labelOf(holder, this.className, this.source);
    rewrite();
    this.target = outer;
  }

  missed({ loc: { start } }: Node, why: string): void {
    this.unseen.push({ line: start.line, column: start.column + 1, why });
  }

  /** Declares the variables of a scope. */
  declaration({ pairs }: Scope): string {
    if (pairs === 0) return '';
    return `let ${Array.from({ length: pairs * 2 }, (_, i) => `${this.prefix}${i}`).join()};`;
  }

  /** Names of two variables; with a scope, they are declared there. */
  names(depth: number, scope?: Scope): [string, string] {
    if (scope !== undefined) scope.pairs = Math.max(scope.pairs, depth + 1);
    return [`${this.prefix}${2 * depth}`, `${this.prefix}${2 * depth + 1}`];
  }
}
