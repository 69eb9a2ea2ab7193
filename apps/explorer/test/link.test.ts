// Links: what goes in comes out, in at most 2 kB, and what is damaged is refused in words.
import { budget, random } from '@idspace/testkit';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { fromLink, LinkError, MAX_LINK, toLink } from '../src/engine/link.ts';
import { operation } from '../src/engine/operations.ts';
import { Session, type SessionState } from '../src/engine/session.ts';
import { DEFAULT_SETUP, RELEASES } from '../src/engine/setup.ts';
import { randomOperation } from './support/operations.ts';

const state = (operations: SessionState['operations'], more: Partial<SessionState> = {}): SessionState => ({
  setup: DEFAULT_SETUP,
  operations,
  position: 0,
  access: 0,
  ...more,
});

describe('round trips', () => {
  afterEach(() => vi.unstubAllGlobals());

  test.each([1, 2, 3])('of random states, seed %d', async (seed) => {
    const rng = random(seed);
    for (let i = 0; i < budget(200, 40); i++) {
      const release = rng.pick(RELEASES);
      const setup = {
        release,
        criu: rng.pick(['3.18', '4.2']),
        cpus: 1 + rng.below(8192),
        hardware: rng.pick(['desktop', 'ice-lake-sp']),
        seed: rng.u32(),
        beside: rng.pick(['', 'xarray']),
      };
      const operations = Array.from({ length: rng.below(60) }, () => randomOperation(rng, 1e6));
      const original = state(operations, { setup, position: rng.u32(), access: rng.below(500) });
      const link = await toLink(original);
      expect(link).toMatch(/^[\w.~:-]*$/);
      expect(link.length).toBeLessThanOrEqual(MAX_LINK);
      expect(await fromLink(link)).toEqual(original);
    }
  });

  test('long histories are packed, and short ones can be read', async () => {
    expect(await toLink(state([operation('create', 1000), operation('delete', 500, 0, 2)]))).toMatch(
      /^t6\.14~4\.1~.*~c1000\.d0:500:2~\w{4}$/,
    );
    const many = state(
      Array.from({ length: 400 }, (_, i) => (i % 2 === 0 ? operation('create', i + 1) : operation('delete', 1, i))),
    );
    const link = await toLink(many);
    expect(link[0]).toBe('z');
    expect(await fromLink(link)).toEqual(many);
  });

  test('without compression in the browser, as long as it fits', async () => {
    vi.stubGlobal('CompressionStream', undefined);
    const many = state(Array.from({ length: 100 }, (_, i) => operation('delete', 1, 3 * i * i)));
    const link = await toLink(many);
    expect(link[0]).toBe('t');
    expect(await fromLink(link)).toEqual(many);
  });

  test('10⁵ steps of like calls fit', async () => {
    const session = new Session(DEFAULT_SETUP);
    for (let i = 0; i < 1500; i++) {
      session.apply(operation('create'));
      session.run();
    }
    session.apply(operation('create', 100_000));
    session.run(100);
    const link = await toLink(session.state);
    expect(link.length).toBeLessThan(100);
    expect((await fromLink(link)).operations).toEqual(session.operations);
  });
});

describe('what is no link', () => {
  const good = toLink(state([operation('create', 1000)], { position: 77 }));

  test.each([1, 2, 3])('any one character changed or lost is noticed, seed %d', async (seed) => {
    const rng = random(seed);
    const long = await toLink(state(Array.from({ length: 400 }, (_, i) => operation('delete', 1, 3 * i * i))));
    for (const link of [await good, long]) {
      for (let i = 0; i < budget(300, 60); i++) {
        const at = rng.below(link.length);
        const char = rng.pick([...'abcxyz019~.:-_', '%', '\u0000', '€', ''].filter((each) => each !== link[at]));
        const damaged = link.slice(0, at) + char + link.slice(at + 1);
        await expect(fromLink(damaged), damaged).rejects.toThrow(LinkError);
        await expect(fromLink(damaged)).rejects.toThrow(
          /^This link cannot be read: .*\. The page shows its beginning instead\.$/,
        );
      }
    }
  });

  test.each(['', 't', 'z', 'q', 'zAAAA', 'z####', 't~~~~~~~~~', `t${'x'.repeat(5000)}`, '%zz', 'null'])(
    '%j',
    async (link) => {
      await expect(fromLink(link)).rejects.toThrow(LinkError);
    },
  );

  test('a bomb', async () => {
    const stream = new Blob([new Uint8Array(1_000_000)]).stream().pipeThrough(new CompressionStream('deflate-raw'));
    const packed = Buffer.from(await new Response(stream).arrayBuffer()).toString('base64url');
    expect(packed.length).toBeLessThan(MAX_LINK);
    await expect(fromLink(`z${packed}`)).rejects.toThrow('unpacks to more than');
  });

  test('a history that does not fit is refused, and says so', async () => {
    const rng = random(1);
    const much = state(Array.from({ length: 3000 }, () => operation('lookup', 1, rng.below(2 ** 31))));
    await expect(toLink(much)).rejects.toThrow('This history is too long for a link: 3,000 operations take');
  });
});
