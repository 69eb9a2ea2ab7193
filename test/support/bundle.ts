// What users' bundlers make of a part of a package: minified, gzipped, dependencies from outside the repository left out.
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build, transform } from 'esbuild';
import { rollup } from 'rollup';
import { entryPoints, published } from './workspace.ts';

/** What is not ours, or comes with the runtime. */
const OUTSIDE = ['@bufbuild/*', '@streamparser/*', 'zstddec/*', 'node:*'];

/** The built file of every entry point, by what users import it as. */
const built = new Map(
  published.flatMap((pkg) =>
    entryPoints(pkg).map(
      ({ specifier, built }) => [specifier, { file: join(pkg.path, built), folder: pkg.path }] as const,
    ),
  ),
);

/**
 * Bundles a module with esbuild, as if it lay in a package's folder: a package can import itself by its name.
 *
 * @throws Error for what esbuild warns of: a user who bundles the package would see it.
 */
export async function bundledByEsbuild(contents: string, folder: string): Promise<Uint8Array> {
  const { outputFiles, warnings } = await build({
    stdin: { contents, resolveDir: folder },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'node',
    external: OUTSIDE,
    logLevel: 'silent',
  });
  if (warnings.length > 0) throw new Error(warnings.map(({ text }) => text).join('\n'));
  return outputFiles[0]!.contents;
}

/** Bundles a module with rollup, which reads of package.json what its plugin for Node's resolution would: no side effects. */
export async function bundledByRollup(contents: string): Promise<Uint8Array> {
  const entry = '\0entry';
  const bundle = await rollup({
    input: entry,
    plugins: [
      {
        name: 'entry-points',
        resolveId(id) {
          if (id === entry) return entry;
          if (id.startsWith('.')) return null;
          const target = built.get(id);
          return target === undefined ? { id, external: true } : { id: target.file, moduleSideEffects: false };
        },
        load: (id) => (id === entry ? contents : null),
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'esm' });
  const { code } = await transform(output[0].code, { minify: true, format: 'esm' });
  return new TextEncoder().encode(code);
}

/** Bytes that one export of an entry point adds to a page. */
export async function sizesOf(name: string, specifier: string): Promise<{ esbuild: number; rollup: number }> {
  const contents = `export { ${name} } from '${specifier}'`;
  const { folder } = built.get(specifier)!;
  return {
    esbuild: gzipped(await bundledByEsbuild(contents, folder)),
    rollup: gzipped(await bundledByRollup(contents)),
  };
}

export function gzipped(bytes: Uint8Array): number {
  return gzipSync(bytes, { level: 9 }).length;
}
