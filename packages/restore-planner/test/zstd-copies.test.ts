// Two copies of this package in one process, as two versions of it make them: both read zstd.
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ZstdWasm } from '../src/bytes/zstd-wasm.ts';

// In other runtimes the tests are bundled, and the source is not beside them.
const isHere = existsSync(new URL('../src/bytes/zstd-wasm.ts', import.meta.url));

test.skipIf(!isHere)('a second copy finds the decoder that the first one has compiled', async () => {
  const first = await ZstdWasm.create();
  const path = '../src/bytes/zstd-wasm.ts?copy';
  const copy = (await import(/* @vite-ignore */ path)) as { ZstdWasm: typeof ZstdWasm };
  expect(copy.ZstdWasm).not.toBe(ZstdWasm);
  const second = await copy.ZstdWasm.create();
  first.close();
  second.close();
});
