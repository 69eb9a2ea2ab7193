// What the repository-wide tests know of the packages: read from their package.json, never listed by hand.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT: string = fileURLToPath(new URL('../../', import.meta.url));

export interface Manifest {
  name: string;
  version: string;
  private?: boolean;
  sideEffects?: boolean;
  exports?: Record<string, string | Record<string, string>>;
  bin?: Record<string, string>;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  peerDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

export interface Package {
  /** Folder, relative to the root: `packages/xarray`. */
  folder: string;
  /** Absolute path of the folder. */
  path: string;
  manifest: Manifest;
}

/** Every workspace package, in the order of their folders. */
export const packages: Package[] = ['packages', 'apps', 'examples'].flatMap((group) =>
  readdirSync(join(ROOT, group))
    .filter((name) => existsSync(join(ROOT, group, name, 'package.json')))
    .map((name) => {
      const path = join(ROOT, group, name);
      return {
        folder: `${group}/${name}`,
        path,
        manifest: JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) as Manifest,
      };
    }),
);

/** Those that go to npm. */
export const published: Package[] = packages.filter(({ manifest }) => !manifest.private);

/** The entry points of a package that can be imported: `.`, `./shared` …, with what each is called by users. */
export function entryPoints({ manifest }: Package): { specifier: string; built: string }[] {
  return Object.entries(manifest.exports ?? {}).flatMap(([subpath, target]) =>
    typeof target === 'string' || !target.default
      ? []
      : [{ specifier: subpath.replace(/^\./, manifest.name), built: target.default }],
  );
}

/** A package and everything that depends on it at run time, directly or not. */
export function withDependents(name: string): string[] {
  const found = new Set([name]);
  for (let size = 0; size < found.size; ) {
    size = found.size;
    for (const { manifest } of published) {
      if (Object.keys(manifest.dependencies ?? {}).some((dependency) => found.has(dependency)))
        found.add(manifest.name);
    }
  }
  return [...found].sort();
}
