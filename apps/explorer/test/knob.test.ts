// Numbers that can be dragged: every key and every drag stays on the scale and in the range, and comes back.
import { random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { checked, type Knob, keyed, shareOf, stepped, valueAt } from '../src/scenes/knob.ts';

const base = { name: 'n', label: 'n' };
const KNOBS: readonly Knob[] = [
  { ...base, min: 1, max: 64, initial: 4, scale: 'linear' },
  { ...base, min: 0.1, max: 10_000, initial: 40, scale: 'log' },
  { ...base, min: 1, max: 2 ** 31 - 1, initial: 1_000_000, scale: 'log' },
  { ...base, min: 2 ** 10, max: 2 ** 31, initial: 2 ** 16, scale: 'powers' },
  { ...base, min: 10, max: 4_000_000, initial: 96_365, scale: 'log' },
];
const [LINEAR, RATE, ID, SIZE, LIMIT] = KNOBS;

describe('keys', () => {
  test.each([
    [LINEAR, 4, 'ArrowRight', 5],
    [LINEAR, 4, 'ArrowDown', 3],
    [LINEAR, 4, 'PageUp', 14],
    [LINEAR, 4, 'PageDown', 1],
    [LINEAR, 64, 'ArrowUp', 64],
    [RATE, 40, 'ArrowUp', 41],
    [RATE, 99, 'ArrowUp', 100],
    [RATE, 100, 'ArrowUp', 110],
    [RATE, 100, 'ArrowDown', 99],
    [RATE, 1, 'ArrowDown', 0.99],
    [RATE, 0.1, 'ArrowLeft', 0.1],
    [RATE, 40, 'PageUp', 400],
    [RATE, 40, 'PageDown', 4],
    [ID, 2 ** 31 - 1, 'ArrowLeft', 2_100_000_000],
    [ID, 2_100_000_000, 'ArrowRight', 2 ** 31 - 1],
    [ID, 5, 'Home', 1],
    [ID, 5, 'End', 2 ** 31 - 1],
    [SIZE, 2 ** 16, 'ArrowUp', 2 ** 17],
    [SIZE, 2 ** 16, 'PageDown', 2 ** 12],
    [SIZE, 2 ** 31, 'ArrowUp', 2 ** 31],
    [LIMIT, 96_365, 'ArrowUp', 97_000],
    [LIMIT, 96_365, 'ArrowDown', 95_000],
  ] as const)('%o', (knob, value, key, after) => {
    expect(keyed(knob, value, key)).toBe(after);
  });

  test('other keys are not the slider’s', () => {
    for (const key of ['a', 'Tab', 'Enter', ' ']) expect(keyed(RATE, 40, key)).toBeNull();
  });
});

test.each(KNOBS)('$scale $min … $max: steps up and back down meet the same values, in order', (knob) => {
  const values: number[] = [knob.min];
  for (let at = knob.min; at < knob.max; values.push(at)) {
    const next = stepped(knob, at, 1);
    expect(next).toBeGreaterThan(at);
    at = next;
  }
  expect(values.at(-1)).toBe(knob.max);
  const down = values.map((_, i) => values.at(-1 - i)!);
  for (const [i, value] of down.entries()) if (i > 0) expect(stepped(knob, down[i - 1], -1)).toBe(value);
});

test('a drag to any share gives a value of the scale, and its share is near', () => {
  const rng = random(11);
  for (let i = 0; i < 500; i++) {
    const knob = rng.pick(KNOBS);
    const share = rng.between(-200, 1200) / 1000;
    const value = valueAt(knob, share);
    expect(value).toBeGreaterThanOrEqual(knob.min);
    expect(value).toBeLessThanOrEqual(knob.max);
    expect(checked(knob, value)).toBe(value);
    const places = shareOf(knob, stepped(knob, value, 1)) - shareOf(knob, value) || 1;
    expect(Math.abs(shareOf(knob, value) - Math.min(1, Math.max(0, share)))).toBeLessThanOrEqual(
      Math.max(places, 0.05),
    );
  }
});

test('any number is brought into the range', () => {
  expect(checked(RATE, 41.4)).toBe(41);
  expect(checked(RATE, 1e9)).toBe(10_000);
  expect(checked(RATE, -1)).toBe(0.1);
  expect(checked(RATE, Number.NaN)).toBe(40);
  expect(checked(SIZE, 70_000)).toBe(2 ** 16);
});
