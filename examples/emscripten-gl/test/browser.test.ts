// A C program that draws, compiled by Emscripten, in Chromium: with the names as Emscripten counts them and with the pool.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { budget } from '@idspace/testkit';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Additions, additions, compile, emccVersion, NOTHING } from '../scripts/compile.ts';
import { CHROMIUM, launch, measure, type Program, prebuilt, programIn, type Seen } from './page.ts';

const installed = existsSync(CHROMIUM);
if (!installed)
  console.warn(`SKIPPED: WebGL names in a browser, for want of ${CHROMIUM} (apt-get install -y chromium)`);
const version = emccVersion();
if (version === undefined) {
  console.warn(
    'SKIPPED: WebGL names compiled here, for want of emcc (apt-get install -y emscripten, 1 GB): the prebuilt program runs',
  );
}

const ALIVE = 100;
const DELAY = 256;
const DRAWN = budget(2_560, 640);
/** Names without drawing: as many as make the tables of Emscripten's way large. */
const COUNTED = 200_000;

const folder = mkdtempSync(join(tmpdir(), 'idspace-emscripten-'));
let browser: Browser;
let pools: Additions;
beforeAll(async () => {
  pools = await additions();
  if (installed) browser = await launch();
});
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Compiles with flags, or takes the prebuilt program where they are undefined. */
function program(flags: string[] | undefined, added: Additions): Program {
  if (flags === undefined) return prebuilt(added);
  const out = join(folder, [...flags, added === NOTHING ? 'plain' : 'pools'].join(''));
  compile(out, added, flags);
  return programIn(out);
}

const BUILDS: [string, string[] | undefined][] = [
  ['the prebuilt program', undefined],
  ...(version === undefined
    ? []
    : ([
        ['-O0', ['-O0']],
        ['-O3, WebGL 2', ['-O3', '-sMAX_WEBGL_VERSION=2']],
      ] as [string, string[]][])),
];

describe.skipIf(!installed).each(BUILDS)('%s', (_, flags) => {
  let plain: Seen;
  let pooled: Seen;
  beforeAll(async () => {
    plain = await measure(browser, program(flags, NOTHING), DRAWN, COUNTED);
    pooled = await measure(browser, program(flags, pools), DRAWN, COUNTED);
  });

  test('the pixels are the same, and no call of GL fails', () => {
    expect(plain.errors.concat(pooled.errors)).toEqual([]);
    expect(plain.checksum).not.toBe(0);
    expect(pooled.checksum).toBe(plain.checksum);
  });

  test("Emscripten's names count up, and its tables with them", () => {
    // Before: a context, two shaders and the program.
    expect(plain.highest).toBe(4 + 2 * (DRAWN + COUNTED));
    expect(plain.lengths).toEqual({ buffers: plain.highest, textures: plain.highest + 1 });
  });

  test("the pool's names stay among those that live, rest, or are not yet seen to be deleted", () => {
    const most = ((ALIVE + DELAY) * 4) / 3 + 8;
    expect(pooled.highest).toBeLessThanOrEqual(most);
    expect(pooled.lengths.buffers).toBeLessThanOrEqual(most);
    expect(pooled.lengths.textures).toBeLessThanOrEqual(most);
  });

  test('so the heap does not grow', () => {
    // Two tables with a pointer of 4 bytes at least for each name.
    expect(plain.grown).toBeGreaterThan(2 * 4 * 2 * COUNTED);
    expect(pooled.grown).toBeLessThan(plain.grown / 8);
  });
});
