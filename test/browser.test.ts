// Entry points that say they run in a browser: bundled for one, and run without anything that is Node's.
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, test } from 'vitest';
import type * as inTrace from '../packages/cache-sim/src/trace.ts';
import { type EvaluateOptions, evaluate as evaluateHere } from '../packages/evaluation/src/index.ts';
import {
  type planMatrix as PlanMatrix,
  type planRestore as PlanRestore,
  readCheckpoint,
} from '../packages/restore-planner/src/index.ts';
import * as inNode from '../packages/restore-planner/src/read.ts';
import { podmanTar, zstdStored } from '../packages/restore-planner/test/support/archives.ts';
import { published, ROOT } from './support/workspace.ts';

const PLANNER = join(ROOT, 'packages/restore-planner');
const IMAGES = join(PLANNER, 'test/ground-truth/criu/sparse');

/** Bundles an entry point with all that it needs; fails where it imports what a browser does not have. */
async function bundled(specifier: string, folder: string): Promise<string> {
  // biome-ignore format: what belongs together stands in a row
  const { outputFiles } = await build({
    bundle: true, write: false, format: 'iife', globalName: 'entry', platform: 'browser', logLevel: 'silent',
    stdin: { contents: `export * from '${specifier}'`, resolveDir: folder },
  });
  return outputFiles[0]!.text;
}

/** Runs a bundle where there is nothing but the language and what is given. */
function run(code: string, globals: object): Record<string, (...args: unknown[]) => unknown> {
  const context = createContext({ ...globals });
  runInContext(code, context);
  expect(runInContext('typeof process + typeof Buffer + typeof require', context)).toBe('undefined'.repeat(3));
  return (context as { entry: never }).entry;
}

const sparse = podmanTar(
  Object.fromEntries(
    readdirSync(IMAGES).flatMap((name) => (name.endsWith('.img') ? [[name, readFileSync(join(IMAGES, name))]] : [])),
  ),
);

describe('restore-planner/plan', () => {
  test('names no module of Node.js and plans without any global of a host', async () => {
    const code = await bundled('@idspace/restore-planner/plan', PLANNER);
    expect(code).not.toMatch(/["'`]node:|\bBuffer\b|\brequire\(/);
    const { planRestore, planMatrix } = run(code, {}) as never as {
      planRestore: typeof PlanRestore;
      planMatrix: typeof PlanMatrix;
    };
    const checkpoint = await readCheckpoint(IMAGES);
    expect(planRestore(checkpoint, { kernel: '6.1', criu: '4.2' }).totals).toMatchObject({ outcome: 'ok', timers: 3 });
    expect(planMatrix(checkpoint).rows.length).toBeGreaterThan(40);
  });
});

describe('restore-planner/read', () => {
  // biome-ignore format: what belongs together stands in a row
  const BROWSER = { // without fetch: a page may forbid all connections
    TextDecoder, TextEncoder, performance, setTimeout, clearTimeout, AbortController, Blob, Uint8Array,
    WebAssembly: (globalThis as { WebAssembly?: object }).WebAssembly,
    ReadableStream, WritableStream, DecompressionStream, atob, crypto,
  };
  const read = async (): Promise<typeof inNode> =>
    run(await bundled('@idspace/restore-planner/read', PLANNER), BROWSER) as never;

  test.each([
    ['plain', sparse],
    ['in gzip', gzipSync(sparse)],
    ['in zstd', zstdStored(sparse)],
  ])('a tar in memory, %s: from a Blob and from a stream', async (_, bytes) => {
    const { readCheckpointBlob, readCheckpointStream } = await read();
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < bytes.length; at += 1000) yield Uint8Array.from(bytes.subarray(at, at + 1000));
    }
    const { processes } = await readCheckpoint(IMAGES);
    const blob = await readCheckpointBlob(new Blob([Uint8Array.from(bytes)]), 'dropped.tar');
    expect(blob).toMatchObject({ source: 'dropped.tar', complete: true, processes });
    expect(await readCheckpointStream(pieces(), 'dropped.tar')).toEqual(blob);
  });

  test('what is not needed of a plain archive is not read', async () => {
    const { readCheckpointBlob } = await read();
    const large = podmanTar({ 'pages-1.img': new Uint8Array(4_000_000) }, 'checkpoint/', []);
    const both = Buffer.concat([large.subarray(0, -1024), sparse]);
    let touched = 0;
    const blob = {
      size: both.length,
      slice: (start: number, end: number) => {
        touched += end - start;
        return new Blob([Uint8Array.from(both.subarray(start, end))]);
      },
    };
    expect((await readCheckpointBlob(blob)).processes[0]!.timers).toHaveLength(3);
    expect(touched).toBeLessThan(1_000_000);
  });

  test.each([
    ['cut', gzipSync(sparse).subarray(0, -100), 'truncated'],
    ['damaged', gzipSync(sparse).fill(0xff, 100, 200), 'bad-archive'],
  ])('gzip that is %s is refused by the same code as in Node.js', async (_, bytes, code) => {
    const { readCheckpointBlob } = await read();
    const blob = new Blob([Uint8Array.from(bytes)]);
    await expect(readCheckpointBlob(blob, 'x.tar.gz')).rejects.toMatchObject({ code, file: 'x.tar.gz' });
    await expect(inNode.readCheckpointBlob(blob, 'x.tar.gz')).rejects.toMatchObject({ code });
  });

  test('what is in gzip or zstd comes out, whatever it is', async () => {
    const { decompressedBlob } = await read();
    for (const bytes of [sparse, gzipSync(sparse), zstdStored(sparse)]) {
      const pieces: Uint8Array[] = [];
      for await (const piece of decompressedBlob(new Blob([Uint8Array.from(bytes)]), 'x')) pieces.push(piece);
      expect(Buffer.concat(pieces).equals(sparse)).toBe(true);
    }
  });

  test('a signal stops the reading', async () => {
    const { readCheckpointBlob } = await read();
    const reading = readCheckpointBlob(new Blob([Uint8Array.from(gzipSync(sparse))]), 'x', {
      signal: AbortSignal.abort('enough'),
    });
    await expect(reading).rejects.toBe('enough');
  });
});

test('cache-sim/trace plays a trace in a browser, and says what to do with a compressed one', async () => {
  const code = await bundled('@idspace/cache-sim/trace', join(ROOT, 'packages/cache-sim'));
  expect(code).not.toMatch(/import[^;]*node:/);
  const { openTrace } = run(code, { TextDecoder, Uint8Array }) as never as typeof inTrace;
  const trace = await openTrace(Uint8Array.from(Buffer.from('I  0400,3\n L 1000,4\n S 1000,4\n')));
  let accesses = 0;
  for await (const batch of trace) accesses += batch.length;
  expect({ format: trace.format, accesses }).toEqual({ format: 'lackey', accesses: 3 });
  const expected = 'got gzip data; expected text; uncompress it first: gzip -dc';
  await expect(openTrace(Uint8Array.from(gzipSync(sparse)))).rejects.toThrow(expected);
});

test.each([
  ['@idspace/posix-timers', 'posix-timers'],
  ['@idspace/posix-timers/conformance', 'posix-timers'],
  ['@idspace/evaluation', 'evaluation'],
])('%s is bundled for a browser', async (specifier, folder) => {
  expect(await bundled(specifier, join(ROOT, 'packages', folder))).not.toMatch(/node:/);
});

test('what is built names the modules of Node.js with node:', () => {
  const bare = new RegExp(
    `\\b(?:from|import)\\s*\\(?\\s*["'](?:${builtinModules.filter((name) => /^[a-z]/.test(name)).join('|')})["']`,
  );
  for (const { path, folder } of published) {
    for (const name of readdirSync(join(path, 'dist'), { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.js')) continue;
      expect(readFileSync(join(path, 'dist', name), 'utf8'), `${folder}/dist/${name}`).not.toMatch(bare);
    }
  }
});

test('evaluation counts in a browser what it counts in Node.js', async () => {
  const code = await bundled('@idspace/evaluation', join(ROOT, 'packages/evaluation'));
  const { evaluate } = run(code, { performance }) as never as { evaluate: typeof evaluateHere };
  const options: EvaluateOptions = { timers: 300, threads: 2, designs: ['hash-512', 'xarray'] };
  expect(JSON.stringify(evaluate(options))).toBe(JSON.stringify(evaluateHere(options)));
});
