// Makes `toThrow('text')` fail where `undefined` or `null` is thrown: chai compares the message of what is thrown, and takes one that has
// none for right.

interface Utils {
  flag(assertion: object, name: string, value?: unknown): unknown;
  overwriteMethod(
    object: object,
    name: string,
    make: (original: (...args: unknown[]) => unknown) => (this: object, ...args: unknown[]) => unknown,
  ): void;
}

/** A plugin of chai, for `toThrow` as Vitest defines it. */
export function errorForNothing(chai: { Assertion: { prototype: object } }, utils: Utils): void {
  for (const name of ['toThrow', 'toThrowError']) {
    utils.overwriteMethod(chai.Assertion.prototype, name, (original) => {
      return function (...expected) {
        const object = utils.flag(this, 'object');
        if (utils.flag(this, 'promise') === 'rejects') utils.flag(this, 'object', orError(object));
        else if (typeof object === 'function') utils.flag(this, 'object', throwingErrors(object as () => unknown));
        return original.apply(this, expected);
      };
    });
  }
}

function throwingErrors(call: () => unknown): () => unknown {
  return () => {
    try {
      return call();
    } catch (thrown) {
      throw orError(thrown);
    }
  };
}

function orError(thrown: unknown): unknown {
  return thrown ?? new Error(`${thrown} was thrown`);
}
