// The program in a page of its own.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { type Additions, FIXTURES, MARKS } from '../scripts/compile.ts';

export const CHROMIUM = '/usr/bin/chromium';

/** Chromium with WebGL by software, a collector to call and a heap to read. */
export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--use-gl=angle',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--enable-precise-memory-info',
      '--js-flags=--expose-gc',
    ],
  });

/** What Emscripten writes. */
export interface Program {
  script: string;
  wasm: Buffer;
}

/** Reads the program that was compiled into a folder. */
export const programIn = (folder: string): Program => ({
  script: readFileSync(join(folder, 'program.js'), 'utf8'),
  wasm: readFileSync(join(folder, 'program.wasm')),
});

/** Reads the program of fixtures/, with scripts where `emcc` would have put them. */
export function prebuilt(added: Additions): Program {
  const { script, wasm } = programIn(FIXTURES);
  const { post, externPre } = MARKS;
  return { script: script.replace(externPre, () => added.externPre).replace(post, () => added.post), wasm };
}

export interface Seen {
  /** Of the pixels; 0 after an error of GL. */
  checksum: number;
  /** Largest name that the program was given. */
  highest: number;
  lengths: { buffers: number; textures: number };
  /** Bytes by which the page's heap grew while names were made without drawing. */
  grown: number;
  /** ms that took. */
  ms: number;
  /** What the page complained of. */
  errors: string[];
}

/** What the page has. */
interface Compiled {
  _start(): number;
  _frames(count: number): number;
  _names_only(count: number): void;
  _highest_name(): number;
  GL: { buffers: unknown[]; textures: unknown[] };
}

/** Draws frames, then only makes and deletes names. */
export async function measure(
  browser: Browser,
  { script, wasm }: Program,
  drawn: number,
  counted: number,
): Promise<Seen> {
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.setContent('<canvas id="canvas" width="64" height="64"></canvas>');
  await page.addScriptTag({
    content: `var ready = new Promise((onRuntimeInitialized) => {
      const wasmBinary = Uint8Array.from(atob('${wasm.toString('base64')}'), (byte) => byte.charCodeAt(0));
      globalThis.Module = { wasmBinary, canvas: document.querySelector('canvas'), onRuntimeInitialized };
    });`,
  });
  await page.addScriptTag({ content: script });
  const seen = await page.evaluate(
    async ([drawn, counted]) => {
      const { ready, Module, gc } = globalThis as unknown as { ready: Promise<void>; Module: Compiled; gc(): void };
      // Each read of `memory` is an object of its own.
      const page = performance as unknown as { memory: { usedJSHeapSize: number } };
      await ready;
      if (Module._start() !== 1) throw new Error('the program found no WebGL');
      const checksum = Module._frames(drawn!) >>> 0;
      gc();
      const before = page.memory.usedJSHeapSize;
      const start = performance.now();
      Module._names_only(counted!);
      const ms = performance.now() - start;
      gc();
      const grown = page.memory.usedJSHeapSize - before;
      const { buffers, textures } = Module.GL;
      const lengths = { buffers: buffers.length, textures: textures.length };
      return { checksum, highest: Module._highest_name(), lengths, grown, ms };
    },
    [drawn, counted],
  );
  await page.close();
  return { ...seen, errors };
}
