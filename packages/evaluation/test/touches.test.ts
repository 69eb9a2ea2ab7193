// What single operations touch, derived by hand from the structures, and what the trace of the shipped code says.
import { hash32 } from '@idspace/hash-table';
import { describe, expect, test } from 'vitest';
import { XA_NODE } from '../src/layouts/sizes.ts';
import { RecordedTable } from './reference-log.ts';

/** The locks' part of a lookup: it_lock taken, it_signal looked at again, it_lock given back. */
const RECHECK = 3;

/** The first `count` IDs that fall into the bucket of ID 0 in a table of 512, for the process of `RecordedTable`. */
function sameBucket(count: number): number[] {
  const bucket = (id: number): number => hash32(0x0010_0000, 0xffff_8881, id, 9);
  const ids: number[] = [];
  for (let id = 0; ids.length < count; id++) if (bucket(id) === bucket(0)) ids.push(id);
  return ids;
}

describe('hash-512, k_itimer of 6.14', () => {
  const recorded = new RecordedTable('hash-512');
  const ids = sameBucket(6);
  for (const id of ids) recorded.create(id);

  // Newest first: the last ID is at depth 0. Each element passed: it_signal, it_id (the owner is the same), next.
  test.each([0, 1, 2, 5])('a lookup at depth %i', (depth) => {
    const references = recorded.lookup(ids[5 - depth]);
    expect(references).toHaveLength(1 + 3 * depth + 2 + RECHECK);
    expect(recorded.log.count('table')).toBe(1 + 3 * depth + 2);
    expect(recorded.log.locks).toEqual(['it_lock']);
    // One line of heads; two or three lines per element (360 bytes do not keep to lines), it_lock beside the chain.
    expect(recorded.log.lines).toBeGreaterThanOrEqual(1 + 2 * (depth + 1));
    expect(recorded.log.lines).toBeLessThanOrEqual(1 + 3 * (depth + 1));
  });

  test('a lookup of a missing ID walks the chain and locks nothing', () => {
    const [missing] = sameBucket(7).slice(6);
    expect(recorded.lookup(missing)).toHaveLength(1 + 3 * 6);
    expect(recorded.log.locks).toEqual([]);
  });

  test('a create walks the whole chain under the one lock, then links at both heads', () => {
    const [wanted] = sameBucket(7).slice(6);
    recorded.create(wanted);
    // Walk: head, 3 × 6. Link: next, pprev, head, the old first's pprev. Next ID written (restored: not read).
    expect(recorded.log.count('table')).toBe(1 + 3 * 6 + 4 + 1);
    // hlist_add_head: head read, next, the old first's pprev, head, pprev.
    expect(recorded.log.count('list')).toBe(5);
    // it_id and it_signal.
    expect(recorded.log.count('timer')).toBe(2);
    expect(recorded.log.locks).toEqual(['hash_lock', 'siglock']);
  });

  test('a delete in the middle looks up, leaves the list, unlinks by pprev without a second walk', () => {
    recorded.delete(ids[3]);
    // Newest first: 6, 5, 4, 3: depth 3. Unlink: next and pprev read, the one before, the next one's pprev, poison.
    expect(recorded.log.count('table')).toBe(1 + 3 * 3 + 2 + 5);
    // Both links read, both neighbours written, poison.
    expect(recorded.log.count('list')).toBe(5);
    expect(recorded.log.locks).toEqual(['it_lock', 'siglock', 'hash_lock']);
  });

  test('a delete of the last in its chain and list writes no neighbour behind it', () => {
    recorded.delete(ids[0]);
    expect(recorded.log.count('table')).toBe(1 + 3 * 5 + 2 + 4);
    expect(recorded.log.count('list')).toBe(4);
  });
});

test("hash-512: another owner's timer costs it_signal and next, not it_id", () => {
  const recorded = new RecordedTable('hash-512', 1, 2);
  const bucketOf = (process: number, id: number): number =>
    hash32(0x0010_0000 + (process - 1) * 1152, 0xffff_8881, id, 9);
  recorded.create(0, 1);
  let id = 0;
  while (bucketOf(2, id) !== bucketOf(1, 0)) id++;
  recorded.create(id, 2);
  recorded.lookup(0, 1);
  expect(recorded.log.count('table')).toBe(1 + 2 + 2);
});

test('hash-512-precheck: walks twice, the second time under the lock', () => {
  const recorded = new RecordedTable('hash-512-precheck');
  const ids = sameBucket(4);
  for (const id of ids.slice(0, 3)) recorded.create(id);
  recorded.create(ids[3]);
  expect(recorded.log.count('table')).toBe(2 * (1 + 3 * 3) + 4 + 1);
  // A busy ID is seen before any lock.
  recorded.create(ids[1]);
  expect(recorded.log.locks).not.toContain('hash_lock');
});

test('hash-scaled: reserves with the owner, increments the next ID once, takes its bucket’s lock', () => {
  const recorded = new RecordedTable('hash-scaled');
  recorded.create();
  // Next ID (one atomic), head, owner, next, pprev, head.
  expect(recorded.log.count('table')).toBe(1 + 1 + 1 + 3);
  expect(recorded.log.locks).toEqual(['bucket lock', 'siglock']);
});

test('hash-scaled-jhash, k_itimer of 6.15: one line per element, one more for the lock of the one found', () => {
  const recorded = new RecordedTable('hash-scaled-jhash');
  for (let i = 0; i < 3000; i++) recorded.create();
  for (let id = 0; id < 3000; id += 97) {
    const references = recorded.lookup(id);
    const passed = (references.length - 1 - 2 - RECHECK) / 3;
    expect(Number.isInteger(passed)).toBe(true);
    expect(recorded.log.lines).toBe(1 + (passed + 1) + 1);
  }
  recorded.create();
  expect(recorded.log.locks).toEqual(['bucket lock', 'it_lock', 'siglock']);
});

describe('xarray', () => {
  // Levels of a dense tree: 1 up to 64 IDs, 2 up to 4096, 3 up to 262,144.
  test.each([
    [1, 0],
    [64, 1],
    [65, 2],
    [4096, 2],
    [4097, 3],
  ])('with %i timers a lookup reads the head and, of %i levels, shift and slot', (timers, levels) => {
    const recorded = new RecordedTable('xarray');
    for (let i = 0; i < timers; i++) recorded.create();
    for (const id of [0, timers - 1]) {
      const references = recorded.lookup(id);
      expect(references).toHaveLength(1 + 2 * levels + RECHECK);
      // The anchor, at most two lines a level, and the timer (two if it lies across).
      expect(recorded.log.lines).toBeLessThanOrEqual(1 + 2 * levels + 2);
      expect(recorded.log.lines).toBeGreaterThanOrEqual(1 + levels + 1);
    }
  });

  test('a create asks for free marks from the top, a delete walks by index; neither knows a list', () => {
    const recorded = new RecordedTable('xarray');
    for (let i = 0; i < 4200; i++) recorded.create();
    recorded.create();
    // Flags, head, 3 × (shift, marks, slot); slot, count and mark written.
    expect(recorded.log.count('table')).toBe(2 + 3 * 3 + 3);
    expect([recorded.log.count('list'), recorded.log.locks]).toEqual([0, ['xa_lock', 'siglock']]);
    recorded.delete(4199);
    // Found: head, 3 × (shift, slot). Erased: the same walk again; slot, count and mark written.
    expect(recorded.log.count('table')).toBe(7 + 7 + 3);
    expect([recorded.log.count('list'), recorded.log.locks]).toEqual([0, ['it_lock', 'siglock', 'xa_lock']]);
  });

  test('filling a leaf clears its mark above; a new leaf is taken from the slab', () => {
    const recorded = new RecordedTable('xarray');
    for (let i = 0; i < 127; i++) recorded.create();
    recorded.create(); // ID 127: the second leaf is full now
    expect(recorded.log.count('table')).toBe(2 + 2 * 3 + 3 + 1);
    recorded.create(); // ID 128: a third leaf
    // Walk to the level that is there: flags, head, shift, marks, slot. The node: free pointer, shift…nr_values, parent, array,
    // marks. Its place: slot and count. The entry: slot, count, mark.
    expect(recorded.log.count('table')).toBe(5 + 5 + 2 + 3);
  });

  test('emptying a leaf gives the node back', () => {
    const recorded = new RecordedTable('xarray');
    for (let i = 0; i < 129; i++) recorded.create();
    recorded.delete(128);
    // Two walks of head + 2 × 2; slot, count, mark; array and rcu of the node; slot and count above.
    expect(recorded.log.count('table')).toBe(2 * 5 + 3 + 2 + 2);
  });

  test('every reference lies in a node, in its slot for the ID', () => {
    const recorded = new RecordedTable('xarray');
    for (let i = 0; i < 64; i++) recorded.create();
    const [, shift, slot] = recorded.lookup(37);
    expect([shift.bytes, slot.bytes]).toEqual([1, 8]);
    expect(slot.address - shift.address).toBe(XA_NODE.slots + 37 * 8);
  });
});

test('xarray-cyclic: the next ID is read and written as well', () => {
  const recorded = new RecordedTable('xarray-cyclic');
  for (let i = 0; i < 10; i++) recorded.create();
  recorded.create();
  expect(recorded.log.count('table')).toBe(2 + 3 + 3 + 2);
});

describe('idr, k_itimer of 4.9', () => {
  test('has a circular list: an add to an empty one writes the head twice', () => {
    const recorded = new RecordedTable('idr');
    recorded.create();
    // Head read; next, head, prev of the timer, prev of the head written.
    expect(recorded.log.count('list')).toBe(5);
    recorded.create();
    expect(recorded.log.count('list')).toBe(5);
    expect(recorded.log.locks).toEqual(['idr_lock', 'siglock']);
    recorded.delete(0); // the last of the list: the head is behind it
    expect(recorded.log.count('list')).toBe(5);
  });
});

test('generational: array and mask, ID and timer of one slot, whatever the number of timers', () => {
  const recorded = new RecordedTable('generational');
  for (let i = 0; i < 5000; i++) recorded.create();
  expect(recorded.lookup(4321)).toHaveLength(1 + 2 + RECHECK);
  expect(recorded.log.lines).toBeLessThanOrEqual(1 + 1 + 2);
  recorded.create();
  expect(recorded.log.locks).toEqual(['slot lock', 'siglock']);
});

describe('allocating a timer', () => {
  test('6.14: a page’s free list once for 11 timers, then the free pointer and every line of the object', () => {
    const recorded = new RecordedTable('xarray');
    const lines = (timer: number): number => {
      const first = Math.floor(((timer - 1) * 360) / 64);
      return Math.floor((timer * 360 - 1) / 64) - first + 1;
    };
    expect(recorded.allocate(1)).toBe(11 + 1 + lines(1));
    for (let timer = 2; timer <= 11; timer++) expect(recorded.allocate(timer)).toBe(1 + lines(timer));
    expect(recorded.allocate(12)).toBe(11 + 1 + lines(1));
    // rcu_head and free pointer.
    expect(recorded.free(12)).toBe(2);
  });

  test('until 6.12 a sigqueue comes and goes with it', () => {
    const recorded = new RecordedTable('idr');
    recorded.allocate(1);
    // The second starts at 216, on line 3, and ends on line 6.
    expect(recorded.allocate(2)).toBe(1 + 4 + 4);
    expect(recorded.free(2)).toBe(2 + 3);
  });

  test('6.15: six lines, whole ones', () => {
    const recorded = new RecordedTable('hash-scaled-jhash');
    recorded.allocate(1);
    expect(recorded.allocate(2)).toBe(1 + 6);
  });
});
