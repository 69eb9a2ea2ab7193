// Makes plain JavaScript of a benchmark and installs what it compares with.
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

/** Installs the packages in a `peers` folder, unless they are there as its package.json says. */
export function installPeers(peers: string): void {
  const lock = join(peers, 'node_modules/.package-lock.json');
  if (existsSync(lock) && statSync(lock).mtimeMs > statSync(join(peers, 'package.json')).mtimeMs) return;
  process.stderr.write('Installing the packages to compare with …\n');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: peers, stdio: 'inherit' });
}

/** Bundles `entry` into the `peers` folder, from where it finds the packages to compare with. Returns the bundle. */
export async function bundle(entry: string, peers: string, external: string[]): Promise<URL> {
  const outfile = join(peers, '.build', entry.replace(/^.*\//, '').replace(/\.ts$/, '.mjs'));
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifySyntax: true, // as the published packages are built
    conditions: ['@idspace/source'],
    external,
  });
  return pathToFileURL(outfile);
}

/** The process of a contestant, as a source file. */
export const CONTESTANT: string = fileURLToPath(new URL('./contestant.ts', import.meta.url));
