// GenerationalId with bits, epochs and retirement of one's choice.
import { budget, random, runModel } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { GenerationalId, type GenerationalIdOptions, type Reuse } from '../src/index.ts';
import { GenerationalOracle, type Layout } from './support/oracles.ts';

const REUSES: Reuse[] = ['lowest', 'cyclic', { delay: 3 }];
const LAYOUTS: Layout[] = [
  { slotBits: 3, bits: 5 },
  { slotBits: 3, bits: 5, wrap: 'retire' },
  { slotBits: 4, bits: 7, epochBits: 2, epoch: 3, wrap: 'retire' },
  { slotBits: 4, bits: 31, epochBits: 4, epoch: 15 },
  { slotBits: 4, bits: 32 },
  { slotBits: 4, bits: 33, epochBits: 20, epoch: 2 ** 20 - 1, wrap: 'retire' },
  { slotBits: 5, bits: 53, epochBits: 3, epoch: 5 },
  { slotBits: 5, bits: 53, epochBits: 20, epoch: 777_777, wrap: 'retire' },
];

describe('against an oracle', () => {
  for (const layout of LAYOUTS) {
    for (const reuse of REUSES) {
      test(`${JSON.stringify(layout)}, ${JSON.stringify(reuse)}`, () => {
        const { slotBits, bits = 31 } = layout;
        const seen: number[] = [0];
        runModel<{ ids: GenerationalId }, GenerationalOracle>({
          seed: slotBits * 100 + bits,
          steps: budget(6000),
          subject: { ids: new GenerationalId({ ...layout, reuse }) },
          oracle: new GenerationalOracle(layout, reuse),
          checkEvery: 200,
          check: ({ ids }, o) => {
            expect([ids.size, [...ids], ids.peek(), ids.retired]).toEqual([
              o.live.size,
              o.sorted,
              o.peek(),
              o.retiredCount,
            ]);
            for (const id of seen) expect(ids.slot(id), String(id)).toBe(o.live.get(id) ?? -1);
          },
          operations: {
            allocate: {
              weight: 6,
              args: () => [],
              subject: ({ ids }) => seen[seen.push(ids.allocate()) - 1],
              oracle: (o) => o.allocate(),
            },
            free: {
              weight: 5,
              args: (r) => [seen[Math.max(0, seen.length - 1 - r.below(2 ** slotBits + 2))]],
              subject: ({ ids }, id: number) => ids.free(id),
              oracle: (o, id: number) => o.free(id),
            },
            reserve: {
              args: (r) => [
                Math.max(
                  0,
                  seen[seen.push(r.chance(0.5) ? r.pick(seen) : Math.floor((r.u32() / 2 ** 32) * 2 ** bits)) - 1]!,
                ),
              ],
              subject: ({ ids }, id: number) => ids.reserve(id),
              oracle: (o, id: number) => o.reserve(id),
            },
            // The copy goes on: with the same epoch, or another one.
            'from snapshot': {
              args: (r) => [r.chance(0.5) ? r.below(2 ** (layout.epochBits ?? 0)) : undefined],
              subject: (s, epoch: number | undefined) => {
                const bytes = s.ids.snapshot();
                expect(GenerationalId.from(bytes).snapshot()).toEqual(bytes);
                s.ids = GenerationalId.from(bytes, { epoch });
                return s.ids.epoch;
              },
              oracle: (o, epoch: number | undefined) => {
                o.epoch = epoch ?? o.epoch;
                return o.epoch;
              },
            },
            clear: {
              args: (r) => [r.chance(0.05)],
              subject: ({ ids }, really: boolean) => (really ? ids.clear() : undefined),
              oracle: (o, really: boolean) => (really ? o.clear() : undefined),
            },
          },
        });
      });
    }
  }
});

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
