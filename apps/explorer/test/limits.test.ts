// What the page takes at most, and what it says of more. docs/limits.md names these tests.
import { BUDGET_SHARE } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { targetIn } from '../src/checkpoint/target-form.ts';
import { operation } from '../src/engine/operations.ts';
import { readIds } from '../src/race/own-ids.ts';
import { DropError, MOST_FILES, pickedFiles } from '../src/shell/dropped-files.ts';
import { type Calls, runAllocator } from '../src/trace/allocator-run.ts';
import { USUAL_CACHES } from '../src/trace/meter.ts';

test('files of a drop', () => {
  const list = (count: number): FileList =>
    Array.from({ length: count }, (_, i) => ({ name: `${i}`, webkitRelativePath: '' })) as unknown as FileList;
  expect(pickedFiles(list(MOST_FILES)).size).toBe(100_000);
  expect(() => pickedFiles(list(MOST_FILES + 1))).toThrow(DropError);
});

test('bytes of a target', async () => {
  const text = '{"format":"idspace-target","version":1}';
  const taken = (bytes: number): Promise<{ name: string } | undefined> =>
    targetIn(new Map([['t', new File([text, ' '.repeat(bytes - text.length)], 't')]]));
  expect(await taken(32 * 2 ** 20)).toMatchObject({ name: 't' });
  expect(await taken(32 * 2 ** 20 + 1)).toBeUndefined();
});

test('IDs of a race', () => {
  const ids = (count: number): string => Array.from({ length: count }, (_, i) => i).join(' ');
  expect(readIds(ids(1000))).toMatchObject({ ids: { length: 1000 } });
  expect(readIds(ids(1001))).toEqual({ error: 'These are 1,001 IDs; the race takes at most 1,000.' });
});

test('repetitions of an operation', () => {
  expect(operation('create', 2 ** 32)).toMatchObject({ count: 2 ** 32 });
  expect(() => operation('create', 2 ** 32 + 1)).toThrow('the count');
});

test('calls of an allocator', () => {
  const words = new Int32Array(1);
  const run = (calls: Partial<Calls>): unknown =>
    runAllocator(
      'X',
      () => ({ words, allocate: () => words[0]++, free() {} }),
      { live: 1, pairs: 0, seed: 0, ...calls },
      USUAL_CACHES,
    );
  expect(run({ live: 10, pairs: 10, seed: 2 ** 32 - 1 })).toMatchObject({ name: 'X' });
  for (const more of [{ live: 100_001 }, { pairs: 100_001 }, { seed: 2 ** 32 }])
    expect(() => run(more)).toThrow(RangeError);
});

test.runIf(BUDGET_SHARE >= 1)('accesses of an allocator', () => {
  const words = new Int32Array(1);
  const spins = {
    words,
    allocate() {
      for (;;) this.words[0]++;
    },
    free() {},
  };
  expect(() => runAllocator('X', () => spins, { live: 1, pairs: 0, seed: 0 }, USUAL_CACHES)).toThrow(
    'X made more than 30,000,000 accesses',
  );
});
