// Bundles a module of targets with all that it imports into one file, instrumented, dependencies included.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { instrumentEdges } from './edges.ts';
import type { Words } from './target.ts';

/** Not the code under test: what feeds it and what looks at it. */
const HARNESS = /^(packages|apps)\/(testkit|[^/]+\/(test|fuzz))\/|node_modules\/(tar|minipass|@isaacs)\//;
const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
/** Has parts that are not JavaScript. */
const EXTERNAL = ['koffi', 'esbuild', 'vitest'];

/** What a bundle exports beside the targets. */
export interface BundleFacts {
  /** Edges that the bundle has, numbered from 0. */
  readonly known: number;
  readonly words: Words;
}

/**
 * Writes the bundle.
 *
 * @param module File that exports `TARGETS`. @param path Where the bundle is written.
 */
export async function bundleTargets(module: string, path: string): Promise<BundleFacts> {
  let edges = 0;
  const texts = new Set<string>();
  const numbers = new Set<number>();
  const plugin: Plugin = {
    name: 'edges',
    setup({ onLoad }) {
      onLoad({ filter: /\.[cm]?[jt]sx?$/, namespace: 'file' }, ({ path }) => {
        const url = pathToFileURL(path);
        const source = readFileSync(path, 'utf8')
          .replaceAll('import.meta.url', JSON.stringify(url.href))
          .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)));
        const loader = /\.[cm]?tsx?$/.test(path) ? 'ts' : 'js';
        if (HARNESS.test(relative(ROOT, path))) return { contents: source, loader };
        const made = instrumentEdges(source, path, edges);
        edges = made.next;
        for (const text of made.texts) texts.add(text);
        for (const number of made.numbers) numbers.add(number);
        return { contents: made.code, loader };
      });
    },
  };
  const { outputFiles } = await build({
    ...{ entryPoints: [module], bundle: true, write: false, platform: 'node', format: 'esm', target: 'node20' },
    ...{ conditions: ['@idspace/source'], external: EXTERNAL, keepNames: true, logLevel: 'silent', plugins: [plugin] },
    banner: { js: "import{createRequire as $require}from'node:module';const require=$require(import.meta.url);" },
  });
  const { code, known } = numbered(outputFiles[0]!.text);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, code);
  // Files are read in any order.
  return { known, words: { texts: [...texts].sort(), numbers: [...numbers].sort((a, b) => a - b) } };
}

/** Numbers the edges in the order of the bundle, in which code that is never imported is left out: the same sources, the same bundle. */
function numbered(code: string): { code: string; known: number } {
  const numbers = new Map<string, number>();
  const renumbered = code.replace(/(\$edges\d*)\[(\d+)\]/g, (_, name: string, old: string) => {
    if (!numbers.has(old)) numbers.set(old, numbers.size);
    return `${name}[${numbers.get(old)}]`;
  });
  return { code: renumbered, known: numbers.size };
}

/** Where bundles are kept: beside what is installed, so that what stays outside of them is found. */
export const BUNDLES: string = fileURLToPath(new URL('../../../../node_modules/.cache/idspace-fuzz/', import.meta.url));
