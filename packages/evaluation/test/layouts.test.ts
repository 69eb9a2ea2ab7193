// The layouts against the facts they are made of: sizes, offsets, slab packing.
import { trace } from '@idspace/mem-trace';
import { createTimerTable, DESIGNS } from '@idspace/posix-timers';
import { XArray } from '@idspace/xarray';
import { expect, test } from 'vitest';
import { DesignLayout } from '../src/layouts/design-layout.ts';
import { ERAS } from '../src/layouts/eras.ts';
import { signalAddress } from '../src/layouts/process-layout.ts';
import {
  GENERATIONAL_SLOT,
  LINE,
  NEW_BUCKET,
  NEW_BUCKET_HEAD,
  OLD_BUCKET,
  POINTER,
  SIGHAND,
  SIGNAL_STRUCT,
  SIGQUEUE,
  SPINLOCK,
  XA_NODE,
  XARRAY,
} from '../src/layouts/sizes.ts';
import { Slab } from '../src/layouts/slab.ts';
import { TimerLayout } from '../src/layouts/timer-layout.ts';
import { ReferenceLog } from './reference-log.ts';

const lineOf = (address: number): number => Math.floor(address / LINE);

// struct k_itimer: size, stride, next pointer of the chain, it_id, it_signal, it_lock.
test.each([
  ['4.9', 216, 216, 16, 40, 64, 32],
  ['5.17', 256, 256, 16, 52, 96, 32],
  ['6.14', 360, 360, 32, 68, 120, 48],
  ['6.15', 360, 384, 0, 32, 48, 64],
] as const)('k_itimer of %s', (era, size, stride, hash, id, signal, lock) => {
  expect(ERAS[era]).toMatchObject({ size, stride, hash, id, signal, lock });
  expect(ERAS[era].perSlab).toBe(Math.floor(ERAS[era].slabBytes / stride));
});

// Lines that a chain walk reads of an element at the start of a line: next, it_signal, it_id.
test.each([
  ['4.9', 2],
  ['5.17', 2],
  ['6.14', 2],
  ['6.15', 1],
] as const)('a chain element of %s is on %i lines', (era, lines) => {
  const { hash, signal, id } = ERAS[era];
  expect(new Set([hash, signal, id].map(lineOf)).size).toBe(lines);
});

test('before 6.15 it_lock shares a line with the chain, from 6.15 on it does not', () => {
  for (const [era, { lock, hash }] of Object.entries(ERAS)) expect(lineOf(lock) === lineOf(hash)).toBe(era !== '6.15');
});

test('only the timer of 6.15 starts on a line every time', () => {
  for (const [era, { stride, slabBytes, perSlab }] of Object.entries(ERAS)) {
    const slab = new Slab(0, stride, perSlab, slabBytes);
    const aligned = Array.from({ length: 100 }, (_, i) => slab.address(i) % LINE === 0).every(Boolean);
    expect(aligned).toBe(era === '6.15' || era === '5.17');
  }
});

test('bytes per timer: 6.18 measured 390, 6.1 with sigqueue 256 + 80.3', () => {
  expect(TimerLayout.bytesPerTimer(ERAS['6.15'])).toBeCloseTo(390.1, 1);
  expect(TimerLayout.bytesPerTimer(ERAS['5.17'])).toBeCloseTo(256 + 4096 / 51, 1);
  expect(TimerLayout.bytesPerTimer(ERAS['6.14'])).toBeCloseTo(4096 / 11, 5);
  expect(TimerLayout.bytesPerTimer(ERAS['4.9'])).toBeCloseTo(4096 / 18 + 4096 / 51, 5);
  expect(Math.floor(4096 / SIGQUEUE.stride)).toBe(SIGQUEUE.perSlab);
});

test('8 old heads or 4 new buckets on a line; both sizes of table', () => {
  expect([LINE / OLD_BUCKET, LINE / NEW_BUCKET]).toEqual([8, 4]);
  expect(512 * OLD_BUCKET).toBe(4096);
  expect(512 * 64 * NEW_BUCKET).toBe(512 * 1024);
});

test('xa_node: 64 slots between 40 and 552, seven to a page, 8 bytes further off the lines with each', () => {
  expect(XA_NODE.slots + 64 * 8).toBe(XA_NODE.marks);
  expect(XA_NODE.marks + 3 * 8).toBe(576);
  expect(Math.floor(XA_NODE.slabBytes / XA_NODE.stride)).toBe(XA_NODE.perSlab);
  expect(XA_NODE.perSlab / (XA_NODE.slabBytes / 4096)).toBe(7);
  const slab = new Slab(0, XA_NODE.stride, XA_NODE.perSlab, XA_NODE.slabBytes);
  expect([0, 1, 2, 13, 14].map((i) => slab.address(i) % LINE)).toEqual([0, 8, 16, 40, 0]);
});

test('the header and slots 0–2 of a node at the start of a line share it, slot 3 does not', () => {
  expect([0, 1, 2, 3].map((slot) => lineOf(XA_NODE.slots + slot * 8))).toEqual([0, 0, 0, 1]);
});

test('next ID and list head of a process are on one line, 128–191', () => {
  const signal = signalAddress(1);
  expect(signal % LINE).toBe(0);
  expect([SIGNAL_STRUCT.nextId, SIGNAL_STRUCT.timers].map((offset) => lineOf(offset) * LINE)).toEqual([128, 128]);
  expect(GENERATIONAL_SLOT.stride).toBe(16);
});

test('small parts: a bucket is a lock and a head, an xarray a lock, flags and a head, a list node two pointers', () => {
  expect([SPINLOCK, POINTER, OLD_BUCKET, NEW_BUCKET]).toEqual([4, 8, 8, 16]);
  expect(NEW_BUCKET_HEAD + POINTER).toBe(NEW_BUCKET);
  expect(XARRAY).toEqual({ lock: 0, flags: 4, head: 8 });
  for (const { hash, list, id, signal } of Object.values(ERAS)) {
    // hlist_node and list_head: 16 bytes, apart from each other and from what a walk compares.
    const parts = [hash, list].map((at) => [at, at + 2 * POINTER]);
    parts.push([id, id + 4], [signal, signal + POINTER]);
    parts.sort(([a], [b]) => a - b);
    for (let i = 1; i < parts.length; i++) expect(parts[i][0]).toBeGreaterThanOrEqual(parts[i - 1][1]);
  }
});

test('signal_struct: 1144 bytes on lines of its own; next ID 132, timers 136, before the ignored ones at 144', () => {
  expect(SIGNAL_STRUCT.stride).toBe(Math.ceil(1144 / LINE) * LINE);
  expect([SIGNAL_STRUCT.nextId, SIGNAL_STRUCT.timers, SIGNAL_STRUCT.timers + POINTER]).toEqual([132, 136, 144]);
  expect(SIGNAL_STRUCT.perSlab * SIGNAL_STRUCT.stride).toBeLessThanOrEqual(SIGNAL_STRUCT.slabBytes);
  expect(SIGHAND.perSlab * SIGHAND.stride).toBeLessThanOrEqual(SIGHAND.slabBytes);
});

test('the first line of a timer of 6.15 holds all that a walk and a listing of it read, the second begins with it_lock', () => {
  const { hash, list, id, signal, lock, shown, rcu, size, stride } = ERAS['6.15'];
  expect([hash, list, id, signal].every((at) => lineOf(at) === 0)).toBe(true);
  expect(lock).toBe(LINE);
  expect(shown.map(([at]) => lineOf(at))).toEqual([0, 2, 2]);
  expect([rcu + 2 * POINTER, Math.ceil(size / LINE) * LINE]).toEqual([size, stride]);
});

test('a timer of 6.14 is 8 bytes off the lines more each time: its chain element is on two or three of them', () => {
  const { hash, id, signal, stride, perSlab, slabBytes } = ERAS['6.14'];
  const slab = new Slab(0, stride, perSlab, slabBytes);
  const linesOf = (timer: number): number => {
    const base = slab.address(timer);
    const ends = [hash, hash + 7, id, id + 3, signal, signal + 7].map((at) => lineOf(base + at));
    return new Set(ends).size;
  };
  const lines = Array.from({ length: perSlab }, (_, timer) => linesOf(timer));
  expect([...new Set(lines)].sort()).toEqual([2, 3]);
});

// Node counts by hand: leaves, then the levels above them.
test.each([
  ['0…2047', 2048, 1, 32 + 1],
  ['2048 at stride 512', 2048, 512, 2048 + 256 + 4 + 1],
  ['2048 at stride 64', 2048, 64, 2048 + 32 + 1],
  ['0…99,999', 100_000, 1, 1563 + 25 + 1],
  ['63 alone', 1, 63, 1],
  ['64 alone', 1, 64, 2],
  ['INT_MAX alone', 1, 2 ** 31 - 1, 6],
] as const)('xa_nodes of %s', (_, count, stride, nodes) => {
  const array = new XArray({ alloc: 'from0' });
  for (let i = 0; i < count; i++) array.store(count === 1 ? stride : i * stride, 1);
  expect(array.nodeCount).toBe(nodes);
});

test('each CPU takes timers from slabs of its own', () => {
  const { perSlab, slabBytes } = ERAS['6.15'];
  const layout = new TimerLayout(ERAS['6.15'], 3, new ReferenceLog());
  const slabOf = (timer: number): number => Math.floor((layout.address(timer) - layout.address(1)) / slabBytes);
  const timers = Array.from({ length: 3 * perSlab + 3 }, (_, i) => i + 1);
  expect(timers.slice(0, 6).map(slabOf)).toEqual([0, 1, 2, 0, 1, 2]);
  expect(timers.slice(-3).map(slabOf)).toEqual([3, 4, 5]);
  expect(new Set(timers.map((timer) => layout.address(timer))).size).toBe(timers.length);
});

const LOCK_ARRAYS = 'timers.lock siglock.words hash.lockWords xaLock.words idrLock.words slotLock.words'.split(' ');

// Nothing may be counted as something that it is not: the layouts name every array of their tables, and no other.
test.each(DESIGNS)('the layout of %s knows every array of its table, and refuses any other', (design) => {
  const table = createTimerTable(design, { processes: 2 });
  for (const low of [0x1000, 0x2000]) table.addProcess(low, 0);
  const layout = new DesignLayout(design, 2, new ReferenceLog());
  const parts = table.parts();
  const traced = Object.entries(parts).filter(([, part]) => Object.values(part).some(ArrayBuffer.isView));
  const recording = trace(Object.fromEntries(traced), () => {});
  const arrays = [...recording.arrays().keys()];
  recording.stop();
  const categories = arrays.map((array) => layout.field(array).category);
  expect(new Set(categories)).toEqual(new Set(['timer', 'table', 'lock', ...(table.list === null ? [] : ['list'])]));
  for (const [array, category] of arrays.map((array, i) => [array, categories[i]])) {
    expect(category === 'list').toBe(array.startsWith('list.'));
    expect(category === 'lock').toBe(LOCK_ARRAYS.includes(array));
  }
  for (const [object] of traced) {
    expect(() => layout.field(`${object}.more`)).toThrow(
      `layout of ${design}: got the field 'more' of the object '${object}'`,
    );
  }
  for (const object of ['more', 'more/1', 'toString', '']) {
    expect(() => layout.field(`${object}.words`)).toThrow(
      `layout of ${design}: got the object '${object}' in its table`,
    );
  }
});
