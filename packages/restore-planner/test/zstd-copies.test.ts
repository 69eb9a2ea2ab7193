// Two copies of this package in one process, as two versions of it make them: both read zstd.
import { expect, test, vi } from 'vitest';
import { ZstdWasm } from '../src/bytes/zstd-wasm.ts';

test('a second copy finds the decoder that the first one has compiled', async () => {
  const first = await ZstdWasm.create();
  vi.resetModules();
  const copy = await import('../src/bytes/zstd-wasm.ts');
  expect(copy.ZstdWasm).not.toBe(ZstdWasm);
  const second = await copy.ZstdWasm.create();
  first.close();
  second.close();
});
