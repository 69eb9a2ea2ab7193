// The rows of a package over the sources of any revision: one bundle each, of the same benchmark.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build, type Plugin } from 'esbuild';
import { AS_PUBLISHED } from './build.ts';

const ROOT = fileURLToPath(new URL('../../../../', import.meta.url));
const ROWS = fileURLToPath(new URL('./rows.ts', import.meta.url));

/** A revision that does not exist, or lacks what is to be measured. */
export class RevisionError extends Error {}

/** Returns the whole name of a commit. @throws RevisionError if git knows none by that name. */
export function commitOf(revision: string, root: string = ROOT): string {
  const { status, stdout } = git(root, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`);
  if (status !== 0) throw new RevisionError(`got revision '${revision}', expected one that \`git rev-parse\` knows`);
  return stdout.toString().trim();
}

/** Writes the packages of a commit into a new folder. */
export function exportCommit(commit: string, folder: string, root: string = ROOT): void {
  const { status, stdout, stderr } = git(root, 'archive', '--format=tar', commit, 'packages');
  if (status !== 0) throw new RevisionError(`${commit} has no packages: ${stderr.toString().trim()}`);
  mkdirSync(folder, { recursive: true });
  const tar = spawnSync('tar', ['-x', '-C', folder], { input: stdout });
  if (tar.status !== 0) throw new Error(`tar: ${tar.error?.message ?? tar.stderr}`);
}

function git(root: string, ...args: string[]): { status: number | null; stdout: Buffer; stderr: Buffer } {
  return spawnSync('git', args, { cwd: root, maxBuffer: 2 ** 30 });
}

/** Tells whether sources of packages are as the last commit has them: a result would be kept under a wrong name otherwise. */
export function isClean(root: string = ROOT): boolean {
  return git(root, 'status', '--porcelain', '--', 'packages/*/src', 'packages/*/bench/*.ts').stdout.length === 0;
}

/**
 * Bundles `packages/NAME/bench/rows.ts` of this tree with the packages of another.
 *
 * Dependencies from npm and testkit are those of this tree. What the other tree does not export yet is undefined, so that a row which
 * uses it fails when it is set up, and no other does.
 *
 * @param name Of the package.
 * @param tree Folder with `packages`.
 * @param outfile Where the bundle goes.
 * @throws RevisionError if the tree cannot be built.
 */
export async function bundleRows(name: string, tree: string, outfile: string): Promise<URL> {
  const bench = join(ROOT, 'packages', name, 'bench');
  try {
    await build({
      ...AS_PUBLISHED,
      stdin: {
        contents: `import { rows } from './rows.ts'; import { contestantsOf } from ${JSON.stringify(ROWS)};
          export const contestants = contestantsOf(rows);`,
        resolveDir: bench,
      },
      outfile,
      nodePaths: [join(ROOT, 'packages', name, 'node_modules'), join(ROOT, 'node_modules')],
      banner: {
        js: "import { createRequire as require_ } from 'node:module'; const require = require_(import.meta.url);",
      },
      plugins: [packagesOf(tree)],
      logLevel: 'silent',
    });
  } catch (error) {
    throw new RevisionError(`${name} cannot be built: ${(error as Error).message}`);
  }
  return pathToFileURL(outfile);
}

/** Takes packages from a tree, and gives undefined for names that they lack. */
function packagesOf(tree: string): Plugin {
  return {
    name: 'packages-of-a-tree',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^@idspace\// }, ({ path, importer, namespace }) => {
        const [, name = '', rest = ''] = /^@idspace\/([^/]+)(.*)$/.exec(path)!;
        if (name === 'testkit') return undefined;
        const file = sourceOf(tree, name, rest);
        const isBenchmark =
          namespace === 'file' && importer.startsWith(join(ROOT, 'packages')) && /\/bench\//.test(importer);
        return isBenchmark
          ? { path: file ?? path, namespace: 'lenient' }
          : file === undefined
            ? undefined
            : { path: file };
      });
      // A star export of a CommonJS module makes esbuild leave unknown names to run time: undefined.
      onLoad({ filter: /.*/, namespace: 'lenient' }, ({ path }) => ({
        contents: `${existsSync(path) ? `export * from ${JSON.stringify(path)};` : ''} export * from 'nothing-more';`,
        resolveDir: tree,
      }));
      onResolve({ filter: /^nothing-more$/ }, () => ({ path: 'nothing-more', namespace: 'nothing-more' }));
      onLoad({ filter: /.*/, namespace: 'nothing-more' }, () => ({ contents: 'module.exports = {};' }));
    },
  };
}

/** Returns the source of an entry point, or undefined where the tree has none. */
function sourceOf(tree: string, name: string, rest: string): string | undefined {
  const manifest = join(tree, 'packages', name, 'package.json');
  if (!existsSync(manifest)) return undefined;
  const { exports = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    exports?: Record<string, string | Record<string, string>>;
  };
  const entry = exports[`.${rest}`];
  const source = typeof entry === 'object' ? entry['@idspace/source'] : entry;
  return source && join(tree, 'packages', name, source);
}
