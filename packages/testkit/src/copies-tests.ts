// The tests of what becomes of objects in calls that look at fields: copied they would lose their methods, so they refuse; as JSON they
// are a line.
import { inspect } from 'node:util';
import { expect, test } from 'vitest';

/** Classes by name, and how to make one of each. */
export type Made = Readonly<Record<string, () => unknown>>;

/** Defines a test for each class: copies are refused, and the error has these words, which say what to send. */
export function testRefusedCopies(classes: Made, words: string): void {
  // Bun's error does not name the value that cannot be copied.
  const message = expect.stringContaining('Bun' in globalThis ? '' : words);
  test.each(Object.entries(classes))('%s refuses structuredClone and postMessage, and says what to send', (_, make) => {
    const { port1 } = new MessageChannel();
    for (const copy of [
      () => structuredClone(make()),
      () => structuredClone({ deep: [make()] }),
      () => port1.postMessage(make()),
    ]) {
      expect(copy).toThrow(expect.objectContaining({ name: 'DataCloneError', message }));
    }
    port1.close();
  });
}

/** Defines a test for each line: it is what console.log and JSON show of the object. */
export function testLines(lines: Made): void {
  test.each(Object.entries(lines))('as JSON it is the line of console.log: %s', (line, make) => {
    expect(inspect(make())).toBe(line);
    expect(JSON.stringify({ in: make() })).toBe(JSON.stringify({ in: line }));
  });
}
