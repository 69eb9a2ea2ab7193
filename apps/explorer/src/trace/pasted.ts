// A class that was pasted, as a script that a worker runs before its own.

/** What a pasted script leaves for the worker: the classes that it declares, by name. */
export const PASTED = 'idspacePasted';

/** Seconds that a pasted class may take. */
export const MOST_SECONDS = 10;

/**
 * What reaches for a network or another script. The page's policy refuses each use, and browsers write each refusal on the console: so the first use
 * throws instead, in the line that makes it.
 */
const REFUSED = ['fetch', 'XMLHttpRequest', 'WebSocket', 'WebTransport', 'EventSource', 'Worker', 'importScripts'];

/** Runs before what was pasted, in the same line as its first. */
export const GUARD: string = `{
  for (const name of ${JSON.stringify(REFUSED)}) {
    globalThis[name] = function refused() {
      const error = new TypeError(name + ' is not there: this page has no network');
      Error.captureStackTrace?.(error, refused);
      throw error;
    };
  }
}`.replace(/\n\s*/g, ' ');

const CLASS = /(?:^|[;}\s])class\s+([A-Za-z_$][\w$]*)/g;

/**
 * Makes the script. Lines keep their numbers, so that an error names the line in what was pasted.
 *
 * @throws RangeError where there is no class with a name, or something is imported.
 */
export function pastedScript(code: string): string {
  // Seen roughly, as what is wrong with the rest is told by the engine itself.
  const plain = code.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
  if (/^\s*import\b|(?<![.\w$])import\s*\(/m.test(plain)) {
    throw new RangeError('got an import, expected a class that needs nothing else: this page loads nothing');
  }
  const names = [...new Set([...plain.matchAll(CLASS)].map(([, name]) => name!))];
  if (names.length === 0) throw new RangeError('got no class with a name, expected one with allocate() and free(id)');
  const script = code.replace(/^(\s*)export\s+(?:default\s+)?(?=class\b)/gm, '$1');
  const classes = names.map((name) => `${name}: typeof ${name} === 'undefined' ? undefined : ${name}`);
  return `'use strict';${script}\n;globalThis.${PASTED} = { ${classes.join(', ')} };`;
}
