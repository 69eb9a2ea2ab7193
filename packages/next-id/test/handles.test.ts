// GenerationalId with bits, epochs and retirement of one's choice.
import { budget, random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { GenerationalId, type GenerationalIdOptions, type Reuse } from '../src/index.ts';

const REUSES: Reuse[] = ['lowest', 'cyclic', { delay: 3 }];

test('two copies of one snapshot never hand out the same handle, if their epochs differ', () => {
  const rng = random(51);
  for (let round = 0; round < budget(200); round++) {
    const options: GenerationalIdOptions = {
      slotBits: 5,
      bits: rng.pick([31, 40, 53]),
      epochBits: 3,
      wrap: 'retire',
      reuse: rng.pick(REUSES),
    };
    const original = new GenerationalId(options);
    for (let n = rng.below(60); n > 0; n--) original.free(original.allocate());
    for (let n = rng.below(20); n > 0; n--) original.allocate();
    const bytes = original.snapshot();
    const handedOut = new Set([...original]);
    for (const epoch of [0, 1, 2, 7]) {
      const copy = epoch === 0 ? original : GenerationalId.from(bytes, { epoch });
      for (let n = 0; n < 60; n++) {
        const id = copy.allocate();
        if (id < 0) continue;
        expect(handedOut.has(id), `seed ${rng.seed}, round ${round}, epoch ${epoch}, ${id}`).toBe(false);
        handedOut.add(id);
        if (rng.chance(0.6)) copy.free(id);
      }
    }
  }
});

test('a slot whose last generation was freed is never handed out again, and nor is any ID of it', () => {
  const ids = new GenerationalId({ slotBits: 1, bits: 3, wrap: 'retire' });
  const all: number[] = [];
  for (let id = ids.allocate(); id >= 0; id = ids.allocate()) {
    all.push(id);
    ids.free(id);
  }
  expect(all).toEqual([0, 2, 4, 6, 1, 3, 5, 7]);
  expect([ids.size, ids.retired, ids.peek(), ids.reserve(6), ids.reserve(0)]).toEqual([0, 2, -1, false, false]);
  const copy = GenerationalId.from(ids.snapshot());
  expect([copy.retired, copy.allocate(), copy.wrap]).toEqual([2, -1, 'retire']);
});

test('IDs of 53 bits are told apart to the last one', () => {
  const ids = new GenerationalId({ slotBits: 20, bits: 53 });
  const last = Number.MAX_SAFE_INTEGER;
  expect([ids.reserve(last), ids.has(last), ids.has(last - 2 ** 20), ids.slot(last)]).toEqual([
    true,
    true,
    false,
    2 ** 20 - 1,
  ]);
  expect([ids.has(last % 2 ** 32), ids.free(last), ids.reserve(2 ** 20 - 1), ids.has(last)]).toEqual([
    false,
    true,
    true,
    false,
  ]);
  expect(() => ids.reserve(2 ** 53)).toThrow(RangeError);
});

test.each<[GenerationalIdOptions, string]>([
  [{ bits: 20 }, 'bits: got 20, expected an integer 21…53'],
  [{ bits: 54 }, 'bits: got 54, expected an integer 21…53'],
  [{ slotBits: 30, epochBits: 1 }, 'bits: got 31, expected an integer 32…53'],
  [{ epochBits: 21 }, 'epochBits: got 21, expected an integer 0…20'],
  [{ epoch: 1 }, 'epoch: got 1, expected an integer 0…0, as epochBits is 0'],
  [{ epochBits: 2, epoch: 4 }, 'epoch: got 4, expected an integer 0…3, as epochBits is 2'],
  [{ wrap: 'never' as never }, "wrap: got 'never', expected 'around' or 'retire'"],
])('refuses %j', (options, message) => {
  expect(() => new GenerationalId(options)).toThrow(`new GenerationalId: ${message}`);
});

test('a copy refuses an epoch for which there are no bits', () => {
  const bytes = new GenerationalId().snapshot();
  expect(() => GenerationalId.from(bytes, { epoch: 1 })).toThrow(
    'GenerationalId.from: epoch: got 1, expected an integer 0…0, as epochBits is 0',
  );
  expect(() => GenerationalId.from(bytes, { epocs: 1 } as never)).toThrow(
    "GenerationalId.from: options: got the key 'epocs'",
  );
});
