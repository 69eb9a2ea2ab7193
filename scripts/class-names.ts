/**
 * Gives classes their names back: esbuild bundles a class that names itself as `var X = class _X`, and `X.name` is then '_X'.
 * Its own way to keep names is a call for every function and class, which no other bundler can leave out.
 */
export function withClassNames(code: string): string {
  const renamed = [...code.matchAll(/\b(\w+) ?= ?class _\1\b/g)].map(([, name]) => name);
  return renamed.reduce((text, name) => text.replaceAll(new RegExp(`(?<![.\\w$])_${name}\\b`, 'g'), name), code);
}
