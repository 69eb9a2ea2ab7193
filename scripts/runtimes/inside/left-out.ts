// What a runtime does not have: a stand-in whose use ends a test as left out, with the name of what it wanted.

/** The reason that a test is left out, once something that is missing has been used. */
let wanted: string | undefined;

/** Thrown where a test uses what is missing. A test that catches it is left out all the same. */
export class LeftOut extends Error {
  readonly what: string;
  constructor(what: string) {
    super(`${what} is not here`);
    this.what = what;
    wanted = what;
  }
}

/** Returns what was missing since the last call, and forgets it. */
export function takeWanted(): string | undefined {
  const what = wanted;
  wanted = undefined;
  return what;
}

/** Makes a value that can be passed on, and that throws {@link LeftOut} as soon as anything is done with it. */
export function standIn(what: string, has: Readonly<Record<string, unknown>> = {}): never {
  // Not an arrow: an engine does not even try to construct what has no constructor.
  function refuse(): never {
    throw new LeftOut(what);
  }
  return new Proxy(refuse, {
    // An engine or a bundler looks at these without a program that wants them.
    get: (_, key) => (typeof key === 'symbol' || key === '__esModule' ? undefined : key in has ? has[key] : refuse()),
    has: (_, key) => key in has,
    apply: refuse,
    construct: refuse,
    set: refuse,
  }) as never;
}

/** Makes a module of which every export is a stand-in. */
export function standInModule(name: string): never {
  const exports = new Proxy({}, { get: (_, key) => (typeof key === 'symbol' ? undefined : standIn(name)) });
  // A bundler copies a module's own names, which are not known here, and keeps its prototype.
  return Object.create(exports) as never;
}
