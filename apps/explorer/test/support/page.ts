// The page as it is built, opened from disk in Chromium, with everything that it says or asks for written down.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { hasChromium, leaveTab, type Opened, openTab } from '@idspace/testkit/browser';
import { kept, sourcesOfPackages } from '@idspace/testkit/sources';
import { build } from 'vite';
import { afterAll, beforeAll } from 'vitest';

const APP = fileURLToPath(new URL('../../', import.meta.url));
const ROOT = join(APP, '../..');

export type { Opened };

/** Whether page tests can run: `describe.skipIf(!installed)`. */
export const installed: boolean = hasChromium('the explorer in a browser');

/** What a build writes, by name. */
let built: Promise<Map<string, Buffer>> | undefined;

/** Puts the page, built from the sources, into a folder. Returns the path of the file. A build takes a second or two. */
export async function buildPage(folder: string): Promise<string> {
  built ??= buildAll();
  for (const [name, bytes] of await built) writeFileSync(join(folder, name), bytes);
  return join(folder, 'index.html');
}

/** All that a build reads: files, and folders with all that is in them. */
function inputs(): string[] {
  const packages = readdirSync(join(ROOT, 'packages')).map((name) => join(ROOT, 'packages', name));
  return [
    ...sourcesOfPackages(),
    ...['src', 'build', 'index.html', 'vite.config.ts', 'package.json'].map((name) => join(APP, name)),
    ...packages.flatMap((path) => ['proto', 'package.json', 'test/ground-truth'].map((name) => join(path, name))),
    join(ROOT, 'apps/lab/examples'),
  ].filter((path) => existsSync(path));
}

/** Builds the page, where the one that is kept is of other inputs. */
async function buildAll(): Promise<Map<string, Buffer>> {
  const folder = await kept('explorer-page', inputs(), async (outDir) => {
    const { NODE_ENV } = process.env;
    process.env.NODE_ENV = 'production'; // as for `pnpm build`: vitest has another, with which the page is larger
    try {
      const configFile = join(APP, 'vite.config.ts');
      await build({ configFile, mode: 'production', logLevel: 'warn', build: { outDir, emptyOutDir: false } });
    } finally {
      process.env.NODE_ENV = NODE_ENV;
    }
  });
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
}

/**
 * Builds the page before the tests of a file; it goes afterwards.
 *
 * @returns A function that opens the page at a hash, as if for the first time.
 */
export function usePage(): (hash?: string, options?: Parameters<typeof openTab>[0]) => Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'idspace-explorer-'));
  let url: string;
  beforeAll(async () => {
    url = pathToFileURL(await buildPage(folder)).href;
  });
  afterAll(async () => {
    await leaveTab();
    rmSync(folder, { recursive: true, force: true });
  });
  // A blob is memory of the page: the script of its worker, or a file to save.
  const isExpected = (asked: string): boolean => asked.startsWith(url) || asked.startsWith('blob:');
  return async (hash = '', options = {}) => {
    const opened = await openTab(options, isExpected);
    await opened.tab.goto(url + hash);
    return opened;
  };
}
