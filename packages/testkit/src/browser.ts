// One Chromium for all test files of a process, and one tab that serves one test after another: a page that is loaded again in a
// tab takes a third of what it takes in a new one.
import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { HANG_MS } from './hang.ts';
import { worker } from './worker.ts';

/** Chromium without a window takes half the CPU time to start and to draw a page; the whole one is as good where it is missing. */
const CHROMIUM = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((file) => existsSync(file));
const QUIET = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-sync'];

/** Says whether tests can open Chromium, for `describe.skipIf`; and prints what is skipped where they cannot. */
export function hasChromium(what: string): boolean {
  const has = CHROMIUM !== undefined;
  if (!has) console.warn(`SKIPPED: ${what}, for want of Chromium (apt-get install -y chromium-headless-shell)`);
  return has;
}

let browser: Promise<Browser> | undefined;

/** Starts Chromium at the first call. It ends with this process, which is one of vitest's. */
function launched(): Promise<Browser> {
  browser ??= launch();
  return browser;
}

async function launch(): Promise<Browser> {
  const started = await chromium.launch({
    ...(CHROMIUM !== undefined && { executablePath: CHROMIUM }),
    args: [...QUIET, '--disable-component-update'],
    timeout: HANG_MS,
    // Other tests of this process emit signals: none may end it.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
  });
  // vitest waits for this when it ends a process. A Chromium that is killed would leave files behind.
  worker()?.onCleanup(() => started.close());
  return started;
}

export interface Opened {
  readonly tab: Page;
  /** Console messages, errors, requests and refusals by the page's policy so far; a good page has none. */
  readonly complaints: string[];
}

/** A tab, and where what is seen in it is written down: each page that is opened has a list of its own. */
interface Watched {
  readonly tab: Page;
  complaints: string[];
  isExpected: (url: string) => boolean;
}

/** The tab that is used again and again; and the one with options of its own, if one is open. */
let reused: Promise<Watched> | undefined;
let own: Page | undefined;

/**
 * Opens an empty page that has nothing of the pages before: in the tab that they had, or in a tab of its own if there are options
 * that a tab has from its beginning. It is there until the next one is opened.
 *
 * @param options `isOwn` for a tab of its own whatever the other options: for what lasts as long as a tab, such as a clock.
 * @param isExpected Which requests are no complaint. Default: none.
 */
export async function openTab(
  {
    viewport = { width: 1280, height: 720 },
    colorScheme = 'light',
    isOwn = false,
    ...more
  }: BrowserContextOptions & { isOwn?: boolean } = {},
  isExpected: (url: string) => boolean = () => false,
): Promise<Opened> {
  await leaveTab();
  const isReused = !isOwn && Object.keys(more).length === 0;
  const watched = await (isReused ? (reused ??= watch({})) : watch(more));
  const { tab } = watched;
  if (!isReused) own = tab;
  await tab.setViewportSize(viewport!);
  await tab.emulateMedia({ colorScheme, media: null });
  watched.complaints = [];
  watched.isExpected = isExpected;
  return { tab, complaints: watched.complaints };
}

/** Ends the page that is open, and forgets what it stored: for the end of a file, so that nothing goes on running. */
export async function leaveTab(): Promise<void> {
  await own?.close();
  own = undefined;
  const tab = (await reused)?.tab;
  if (tab === undefined) return;
  if (tab.isClosed()) {
    reused = undefined;
    return;
  }
  // A page that was set as a text has an origin of its own, and stores nothing.
  if (!tab.url().startsWith('about:')) await tab.evaluate('localStorage.clear(); sessionStorage.clear()');
  await tab.goto('about:blank');
}

async function watch(options: BrowserContextOptions): Promise<Watched> {
  const tab = await (await launched()).newPage(options);
  tab.setDefaultTimeout(HANG_MS);
  const watched: Watched = { tab, complaints: [], isExpected: () => true };
  const complain = (text: string): void => void watched.complaints.push(text);
  tab.on('console', (message) => complain(message.text()));
  tab.on('pageerror', (error) => complain(String(error)));
  tab.on('request', (request) => {
    if (!watched.isExpected(request.url())) complain(request.url());
  });
  await tab.exposeFunction('violated', complain);
  await tab.addInitScript(
    `addEventListener('securitypolicyviolation', (event) => violated(event.violatedDirective + ' ' + event.blockedURI))`,
  );
  return watched;
}
