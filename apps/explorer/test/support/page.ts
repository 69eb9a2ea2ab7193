// The page as it is built, opened from disk in Chromium, with everything that it says or asks for written down.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { hasChromium, leaveTab, type Opened, openTab } from '@idspace/testkit/browser';
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

/** Where the last build is kept, for the other processes of a run and for the next. */
const CACHE = join(ROOT, 'node_modules/.cache/idspace-explorer-page');
const BUILDING = 'building-';

/** All that a build reads: files, and folders with all that is in them. */
function inputs(): string[] {
  const packages = readdirSync(join(ROOT, 'packages')).map((name) => join(ROOT, 'packages', name));
  return [
    ...['src', 'build', 'index.html', 'vite.config.ts', 'package.json'].map((name) => join(APP, name)),
    ...packages.flatMap((path) =>
      ['src', 'proto', 'package.json', 'test/ground-truth'].map((name) => join(path, name)),
    ),
    ...['apps/lab/examples', 'pnpm-lock.yaml'].map((name) => join(ROOT, name)),
  ].filter((path) => existsSync(path));
}

/** A name for the state of the inputs: which there are, of what size, and when they were written. */
function stateOfInputs(): string {
  const hash = createHash('sha256');
  for (const input of inputs()) {
    const inside = statSync(input).isDirectory() ? (readdirSync(input, { recursive: true }) as string[]).sort() : [''];
    for (const name of inside) {
      const { size, mtimeMs } = statSync(join(input, name));
      hash.update(`${join(input, name)} ${size} ${mtimeMs}\n`);
    }
  }
  return hash.digest('hex').slice(0, 24);
}

/** Builds the page, where the one that is kept is of other inputs. */
async function buildAll(): Promise<Map<string, Buffer>> {
  const kept = join(CACHE, stateOfInputs());
  if (!existsSync(kept)) await buildInto(kept);
  return new Map(readdirSync(kept).map((name) => [name, readFileSync(join(kept, name))]));
}

/** Builds beside the place, and moves it there: other processes see the whole of it, or nothing. */
async function buildInto(place: string): Promise<void> {
  for (const old of existsSync(CACHE) ? readdirSync(CACHE) : []) {
    if (!old.startsWith(BUILDING)) rmSync(join(CACHE, old), { recursive: true, force: true });
  }
  mkdirSync(CACHE, { recursive: true });
  const outDir = mkdtempSync(join(CACHE, BUILDING));
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production'; // as for `pnpm build`: vitest has another, with which the page is larger
  try {
    const configFile = join(APP, 'vite.config.ts');
    await build({ configFile, mode: 'production', logLevel: 'warn', build: { outDir, emptyOutDir: false } });
    renameSync(outDir, place);
  } catch (error) {
    rmSync(outDir, { recursive: true });
    if (!existsSync(place)) throw error; // else another process was first
  } finally {
    process.env.NODE_ENV = NODE_ENV;
  }
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
