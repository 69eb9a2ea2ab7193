// What the site knows of the packages: read from their manifests.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface EntryPoint {
  /** What users import it as: '@idspace/xarray/shared'. */
  specifier: string;
  /** Relative to the folder of the package: './src/shared/index.ts'. */
  source: string;
}

export interface PublishedPackage {
  name: string;
  description: string;
  /** Relative to the root: 'packages/xarray'. */
  folder: string;
  entries: EntryPoint[];
}

/** Reads which packages are published, in the order of their names; the app has no entry points. */
export function publishedPackages(root: string): PublishedPackage[] {
  return readdirSync(join(root, 'packages'))
    .map((name) => `packages/${name}`)
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
    .flatMap((folder) => {
      const {
        name,
        description,
        exports = {},
        private: isPrivate,
      } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
        name: string;
        description: string;
        exports?: Record<string, Record<string, string>>;
        private?: boolean;
      };
      const entries = Object.entries(exports).flatMap(([path, { '@idspace/source': source }]) =>
        source === undefined ? [] : [{ specifier: path.replace(/^\./, name), source }],
      );
      return isPrivate ? [] : [{ name, description, folder, entries }];
    });
}
