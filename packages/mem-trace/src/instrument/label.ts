// What an array is called in reports: the class and field it was reached by, or the variable.
import { type Node, withoutMark } from './syntax.ts';

/** Characters of an expression that a label shows. */
const LONGEST = 40;

/**
 * Returns the label of an expression that is an array.
 *
 * `this.slots` in class Tree is 'Tree.slots', `other.slots` is 'other.slots', `rows[i]` is 'rows[]'; anything else is its own text, cut.
 */
export function labelOf(expression: Node, className: string, source: string): string {
  const node = withoutMark(expression);
  switch (node.type) {
    case 'Identifier':
      return node.name;
    case 'ThisExpression':
      return className || 'this';
    case 'ParenthesizedExpression':
    case 'TSAsExpression':
    case 'TSSatisfiesExpression':
    case 'TSTypeAssertion':
      return labelOf(node.expression, className, source);
    case 'ClassProperty':
    case 'ClassPrivateProperty':
    case 'ClassAccessorProperty':
      return node.computed ? '' : `${className || 'class'}.${nameOf(node.key)}`;
    case 'AssignmentExpression':
      return labelOf(node.right, className, source);
    case 'MemberExpression':
    case 'OptionalMemberExpression': {
      if (node.object.type === 'Super') break;
      const object = labelOf(node.object, className, source);
      if (node.computed) return shorten(`${object}[]`);
      return shorten(`${object}.${nameOf(node.property)}`);
    }
  }
  return shorten(source.slice(node.start, node.end).replace(/\s+/g, ' '));
}

function nameOf(key: Node): string {
  return key.type === 'PrivateName' ? `#${key.id.name}` : String(key.name ?? key.value);
}

function shorten(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
