// Checkpoints given to the page in Chromium: the same plans as the command line's, whatever the form; errors, a Stop, the form, the matrix.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, deflateRawSync } from 'node:zlib';
import { withinBudget } from '@idspace/testkit';
import { FROM_SOURCES } from '@idspace/testkit/sources';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { gzip, podmanTar, zstdStored } from '../../../packages/restore-planner/test/support/archives.ts';
import { dockerArchive, ociLayout, tarred } from '../../../packages/restore-planner/test/support/container-images.ts';
import { pageWords } from '../src/checkpoint/sentences.ts';
import { installed, usePage } from './support/page.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const RECORDED = join(ROOT, 'packages/restore-planner/test/ground-truth');
const FIXTURES = join(ROOT, 'packages/restore-planner/test/fixtures');

const FILE = 'input[type=file][aria-label="Choose a file"]';
const FOLDER = 'input[type=file][aria-label="Choose a folder"]';

const folder = mkdtempSync(join(tmpdir(), 'idspace-drops-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function imagesOf(set: string): Record<string, Uint8Array> {
  const names = readdirSync(join(RECORDED, set)).filter((name) => name.endsWith('.img'));
  return Object.fromEntries(names.map((name) => [name, Uint8Array.from(readFileSync(join(RECORDED, set, name)))]));
}

const tar = podmanTar(imagesOf('criu-ids/mixed'));
const LISTING = [7, 3].map((id) => `ID: ${id}\nsignal: 14/0\nnotify: signal/pid.42\nClockID: 1\n`).join('');

/** Files by their names, as they lie in the folder. */
const FILES: Record<string, Uint8Array | string> = {
  'mixed.tar': tar,
  'mixed.tar.gz': gzip(tar),
  'mixed.tar.zst': zstdStored(tar),
  'sparse.tar.zst': readFileSync(join(FIXTURES, 'sparse-level-19.tar.zst')),
  'zeroed-heap.tar.zst': readFileSync(join(FIXTURES, 'zeroed-heap-500MB.tar.zst')),
  'oci.tar': tarred(ociLayout([zstdStored(tar)])),
  'docker.tar': tarred(dockerArchive(tar)),
  'core-7001.json': readFileSync(join(RECORDED, 'criu-ids/mixed/core-7001.json')),
  'listing.txt': LISTING,
};

const FOLDERS: Record<string, () => void> = {
  images: () => cpSync(join(RECORDED, 'criu-ids/sysv-ipc'), join(folder, 'images'), { recursive: true }),
  layout: () => {
    for (const [path, bytes] of Object.entries(ociLayout([gzip(tar)]))) {
      mkdirSync(dirname(join(folder, 'layout', path)), { recursive: true });
      writeFileSync(join(folder, 'layout', path), bytes);
    }
  },
};

/** What is given to the page, and where. */
const GIVEN = withinBudget(
  [
    ...Object.keys(FILES).map((name) => [name, FILE] as const),
    ...Object.keys(FOLDERS).map((name) => [name, FOLDER] as const),
  ],
  { least: 2 },
);
/** The plan of each, by its name: as the command line makes them, in one run. */
const plans = new Map<string, object>();

beforeAll(() => {
  for (const [name, bytes] of Object.entries(FILES)) writeFileSync(join(folder, name), bytes);
  for (const make of Object.values(FOLDERS)) make();
  for (const { path, plan } of planned(...GIVEN.map(([name]) => name)).checkpoints) plans.set(path, plan);
});

/** What `idspace plan --json` prints. */
function planned(...words: string[]): { checkpoints: { path: string; plan: object }[] } {
  const args = [...FROM_SOURCES, join(ROOT, 'apps/lab/src/cli.ts'), 'plan', ...words, '--json'];
  return JSON.parse(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 }));
}

async function saved(tab: Page): Promise<{ checkpoints: { path: string; plan: object }[] }> {
  const [download] = await Promise.all([tab.waitForEvent('download'), tab.click('text="Save as JSON"')]);
  return JSON.parse(readFileSync(await download.path(), 'utf8'));
}

/** An archive in gzip that takes some seconds to expand: one member of zeros, 7 GiB in 7 MiB. */
function zeros(): Uint8Array {
  const size = 7 * 2 ** 30;
  const header = Buffer.alloc(512);
  header.write('checkpoint/pages-1.img');
  header.write('0000644\0', 100);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        0', 148);
  header.write(
    `${[...header]
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  const flush = { finishFlush: constants.Z_FULL_FLUSH };
  const piece = deflateRawSync(Buffer.alloc(2 ** 24), flush); // ends at a byte, and refers to nothing before it
  const gzipHeader = gzip(new Uint8Array(0)).subarray(0, 10);
  return Buffer.concat([gzipHeader, deflateRawSync(header, flush), ...Array(size / 2 ** 24).fill(piece)]);
}

describe.skipIf(!installed)('in Chromium', () => {
  const open = usePage();

  test.each(GIVEN)('%s: the plan of idspace plan --json', async (name, input) => {
    const { tab, complaints } = await open('#checkpoint');
    await tab.setInputFiles(input, join(folder, name));
    await tab.waitForSelector('.verdict');
    const [here] = (await saved(tab)).checkpoints;
    expect(here).toEqual({ path: name, plan: plans.get(name) });
    expect(complaints).toEqual([]);
  });

  test('with a kernel, a CRIU and a machine: as with --on', async () => {
    const target = { format: 'idspace-target', version: 1, pidMax: 7002, ptysTaken: [0], maxUserWatches: 1 };
    writeFileSync(join(folder, 'node.json'), JSON.stringify(target));
    const { tab } = await open('#checkpoint');
    await tab.setInputFiles(FILE, join(folder, 'mixed.tar'));
    await tab.waitForSelector('.verdict.ok');
    await tab.fill('input[list=kernels]', 'v6.1');
    await tab.fill('input[list=crius]', '4.1');
    await tab.setInputFiles(FILE, join(folder, 'node.json'));
    await tab.waitForSelector('.verdict.fails');
    const there = planned('mixed.tar', '--on', 'node.json', '--kernel', '6.1', '--criu', '4.1').checkpoints[0]!;
    expect((await saved(tab)).checkpoints[0]!.plan).toEqual(there.plan);
    const { reasons } = there.plan as { reasons: { text: string; remedy: string }[] };
    expect((await tab.textContent('.verdict'))!.toLowerCase()).toContain(pageWords(reasons[0]!.text).toLowerCase());
    expect((await tab.textContent('.verdict .remedy'))!.toLowerCase()).toContain(
      pageWords(reasons[0]!.remedy).toLowerCase(),
    );
    // By hand: what is typed is taken, what is wrong is told at the field.
    await tab.fill('#pidMax', '4194304');
    await tab.fill('#maxUserWatches', 'many');
    await tab.waitForSelector('#maxUserWatches[aria-invalid=true] + small.wrong');
    const again = { ...target, pidMax: 4194304, maxUserWatches: undefined };
    writeFileSync(join(folder, 'node.json'), JSON.stringify(again));
    const typed = planned('mixed.tar', '--on', 'node.json', '--kernel', '6.1', '--criu', '4.1').checkpoints[0]!;
    expect((await saved(tab)).checkpoints[0]!.plan).toEqual(typed.plan);
  });

  test('dropped and pasted, with examples to try; nothing is complained of', async () => {
    const { tab, complaints } = await open('#checkpoint');
    for (const label of ['Try timers', 'Try one']) {
      await tab.click(`button:text("${label}")`);
      await tab.waitForSelector('.matrix');
    }
    const drop = (text: string, name: string): string =>
      `(() => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([${JSON.stringify(text)}], '${name}'));
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }));
      })()`;
    await tab.evaluate(drop(LISTING, 'dropped.txt'));
    await tab.waitForSelector('h2:text("dropped.txt")');
    await tab.click('summary:text("Paste text")');
    await tab.fill('.paste textarea', LISTING.replace('ID: 7', 'ID: 2000000'));
    await tab.click('text="Read it"');
    await tab.waitForSelector('h2:text("pasted text")');
    await tab.waitForSelector('td:text("3 and 2,000,000")');
    await tab.evaluate(drop('nothing of a checkpoint', 'notes.txt'));
    await tab.waitForSelector('.error');
    expect(await tab.locator('.verdict').count()).toBe(0); // nothing of the one before
    expect(await tab.textContent('.error')).toBe(
      'notes.txt: got a file of another kind, expected an archive (tar, plain or in gzip or zstd), JSON of crit, or the text of /proc/PID/timers',
    );
    expect(complaints).toEqual([]);
  });

  test('a link has kernel and CRIU, and a cell says why it ends so', async () => {
    const { tab, complaints } = await open('#checkpoint/6.18~3.18');
    await tab.click('button:text("Try timers")');
    await tab.waitForSelector('.matrix .chosen');
    expect(await tab.inputValue('input[list=kernels]')).toBe('6.18');
    expect(await tab.inputValue('input[list=crius]')).toBe('3.18');
    expect(await tab.textContent('.matrix .chosen')).toContain(
      'Will fail. CRIU before 4.1 does not start on this kernel.',
    );
    expect(await tab.textContent('.matrix button[aria-pressed=true]')).toContain('CRIU before 4.1 does not start');
    await tab.evaluate(`location.hash = '#checkpoint/restricted:65536~4.2'`);
    await expect.poll(() => tab.inputValue('input[list=kernels]')).toBe('restricted:65536');
    await tab.waitForSelector('.versions small:text("only IDs 0 to 65,535")');
    await tab.evaluate(`location.hash = '#checkpoint/%zz~'`);
    await tab.evaluate('new Promise((done) => setTimeout(done))');
    expect(await tab.inputValue('input[list=kernels]')).toBe('restricted:65536');
    expect(complaints).toEqual([]);
  });

  test('a cell of the matrix plans with its pair, by keyboard', async () => {
    const { tab } = await open('#checkpoint');
    await tab.click('button:text("Try timers")');
    await tab.waitForSelector('.matrix');
    await tab.focus('.matrix button[aria-label^="CRIU 4.1 on a kernel as proposed: lowest free ID:"]');
    await tab.keyboard.press('Enter');
    await tab.waitForSelector('.verdict.fails');
    expect(await tab.inputValue('input[list=kernels]')).toBe('dense');
    expect(await tab.evaluate('location.hash')).toBe('#checkpoint/dense~4.1');
    // What it comes to is seen where the click was.
    expect(await tab.textContent('.matrix .chosen')).toContain('Will fail.');
    expect(await tab.textContent('.announcement')).toMatch(
      /^CRIU 4\.1 on a kernel as proposed: lowest free ID: Will fail: process 12,010/,
    );
    await tab.waitForSelector(
      '.matrix button[aria-pressed=true][aria-label^="CRIU 4.1 on a kernel as proposed: lowest free ID:"]',
    );
    await tab.fill('input[list=kernels]', 'denes');
    await tab.waitForSelector('.error');
    expect(await tab.textContent('.error')).toMatch(/denes.*dense/);
  });

  test('what expands for seconds leaves the page usable, and Stop ends it', async () => {
    const { tab } = await open('#checkpoint');
    writeFileSync(join(folder, 'zeros.tar.gz'), zeros());
    await tab.setInputFiles(FILE, join(folder, 'zeros.tar.gz'));
    await tab.waitForSelector('text="Stop"');
    await tab.click('summary:text("Nothing leaves this page")');
    expect(await tab.textContent('.policy')).toContain("connect-src 'none'");
    await tab.click('text="Stop"');
    await tab.waitForSelector('text="Stop"', { state: 'detached' });
    expect(await tab.textContent('.announcement')).toBe('Stopped.');
    await tab.setInputFiles(FILE, join(folder, 'mixed.tar'));
    await tab.waitForSelector('.verdict.ok');
  });

  test.each(withinBudget(readdirSync(FIXTURES).filter((name) => name.startsWith('zstd-endless'))))(
    '%s is refused',
    async (name) => {
      const { tab } = await open('#checkpoint');
      await tab.setInputFiles(FILE, join(FIXTURES, name));
      await tab.waitForSelector('.error');
      expect(await tab.textContent('.error')).toContain(name);
    },
  );
});
