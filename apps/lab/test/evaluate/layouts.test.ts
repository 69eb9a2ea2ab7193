// The layouts against the facts they are made of: sizes, offsets, slab packing.
import { expect, test } from 'vitest';
import { ERAS } from '../../src/layouts/eras.ts';
import { signalAddress } from '../../src/layouts/process-layout.ts';
import {
  GENERATIONAL_SLOT,
  LINE,
  NEW_BUCKET,
  OLD_BUCKET,
  SIGNAL_STRUCT,
  SIGQUEUE,
  XA_NODE,
} from '../../src/layouts/sizes.ts';
import { Slab } from '../../src/layouts/slab.ts';
import { TimerLayout } from '../../src/layouts/timer-layout.ts';

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
