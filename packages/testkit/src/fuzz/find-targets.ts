// Finds the targets of the repository: what the modules in the `fuzz` folders of packages and apps export.
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { FuzzTarget, FuzzTargets } from './target.ts';

export interface FoundTarget {
  /** PACKAGE/TARGET. */
  readonly name: string;
  /** The target's own name. */
  readonly own: string;
  readonly target: FuzzTarget;
  /** File that exports it, and the folder of that. */
  readonly module: string;
  readonly folder: string;
}

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));

/** Finds the targets of one `fuzz` folder. */
async function targetsIn(folder: string): Promise<FoundTarget[]> {
  const found: FoundTarget[] = [];
  const name = basename(join(folder, '..'));
  for (const file of readdirSync(folder)
    .filter((file) => file.endsWith('.ts'))
    .sort()) {
    const module = join(folder, file);
    const { TARGETS = {} } = (await import(pathToFileURL(module).href)) as { TARGETS?: FuzzTargets };
    for (const [own, target] of Object.entries(TARGETS))
      found.push({ name: `${name}/${own}`, own, target, module, folder });
  }
  return found;
}

/** Finds all targets. */
export async function allTargets(): Promise<FoundTarget[]> {
  const folders = ['packages', 'apps'].flatMap((group) =>
    readdirSync(join(ROOT, group)).map((name) => join(ROOT, group, name, 'fuzz')),
  );
  return (await Promise.all(folders.filter((folder) => existsSync(folder)).map(targetsIn))).flat();
}
