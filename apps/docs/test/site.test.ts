// The whole site, built: every link is followed, and a browser reads it while all other servers are out of reach.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { BUDGET_SHARE } from '../../../packages/testkit/src/index.ts';
import { fileOf, serve } from '../../../test/support/serve.ts';
import { history } from '../build/history.ts';
import { markdownIn, pageOf } from '../build/pages.ts';

const HERE = join(import.meta.dirname, '..');
const ROOT = join(HERE, '../..');
const DIST = join(HERE, 'dist');
const CHROMIUM = '/usr/bin/chromium';
const isFull = BUDGET_SHARE >= 1;
if (!isFull) console.log('site.test.ts: skipped, it builds the site: IDSPACE_TEST_BUDGET=full runs it');
else if (!existsSync(CHROMIUM))
  console.warn(`SKIPPED: the site in a browser, for want of ${CHROMIUM} (apt-get install -y chromium)`);

/** Pages that are looked at: one of each kind. */
const LOOKED_AT = [
  '/',
  '/guides/choosing',
  '/packages/xarray/',
  '/more/id-spaces',
  '/api/xarray',
  '/speed',
  '/explore',
];

describe.skipIf(!isFull)('the site', () => {
  let pages: string[];
  const read = (page: string): string => readFileSync(join(DIST, page), 'utf8');

  beforeAll(() => {
    execFileSync(process.execPath, ['--import', 'tsx', 'build/site.ts'], { cwd: HERE, stdio: 'pipe' });
    pages = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /(?<!^explorer)\.html$/.test(file),
    );
  });

  test('has a page for every file that is one, and no other', () => {
    const expected = markdownIn(ROOT).flatMap((source) => pageOf(source)?.replace(/\.md$/, '.html') ?? []);
    expect([...pages].sort()).toEqual([...expected, '404.html'].sort());
    expect(pages.length).toBeGreaterThan(70);
  });

  test('has no link to what is not there, page and heading', () => {
    const names = new Map(
      pages.map((page) => [page, new Set([...read(page).matchAll(/\bid="([^"]*)"/g)].map(([, id]) => id!))]),
    );
    const broken: string[] = [];
    let followed = 0;
    for (const page of pages.filter((page) => page !== '404.html')) {
      for (const [, href = ''] of read(page).matchAll(/<a\b[^>]*?\shref="([^"]*)"/g)) {
        if (/^[a-z]+:/.test(href)) continue;
        const { pathname, hash } = new URL(href.replaceAll('&amp;', '&'), `http://site/${page}`);
        const file = fileOf(DIST, pathname)?.slice(DIST.length + 1);
        const isThere = file !== undefined && (hash === '' || names.get(file)?.has(decodeURIComponent(hash.slice(1))));
        if (!isThere) broken.push(`${page}: ${href}`);
        followed++;
      }
    }
    expect([...new Set(broken)]).toEqual([]);
    expect(followed).toBeGreaterThan(5000);
  });

  test('loads nothing from elsewhere', () => {
    const ELSEWHERE =
      /<(?:script|img|iframe|source)\b[^>]*\bsrc(?:set)?="(?:https?:)?\/\/[^"]*|<link\b[^>]*\bhref="(?:https?:)?\/\/[^"]*/g;
    expect(pages.flatMap((page) => read(page).match(ELSEWHERE) ?? [])).toEqual([]);
    const styles = readdirSync(join(DIST, 'assets')).filter((file) => file.endsWith('.css'));
    for (const style of styles) expect(read(`assets/${style}`)).not.toMatch(/url\(["']?(?:https?:)?\/\//);
  });

  test('shows measured numbers, API from docstrings, and the explorer as it was built', () => {
    const [, measured = ''] = /^\| load, random, dense \| [^|]+ \| ([^|]+?) \|/m.exec(
      readFileSync(join(ROOT, 'packages/xarray/docs/measured.md'), 'utf8'),
    )!;
    expect(read('guides/choosing.html')).toContain(`<td>${measured}</td>`);
    expect(read('api/xarray.html')).toContain('Maps integers to integers like a Map, in ascending order of key.');
    expect(read('speed.html')).not.toContain('[[history]]');
    const drawings = (html: string): number => html.split('<svg class="history"').length - 1;
    expect(drawings(read('speed.html'))).toBe(drawings(history(ROOT)));
    expect(read('explorer.html')).toBe(readFileSync(join(ROOT, 'apps/explorer/dist/index.html'), 'utf8'));
  });

  describe.skipIf(!existsSync(CHROMIUM))('in a browser', () => {
    let browser: Browser;
    let server: Awaited<ReturnType<typeof serve>>;
    const complaints: string[] = [];

    beforeAll(async () => {
      server = await serve(DIST);
      const args = [
        '--no-sandbox',
        '--disable-gpu',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-sync',
      ];
      browser = await chromium.launch({ executablePath: CHROMIUM, args });
    });

    afterAll(async () => {
      await browser?.close();
      server?.close();
    });

    /** Opens a page where there is no other server, and notes what goes wrong. */
    const open = async (path: string): Promise<{ tab: Page; close(): Promise<void> }> => {
      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
      const tab = await context.newPage();
      tab.on('pageerror', (error) => complaints.push(`${path}: ${error.message}`));
      tab.on('console', (said) => said.type() === 'error' && complaints.push(`${path}: ${said.text()}`));
      await tab.route(
        (url) => url.origin !== server.url,
        (route) => {
          complaints.push(`${path}: asks for ${route.request().url()}`);
          return route.abort();
        },
      );
      await tab.goto(server.url + path, { waitUntil: 'networkidle' });
      return { tab, close: () => context.close() };
    };

    test.each(LOOKED_AT)('%s fits every width, in both colour schemes', async (path) => {
      const { tab, close } = await open(path);
      for (const width of [400, 1440]) {
        for (const colorScheme of ['light', 'dark'] as const) {
          await tab.setViewportSize({ width, height: 900 });
          await tab.emulateMedia({ colorScheme });
          await tab.waitForFunction(
            `document.documentElement.classList.contains('dark') === ${colorScheme === 'dark'}`,
          );
          const seen = await tab.evaluate(`({
            tooWide: document.documentElement.scrollWidth > innerWidth,
            hasText: document.body.textContent.length > 200,
          })`);
          expect(seen, `${width} ${colorScheme}`).toEqual({ tooWide: false, hasText: true });
        }
      }
      await close();
      expect(complaints).toEqual([]);
    });

    test.each(['/speed', '/guides/choosing'])('no table of %s is cut off', async (path) => {
      const { tab, close } = await open(path);
      for (const width of [390, 1280]) {
        await tab.setViewportSize({ width, height: 900 });
        const seen = await tab.evaluate(`({
          tables: document.querySelectorAll('.vp-doc table').length > 0,
          cutOff: [...document.querySelectorAll('.vp-doc table')].filter((t) => t.scrollWidth > t.clientWidth).length,
        })`);
        expect(seen, `${width}`).toEqual({ tables: true, cutOff: 0 });
      }
      await close();
      expect(complaints).toEqual([]);
    });

    test('the search finds a class, and leads to it', async () => {
      const { tab, close } = await open('/');
      await tab.keyboard.press('Control+k');
      await tab.locator('.search-input').fill('getOrInsertComputed');
      await tab.locator('.results .result').first().click();
      await tab.waitForURL(/xarray/);
      await tab
        .getByRole('heading', { name: /getOrInsertComputed/ })
        .first()
        .waitFor();
      await close();
      expect(complaints).toEqual([]);
    });

    test('the explorer answers in its frame', async () => {
      const { tab, close } = await open('/explore');
      const frame = tab.frameLocator('iframe.explorer');
      await frame.getByRole('link', { name: 'Scenes', exact: true }).first().click();
      await frame.getByRole('button', { name: 'Next call' }).click();
      await frame.getByText('1 of 8 calls').waitFor();
      await close();
      expect(complaints).toEqual([]);
    });
  });
});
