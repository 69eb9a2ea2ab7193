// AIO rings against the kernel's arithmetic, written out, and the recorded limits.
import { describe, expect, test } from 'vitest';
import { AIO } from '../../src/spaces/aio/aio.ts';
import { type AioRing, fittingCpus, noOpsFor } from '../../src/spaces/aio/ring.ts';
import { conditions } from './conditions.ts';

const FREE = { aioNr: 0, aioMaxNr: 65_536 };

const ring = (pages: number, other: Partial<AioRing> = {}): AioRing => {
  return { pid: 6, nrReq: 64 * pages - 2, ringLen: 4096 * pages, head: null, tail: null, ...other };
};

/** Bytes of the ring that the kernel maps. */
function mapped(requests: number, cpus: number): number {
  let slots = Math.max(requests, cpus * 4) * 2;
  slots += 2;
  return Math.ceil((32 + slots * 32) / 4096) * 4096;
}

describe('size', () => {
  test('fits exactly the CPUs that the arithmetic says, for every ring and request count', () => {
    for (const pages of [1, 2, 3, 7]) {
      for (const nrReq of [1, 62, 63, 64, 64 * pages - 2, 64 * pages - 1, 64 * pages, 500]) {
        const range = fittingCpus(ring(pages, { nrReq }));
        for (let cpus = 1; cpus <= 200; cpus++) {
          const fits = range !== null && cpus >= range.least && cpus <= range.most;
          expect(fits, `${pages} pages, ${nrReq} requests, ${cpus} CPUs`).toBe(mapped(nrReq, cpus) === 4096 * pages);
        }
      }
    }
  });

  test.each([
    [1, 15, 'ok'],
    [1, 16, 'fails'],
    [3, 47, 'ok'],
    [3, 48, 'fails'],
  ] as const)('%i pages, %i possible CPUs: %s', (pages, possibleCpus, outcome) => {
    expect(AIO.plan([ring(pages)], conditions({ ...FREE, possibleCpus }))?.outcome).toBe(outcome);
  });

  test('CRIU prints every number, those of head and tail where the memory is there', () => {
    const words = (other: Partial<AioRing>): string | null =>
      AIO.plan([ring(1, other)], conditions({ ...FREE, possibleCpus: 16 }))!.reasons[0]!.words;
    expect(words({ head: 5, tail: 5 })).toBe(
      'wrong aio: tail=0x5 head=0x5 req=0x3e old_nr=0x7f new_nr=0xff expect=0x7f',
    );
    expect(words({})).toBe('wrong aio: tail=… head=… req=0x3e old_nr=0x7f new_nr=0xff expect=0x7f');
  });

  test('without the number of CPUs it depends, unless no machine or every machine fits', () => {
    expect(AIO.plan([ring(1)], conditions(FREE))?.reasons[0]?.code).toBe('cpus-unknown');
    expect(AIO.plan([ring(1, { nrReq: 64 })], conditions(FREE))?.outcome).toBe('fails');
    expect(AIO.plan([ring(600)], conditions(FREE))?.outcome).toBe('ok');
    expect(AIO.plan([ring(0)], conditions(FREE))?.outcome).toBe('fails');
  });
});

describe('fs.aio-max-nr', () => {
  const rings = [ring(1), ring(1)];
  test('charges every ring with the requests that CRIU asks for', () => {
    const on = (aioNr: number) => AIO.plan(rings, conditions({ aioNr, aioMaxNr: 65_536, possibleCpus: 2 }));
    expect(on(65_536 - 124)?.outcome).toBe('ok');
    expect(on(65_536 - 123)).toMatchObject({
      outcome: 'fails',
      reasons: [{ code: 'aio-limit', words: 'Ring setup failed with -11' }],
    });
  });

  test('depends on what is not known', () => {
    expect(AIO.plan(rings, conditions({ possibleCpus: 2 }))?.outcome).toBe('depends');
    expect(AIO.plan(rings, conditions({ possibleCpus: 2, aioMaxNr: 65_536 }))?.outcome).toBe('depends');
    expect(AIO.plan(rings, conditions({ possibleCpus: 2, aioMaxNr: 100 }))?.outcome).toBe('fails');
  });
});

describe('no-op requests', () => {
  /** Sends requests one by one, each reaped before the next, until head and tail of a fresh ring are past what they were. */
  function played(head: number, tail: number, slots: number): number {
    if (head === 0 && tail === 0) return 0;
    let at = 0;
    let sent = 0;
    const rounds = tail < head ? 1 : 0;
    for (let round = 0; round < rounds || at !== tail; ) {
      at = (at + 1) % slots;
      sent++;
      if (at === 0) round++;
    }
    return sent;
  }

  test('as many as lead the tail there, round the ring once if the head is above it', () => {
    const slots = 127;
    for (const [head, tail] of [
      [0, 0],
      [50, 50],
      [7, 17],
      [380 % 127, 17],
      [1, 0],
      [0, 1],
      [126, 125],
      [3, 2],
    ] as const) {
      expect(noOpsFor(ring(1, { head, tail })), `${head} ${tail}`).toBe(played(head, tail, slots));
    }
    expect(noOpsFor(ring(3, { head: 380, tail: 17 }))).toBe(400);
  });

  test('and the time of each, and of each ring', () => {
    const rings = [ring(1, { head: 7, tail: 17 }), ring(1, { head: 0, tail: 1 }), ring(1, { head: 0, tail: 0 })];
    const { creates, seconds } = AIO.plan(rings, conditions({ ...FREE, possibleCpus: 2 }))!;
    expect([creates, seconds]).toEqual([18, expect.closeTo(3 * 125e-6 + 18 * 0.5e-6, 12)]);
  });

  test('a bound where the memory is not there', () => {
    expect(AIO.plan([ring(1)], conditions({ ...FREE, possibleCpus: 2 }))).toMatchObject({ creates: 253, atMost: true });
    expect(AIO.plan([ring(1, { head: 5, tail: 5 })], conditions({ ...FREE, possibleCpus: 2 }))).not.toHaveProperty(
      'atMost',
    );
  });

  test('a head past the end is damage', () => {
    expect(AIO.plan([ring(1, { head: 127, tail: 5 })], conditions(FREE))?.reasons[0]?.code).toBe('ring-damaged');
  });
});
