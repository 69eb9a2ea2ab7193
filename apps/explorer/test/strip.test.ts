// The row of numbers: every number from 0 to the last is in exactly one cell, with what the kernel's model says of it.
import { random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { operation } from '../src/engine/operations.ts';
import { Session } from '../src/engine/session.ts';
import { DEFAULT_SETUP } from '../src/engine/setup.ts';
import { idsOf } from '../src/engine/views.ts';
import { SCENES } from '../src/scenes/list.ts';
import { type Cell, stripOf } from '../src/scenes/strip.ts';

const sessionOn = (release: string, ...operations: ReturnType<typeof operation>[]): Session => {
  const session = new Session({ ...DEFAULT_SETUP, release }, operations);
  session.run();
  return session;
};
const signs = (cells: readonly Cell[]): string =>
  cells
    .map(
      ({ kind, count, isNext, isWanted }) =>
        `${count > 1 ? `(${count})` : kind[0]}${isNext ? '>' : ''}${isWanted ? '?' : ''}`,
    )
    .join(' ');

describe('what is shown', () => {
  test('holes on a next-number kernel are lost, and the next number is beyond them', () => {
    const session = sessionOn('6.14', operation('create', 8), operation('delete', 1, 2), operation('create', 2));
    expect(signs(stripOf(idsOf(session)))).toBe('l l lost l l l l l l l f>'.replace('lost', 'l'));
    expect(stripOf(idsOf(session))[2]).toEqual({ first: 2, count: 1, kind: 'lost', isNext: false, isWanted: false });
  });

  test('holes on a dense kernel are next', () => {
    const session = sessionOn('dense', operation('create', 8), operation('delete', 1, 2));
    expect(signs(stripOf(idsOf(session)))).toBe('l l h> l l l l l');
  });

  test('far numbers: stretches, wanted numbers and the next one', () => {
    const session = sessionOn('6.18', operation('want', 2, 1000, 1000), operation('create', 2));
    expect(signs(stripOf(idsOf(session)))).toBe('l l f> (997) f? (999) f?');
    const restored = sessionOn('6.18', operation('want', 2, 1000, 1000), operation('restore', 2, 1000, 1000));
    expect(signs(stripOf(idsOf(restored)))).toBe('(1000) l (999) l f>');
  });

  test('nothing yet', () => {
    expect(signs(stripOf(idsOf(sessionOn('6.14'))))).toBe('f> f f f f f f f');
  });
});

test('random histories: cells follow one another, and agree with the model', () => {
  const rng = random(21);
  for (let round = 0; round < 60; round++) {
    const session = sessionOn(
      rng.pick(['6.14', '6.18', 'dense', 'restricted:12']),
      operation('create', rng.between(1, 10)),
      operation('delete-random', rng.between(1, 5)),
      operation('pairs', rng.between(1, 9)),
    );
    const view = idsOf(session);
    const cells = stripOf(view);
    let at = 0;
    for (const { first, count, kind } of cells) {
      expect(first).toBe(at);
      for (let id = first; id < first + count; id++) {
        const isLive = session.machine.process.timerGettime(id) === 0;
        expect(kind === 'live', `ID ${id} of seed ${rng.seed}`).toBe(isLive);
      }
      at += count;
    }
    const shown = cells.flatMap(({ first, count, kind }) => (kind === 'live' ? [[first, count]] : []));
    expect(shown).toEqual([...view.live].map((id) => [id, 1]));
    expect(cells.filter(({ isNext }) => isNext)).toHaveLength(1);
  }
});

test.each(SCENES.filter(({ play }) => play).map((scene) => [scene.name, scene] as const))(
  '%s: its calls can all be made, none fails, and the row stays short',
  (_, { play }) => {
    const session = new Session({ ...DEFAULT_SETUP, release: play!.release }, play!.operations);
    while (session.stepCall()) {
      expect(session.call!.result).toBeGreaterThanOrEqual(0);
      expect(stripOf(idsOf(session)).length).toBeLessThanOrEqual(24);
    }
    expect(session.position).toBeGreaterThan(6);
    const last = session.log.newest(0, 1)[0];
    session.seek(1);
    session.seek(session.length);
    expect(session.log.newest(0, 1)[0]).toEqual(last);
  },
);

test('the next number never goes back on Linux 6.14, and a scene’s dance ends at the wanted one', () => {
  const { play } = SCENES.find(({ name }) => name === 'number')!;
  const session = new Session({ ...DEFAULT_SETUP, release: play!.release }, play!.operations);
  let before = 0;
  while (session.stepCall()) {
    const { cursor } = idsOf(session);
    expect(cursor).toBeGreaterThanOrEqual(before);
    before = cursor;
  }
  expect([...idsOf(session).live]).toEqual([3]);
  expect(idsOf(session).wanted).toEqual([]);
});
