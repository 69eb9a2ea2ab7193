// The page as it is built, opened from disk in Chromium, with everything that it says or asks for written down.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { HANG_MS } from '@idspace/testkit';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll } from 'vitest';

const APP = fileURLToPath(new URL('../../', import.meta.url));
const CHROMIUM = '/usr/bin/chromium';
const QUIET = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'];

/** Whether page tests can run: `describe.skipIf(!installed)`. */
export const installed: boolean = existsSync(CHROMIUM);
if (!installed)
  console.warn(`SKIPPED: the explorer in a browser, for want of ${CHROMIUM} (apt-get install -y chromium)`);

/** What a build writes, by name: one build for all test files of a process. */
let built: Promise<Map<string, Buffer>> | undefined;

/** Puts the page, built from the sources, into a folder. Returns the path of the file. The first call takes a second or two. */
export async function buildPage(folder: string): Promise<string> {
  built ??= buildAll();
  for (const [name, bytes] of await built) writeFileSync(join(folder, name), bytes);
  return join(folder, 'index.html');
}

async function buildAll(): Promise<Map<string, Buffer>> {
  const outDir = mkdtempSync(join(tmpdir(), 'idspace-explorer-build-'));
  const { NODE_ENV } = process.env;
  process.env.NODE_ENV = 'production'; // as for `pnpm build`: vitest has another, with which the page is larger
  try {
    const configFile = join(APP, 'vite.config.ts');
    await build({ configFile, mode: 'production', logLevel: 'warn', build: { outDir, emptyOutDir: false } });
    return new Map(readdirSync(outDir).map((name) => [name, readFileSync(join(outDir, name))]));
  } finally {
    process.env.NODE_ENV = NODE_ENV;
    rmSync(outDir, { recursive: true });
  }
}

export interface Opened {
  readonly tab: Page;
  /** Console messages, errors, requests and refusals by the policy so far; a good page has none. */
  readonly complaints: string[];
}

/**
 * Builds the page before the tests of a file and starts the browser; both go afterwards.
 *
 * @returns A function that opens the page at a hash in a new tab. Close the tab when done with it.
 */
export function usePage(): (hash?: string, options?: BrowserContextOptions) => Promise<Opened> {
  const folder = mkdtempSync(join(tmpdir(), 'idspace-explorer-'));
  let browser: Browser | undefined;
  let url: string;
  beforeAll(async () => {
    url = pathToFileURL(await buildPage(folder)).href;
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [...QUIET, '--disable-component-update'],
      timeout: HANG_MS,
    });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return async (hash = '', options = {}) => {
    const tab = await browser!.newPage(options);
    tab.setDefaultTimeout(HANG_MS);
    const complaints: string[] = [];
    tab.on('console', (message) => complaints.push(message.text()));
    tab.on('pageerror', (error) => complaints.push(String(error)));
    tab.on('request', (request) => {
      // A blob is memory of the page: the script of its worker, or a file to save.
      if (!request.url().startsWith(url) && !request.url().startsWith('blob:')) complaints.push(request.url());
    });
    await tab.exposeFunction('violated', (text: string) => complaints.push(text));
    await tab.addInitScript(
      `addEventListener('securitypolicyviolation', (event) => violated(event.violatedDirective + ' ' + event.blockedURI))`,
    );
    await tab.goto(url + hash);
    return { tab, complaints };
  };
}
