// The bytes of a snapshot, pinned: what was written once is read for as long as its version is. A change of the layout shows
// here; it takes a new version, and new files beside these.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { XArray } from '../src/index.ts';
import { SharedXArray } from '../src/shared/index.ts';
import { contents, entryFor, MAX_INDEX } from './sound.ts';

const VERSION = 1;

/** Between them: all kinds of array, heights 0 and more, marks, reservations, ranges, fill nodes, free nodes. */
const SAMPLES: Record<string, () => XArray> = {
  empty: () => new XArray(),
  head: () => {
    const array = new XArray({ alloc: 'from0' });
    array.alloc(7);
    array.setMark(0, 2);
    return array;
  },
  marked: () => {
    const array = new XArray({ alloc: 'from1' });
    for (let i = 0; i < 70; i++) array.alloc(entryFor(i));
    array.reserve(200);
    array.setMark(65, 0);
    array.setMark(5, 1);
    array.erase(30);
    return array;
  },
  ranges: () => {
    const array = new XArray();
    array.storeOrder(64, 7, 9);
    array.storeRange(10, 21, 8);
    array.store(4096, entryFor(4096));
    array.setMark(70, 0);
    array.store(2 ** 24, 5);
    array.erase(2 ** 24);
    return array;
  },
};

const fileOf = (name: string): URL => new URL(`./fixtures/snapshot-v${VERSION}-${name}.bin`, import.meta.url);

test.each(Object.entries(SAMPLES))('%s: written and read as ever', (name, make) => {
  const array = make();
  const file = fileOf(name);
  if (process.env.WRITE_FIXTURES === '1' && !existsSync(file)) writeFileSync(file, array.snapshot());
  const pinned = new Uint8Array(readFileSync(file));
  expect(Buffer.from(array.snapshot()).equals(Buffer.from(pinned)), 'the bytes are as they were').toBe(true);
  expect(new Int32Array(pinned.buffer)[1]).toBe(VERSION);
  const read = XArray.from(pinned);
  expect(contents(read)).toEqual(contents(array));
  for (const index of [0, 5, 10, 30, 64, 65, 70, 191, 200, 4096, MAX_INDEX]) {
    const at = (of: XArray): unknown => [
      of.load(index),
      of.getOrder(index),
      [0, 1, 2].map((m) => of.getMark(index, m)),
    ];
    expect(at(read), String(index)).toEqual(at(array));
    // A reservation is seen by an insert alone.
    expect(read.insert(index, 3)).toBe(array.insert(index, 3));
  }
});

test('a SharedXArray writes what an XArray with the same entries does', () => {
  const array = new XArray();
  const shared = new SharedXArray({ capacity: 30 });
  for (const index of [3, 64, 5000]) {
    array.store(index, index + 1);
    shared.store(index, index + 1);
  }
  expect(shared.snapshot()).toEqual(array.snapshot());
});
