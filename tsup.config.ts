import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';
import { withClassNames } from './scripts/class-names.ts';
import { writeDeclarations } from './scripts/declarations.ts';

// One build for every package: the entries are what its package.json publishes, and what that starts.
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const exported = Object.values(manifest.exports ?? {}).flatMap((target) =>
  typeof target === 'object' && target !== null && '@idspace/source' in target
    ? [(target as Record<string, string>)['@idspace/source'] as string]
    : [],
);
const binaries = Object.values((manifest.bin ?? {}) as Record<string, string>).map((path) =>
  path.replace('./dist/', './src/').replace(/\.js$/, '.ts'),
);

/** Whether the sources are published, so that maps can lead to them. */
const hasSources: boolean = (manifest.files ?? []).includes('src');

/** Programs that a package starts as processes of their own. */
const children: string[] = manifest.children ?? [];

const classNames = {
  name: 'class-names',
  renderChunk: (code: string) => ({ code: withClassNames(code) }),
};

/**
 * Lets bundlers leave out a class that has a method for `console.log`: esbuild keeps a class with a computed member, used or not.
 * A call that is marked as pure may go when its result is not used. The arrow function holds no variables, so that methods
 * reach those of the module as before.
 */
const droppableClasses = {
  name: 'droppable-classes',
  renderChunk: (code: string) => ({
    code: code.replaceAll(
      /\b(\w+) = class(?: \1)?\b([^{]*\{\n[\s\S]*?\n\})(?=[;,])/g,
      (whole, name: string, body: string) =>
        body.includes('Symbol.for("nodejs.util.inspect.custom")')
          ? `${name} = /* @__PURE__ */ (() => class ${name}${body})()`
          : whole,
    ),
  }),
};

/**
 * Leaves out imports that bring no name: esbuild writes them where entries share a chunk. A package that says it has no side effects has
 * none there either, and a bundler would warn of each. The line stays, empty, for the source map.
 */
const namedImports = {
  name: 'named-imports',
  renderChunk: (code: string) => ({
    code: manifest.sideEffects === false ? code.replaceAll(/^import "\.{1,2}\/[^"]+";$/gm, '') : code,
  }),
};

export default defineConfig({
  entry: [...exported, ...binaries, ...children],
  // '#…': what a package's manifest says under "imports" is found when it runs.
  external: [...Object.keys(manifest.optionalDependencies ?? {}), /^#/],
  format: 'esm',
  removeNodeProtocol: false, // 'node:fs' is the system's, whatever is installed under 'fs'
  target: 'node20',
  clean: true,
  sourcemap: hasSources,
  plugins: [classNames, droppableClasses, namedImports],
  // Puts numbers where a module names them. As variables of a module, which bundling makes of constants, they would be read
  // and checked each time: XArray's calls took a quarter longer.
  esbuildOptions: (options) => {
    options.minifySyntax = true;
    options.sourcesContent = false; // they lie beside
  },
  // tsup's own declarations need a type check per package, which took three quarters of the build.
  onSuccess: async () => writeDeclarations(exported, process.cwd(), hasSources),
});
