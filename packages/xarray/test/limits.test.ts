// Limits of snapshots and of the memory of SparseXArray, reached by headers and states that say so: docs/limits.md names these rows.
import { expect, test } from 'vitest';
import { XArrayOf } from '../src/index.ts';
import { AT_OWN } from '../src/snapshot-frame.ts';
import { NO_GUIDE } from '../src/sparse/guide.ts';
import { SparseXArray } from '../src/sparse/index.ts';
import { emptyState, makeRoom, type Sparse } from '../src/sparse/storage.ts';

const INT_MAX = 2 ** 31 - 1;

/** A snapshot whose header says something else in one word. */
function saying(snapshot: Uint8Array, word: number, value: number): Uint8Array {
  const words = new Int32Array(snapshot.slice().buffer);
  words[word] = value;
  return new Uint8Array(words.buffer);
}

const of = (word: number, value: number) => (): unknown =>
  XArrayOf.from(saying(new XArrayOf<string>().snapshot(), word, value));
const sparse = (size: number) => (): unknown => SparseXArray.from(saying(new SparseXArray().snapshot(), AT_OWN, size));

// What is at the limit is not there: then the length is wrong, not the header.
test.each([
  ['words of the tree in a snapshot', of(AT_OWN, 2 ** 29), of(AT_OWN, 2 ** 29 + 1), 'the words of the tree'],
  ['bytes of the text in a snapshot', of(AT_OWN + 1, INT_MAX), of(AT_OWN + 1, INT_MAX + 1), 'the bytes of the text'],
  ['entries of a snapshot of a SparseXArray', sparse(2 ** 24 * 31), sparse(2 ** 24 * 31 + 1), 'the size'],
] as const)('%s', (_, fits, over, what) => {
  expect(fits).toThrow(expect.objectContaining({ code: 'bad-length' }));
  expect(over).toThrow(expect.objectContaining({ code: 'bad-header' }));
  expect(over).toThrow(what);
});

/** A SparseXArray that says it has so many leaves and directories, without the gigabytes. */
function filled(leaves: number, directories: number): Sparse {
  const length = (handles: number): Int32Array => ({ length: handles * 64 }) as Int32Array;
  return {
    ...emptyState(4, 2),
    ...NO_GUIDE,
    leaves: length(leaves),
    leafTop: leaves,
    directory: length(directories),
    directoryTop: directories,
    freeLeaf: 0,
    freeDirectory: 0,
    moves: 0,
    path: new Int32Array(5),
    level: 0,
  };
}

test('leaves and directories of a SparseXArray', () => {
  const most = 2 ** 24;
  for (const [what, tree] of [
    ['leaves', filled(most, 4)],
    ['directories', { ...filled(4, most), leafTop: 3 }],
  ] as const) {
    const before = { ...tree };
    expect(() => makeRoom(tree, 1)).toThrow(new RegExp(`more than ${most} ${what}`));
    expect(tree).toEqual(before);
  }
});
