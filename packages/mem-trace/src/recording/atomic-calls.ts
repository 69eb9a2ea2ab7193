// The calls of Atomics that access an element, with the place in the source as first argument.

/** Reports an access, if it is one. */
type Access = (array: unknown, key: unknown, isRead: boolean, isWrite: boolean, site: number) => void;

export type AtomicCalls = Readonly<
  Record<string, (site: number, array: unknown, index: unknown, ...rest: unknown[]) => unknown>
>;

type Native = (array: unknown, index: unknown, ...rest: unknown[]) => unknown;

/** Returns the calls. Each does what the language's does, then reports: a read, a write, or one after the other. */
export function atomicCalls(access: Access): AtomicCalls {
  const natives = Atomics as unknown as Record<string, Native>;
  const calls: Record<string, AtomicCalls[string]> = {};
  const define = (
    name: string,
    report: (value: unknown, site: number, array: unknown, key: number, rest: unknown[]) => void,
  ): void => {
    calls[name] = (site, array, index, ...rest) => {
      // Looked up each time: a program may put another function there.
      const value = natives[name](array, index, ...rest);
      report(value, site, array, Math.trunc(Number(index)) || 0, rest);
      return value;
    };
  };
  for (const name of ['add', 'and', 'exchange', 'or', 'sub', 'xor'])
    define(name, (_, site, array, key) => access(array, key, true, true, site));
  for (const name of ['load', 'wait', 'waitAsync'])
    define(name, (_, site, array, key) => access(array, key, true, false, site));
  define('store', (_, site, array, key) => access(array, key, false, true, site));
  // It writes only what it finds as expected: a narrow element holds the expected value cut to its size.
  define('compareExchange', (found, site, array, key, [expected]) =>
    access(array, key, true, isSame(array, found, expected), site),
  );
  return calls;
}

/** Whether a value is what an element holds once the other is put there. */
function isSame(array: unknown, found: unknown, expected: unknown): boolean {
  const one = (array as Int32Array).slice(0, 1);
  one[0] = expected as number;
  return one[0] === found;
}
