// The checksum under snapshots: which changes it must see.
import { random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { BLOCK_WORDS, seal } from '../src/checksum.ts';

const AT = 14;

function sum(words: Int32Array): string {
  const copy = words.slice();
  seal(copy, AT);
  return `${copy[AT]} ${copy[AT + 1]}`;
}

/** Words as different as can be: noise, all zero, all ones, all the same small number. */
const samples = (blocks: number): Int32Array[] => {
  const rng = random(41);
  const words = new Int32Array(blocks * BLOCK_WORDS);
  return [words.slice().map(() => rng.u32()), words.slice(), words.slice().fill(-1), words.slice().fill(1)];
};

test('the result is that of the format, on any machine', () => {
  const words = Int32Array.from({ length: 32 }, (_, i) => Math.imul(i, 0x01000193));
  seal(words, AT);
  expect([words[AT], words[AT + 1]]).toEqual([891_234_038, 235_213_994]);
});

test('its own two words do not count', () => {
  const [words] = samples(2) as [Int32Array];
  const before = sum(words);
  words[AT] = 5;
  words[AT + 1] = 6;
  expect(sum(words)).toBe(before);
});

test('every single bit counts', () => {
  for (const words of samples(4)) {
    const sound = sum(words);
    for (let bit = 0; bit < words.length * 32; bit++) {
      if (bit >>> 5 === AT || bit >>> 5 === AT + 1) continue;
      words[bit >>> 5] ^= 1 << bit;
      expect(sum(words) === sound, `bit ${bit}`).toBe(false);
      words[bit >>> 5] ^= 1 << bit;
    }
  }
});

test('every burst of up to 32 bits counts, wherever it begins', () => {
  const rng = random(42);
  for (const words of samples(4)) {
    const sound = sum(words);
    for (let bit = 16 * 32; bit < (words.length - 1) * 32; bit++) {
      // A burst is a change whose first bit is known and whose last is at most 31 further on.
      const burst = rng.u32() | 1;
      const word = bit >>> 5;
      const low = burst << bit;
      const high = (bit & 31) === 0 ? 0 : burst >>> (32 - (bit & 31));
      words[word] ^= low;
      words[word + 1] ^= high;
      expect(sum(words) === sound, `seed ${rng.seed}, bit ${bit}, burst ${burst}`).toBe(false);
      words[word] ^= low;
      words[word + 1] ^= high;
    }
  }
});

test('blocks zeroed, filled, swapped, and single bits stuck throughout count', () => {
  for (const words of samples(16)) {
    const sound = sum(words);
    const changes: Int32Array[] = [];
    for (const size of [1, 2, 4, 8, 16, 32, 64]) {
      for (let at = 16; at + 2 * size <= words.length; at += size) {
        changes.push(words.slice().fill(0, at, at + size), words.slice().fill(-1, at, at + size));
        const swapped = words.slice();
        swapped.set(words.subarray(at, at + size), at + size);
        swapped.set(words.subarray(at + size, at + 2 * size), at);
        changes.push(swapped);
      }
    }
    for (let bit = 0; bit < 32; bit++) {
      changes.push(
        words.map((word) => word | (1 << bit)),
        words.map((word) => word & ~(1 << bit)),
      );
    }
    for (const changed of changes) {
      const same = changed.every((word, i) => word === words[i] || i === AT || i === AT + 1);
      expect(sum(changed) === sound).toBe(same);
    }
  }
});
