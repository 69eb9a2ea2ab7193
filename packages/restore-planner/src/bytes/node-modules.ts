// What Node.js does better than what it has in common with browsers. Asked for at run time: an import would stop bundlers for browsers.

const { process } = globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } };

/** Node's zlib and streams; undefined in a browser. */
export const zlib: typeof import('node:zlib') | undefined = builtin('node:zlib') as typeof import('node:zlib');
export const streams: typeof import('node:stream') | undefined = builtin('node:stream') as typeof import('node:stream');

function builtin(name: string): unknown {
  return process?.getBuiltinModule?.(name);
}
