// Instrumenting what Node.js loads, modules and CommonJS alike.
import { createRequire, register } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { checkKeys, refused } from './misuse.ts';
import { instrumentFile, type Loaded, type Loading } from './node-hooks.ts';

export interface ModulesOptions {
  /** Which files are instrumented: those whose path it finds itself in. Default: all but this package's own. */
  only?: RegExp | undefined;
}

/** What newer Node.js has: hooks in the thread itself, for `import` and `require`. */
type RegisterHooks = (hooks: {
  load(url: string, context: unknown, next: (url: string, context: unknown) => Loaded): Loaded;
}) => void;

let isDone = false;

/**
 * Instruments every JavaScript file that Node.js loads from now on: call it before the program is loaded, as with
 * `node --import ./first.js program.js`. TypeScript is instrumented where Node.js itself runs it.
 *
 * What is loaded already is not instrumented, and neither are worker threads that load without this call. A file that cannot be parsed is
 * loaded as it is. A second call does nothing.
 *
 * @throws RangeError for an option.
 */
export function instrumentModules(options: ModulesOptions = {}): void {
  const { only = /(?:)/ } = checkKeys('instrumentModules', 'options', options, 'only');
  if (!(only instanceof RegExp)) throw refused('instrumentModules', 'options.only', only, 'a regular expression');
  if (isDone) return;
  isDone = true;
  const loading: Loading = { only, next: new SharedArrayBuffer(4), recorder: sibling('recording') };
  const require = createRequire(import.meta.url);
  const { registerHooks } = require('node:module') as { registerHooks?: RegisterHooks };
  if (registerHooks !== undefined) {
    registerHooks({
      load(url, context, next) {
        const loaded = next(url, context);
        const source = instrumentFile(url, loaded, loading);
        return source === undefined ? loaded : { ...loaded, source };
      },
    });
    return;
  }
  // Before: hooks in another thread for modules, and the function that all CommonJS files pass through.
  register(sibling('node-hooks'), { data: loading });
  const { Module } = require('node:module') as { Module: { prototype: { _compile: Compile } } };
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (content, path, ...rest) {
    const made = instrumentFile(pathToFileURL(path).href, { format: 'commonjs', source: content }, loading);
    return compile.call(this, made ?? content, path, ...rest);
  };
}

type Compile = (this: unknown, content: string, path: string, ...rest: unknown[]) => unknown;

/** The URL of another file of this package. */
function sibling(name: string): string {
  return new URL(`./${name}${/\.[a-z]+$/.exec(fileURLToPath(import.meta.url))![0]}`, import.meta.url).href;
}
