// How handles look in `console.log`: one line, made without taking a lock.

/**
 * Gives an object the line that `console.log` shows.
 *
 * Not a method of its class: bundlers cannot leave out a class that has one of a computed name, used or not.
 */
export function showAs(object: object, line: () => string): void {
  Object.defineProperty(object, Symbol.for('nodejs.util.inspect.custom'), {
    value: () => `${object.constructor.name} { ${line()} }`,
  });
}
