// How handles look in `console.log` and as JSON: one line, made without taking a lock.

/**
 * Gives an object the line that `console.log` shows, and that JSON has in place of all words of the memory.
 *
 * Not methods of its class: bundlers cannot leave out a class that has one of a computed name, used or not.
 */
export function showAs(object: object, line: () => string, name: string = object.constructor.name): void {
  const value = (): string => `${name} { ${line()} }`;
  for (const key of ['toJSON', Symbol.for('nodejs.util.inspect.custom')]) Object.defineProperty(object, key, { value });
}
