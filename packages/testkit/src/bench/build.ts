// Makes plain JavaScript of a benchmark and installs what it compares with.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type BuildOptions, build } from 'esbuild';

/** Installs the packages in a `peers` folder, unless they are there as its package.json says. */
export function installPeers(peers: string): void {
  const lock = join(peers, 'node_modules/.package-lock.json');
  if (existsSync(lock) && statSync(lock).mtimeMs > statSync(join(peers, 'package.json')).mtimeMs) return;
  process.stderr.write('Installing the packages to compare with …\n');
  execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: peers, stdio: 'inherit' });
}

/** Makes those peers that are partly native load in another Node: built again for it, beside what is there. */
export function rebuildPeers(peers: string, native: readonly string[], node: string): void {
  const load = native.map((name) => `require(${JSON.stringify(name)});`).join('');
  if (spawnSync(node, ['-e', load], { cwd: peers }).status === 0) return;
  process.stderr.write(`Building ${native.join(', ')} for another Node …\n`);
  const env = {
    ...process.env,
    PATH: [dirname(node), process.env.PATH].join(delimiter),
    npm_config_nodedir: dirname(dirname(node)), // its own headers
  };
  execFileSync('npm', ['rebuild', ...native, '--loglevel=error'], { cwd: peers, stdio: 'inherit', env });
}

/** How benchmarks are bundled: as the published packages are built. */
export const AS_PUBLISHED: BuildOptions = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20',
  minifySyntax: true,
  conditions: ['@idspace/source'],
};

/** Bundles `entry` into the `peers` folder, from where it finds the packages to compare with. Returns the bundle. */
export async function bundle(entry: string, peers: string, external: string[]): Promise<URL> {
  const outfile = join(peers, '.build', entry.replace(/^.*\//, '').replace(/\.ts$/, '.mjs'));
  await build({
    ...AS_PUBLISHED,
    entryPoints: [entry],
    outfile,
    external,
  });
  return pathToFileURL(outfile);
}

/** The process of a contestant, as a source file. */
export const CONTESTANT: string = fileURLToPath(new URL('./contestant.ts', import.meta.url));
