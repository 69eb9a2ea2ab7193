import { describe, expect, test } from 'vitest';
import { explainRegister, type RegisterCall, type RegisterEvent } from '../src/index.ts';

const event = (
  call: RegisterCall,
  [start, end]: [number, number],
  answer: number,
  value = 0,
  expected = 0,
): RegisterEvent => ({ call, start, end, answer, value, expected });

describe('explainRegister', () => {
  test('explains calls one after the other, and says how the register stands', () => {
    const history = [
      event('insert', [1, 2], 1, 7),
      event('insert', [3, 4], 0, 8),
      event('read', [5, 6], 7),
      event('write', [7, 8], 7, 9),
      event('cmpxchg', [9, 10], 9, 4, 5),
      event('cmpxchg', [11, 12], 9, 4, 9),
      event('replace', [13, 14], 4, 6),
      event('remove', [15, 16], 6),
      event('replace', [17, 18], 0, 5),
      event('read', [19, 20], 0),
    ];
    expect(explainRegister(history)).toEqual({ values: [0] });
  });

  test('lets calls that overlap happen in either order', () => {
    const write = event('write', [1, 4], 0, 7);
    for (const seen of [0, 7]) expect(explainRegister([write, event('read', [2, 3], seen)])).toEqual({ values: [7] });
  });

  test('finds the stale read, the lost update, the value from nowhere, the ID given twice', () => {
    const stale = event('read', [3, 4], 0);
    expect(explainRegister([event('write', [1, 2], 0, 7), stale])).toEqual({ violation: stale });
    const lost = event('cmpxchg', [2, 6], 5, 6, 5);
    expect(explainRegister([event('write', [0, 1], 0, 5), event('cmpxchg', [2, 5], 5, 6, 5), lost])).toEqual({
      violation: lost,
    });
    const torn = event('read', [1, 4], 9);
    expect(explainRegister([torn, event('write', [2, 3], 0, 7)])).toEqual({ violation: torn });
    const twice = event('insert', [2, 5], 1, 8);
    expect(explainRegister([event('insert', [1, 4], 1, 7), twice])).toEqual({ violation: twice });
  });

  test('refuses answers that go back in time between two overlapping calls', () => {
    const second = event('read', [6, 7], 0);
    expect(explainRegister([event('write', [1, 9], 0, 7), event('read', [3, 4], 7), second])).toEqual({
      violation: second,
    });
  });

  test('lets a call that did not end have happened, at any time, or not', () => {
    const dead = event('write', [1, Number.POSITIVE_INFINITY], -1, 7);
    expect(explainRegister([dead, event('read', [2, 3], 0), event('read', [8, 9], 7)])).toEqual({ values: [7] });
    expect(explainRegister([dead, event('read', [8, 9], 0)])).toEqual({ values: [0, 7] });
    const back = event('read', [8, 9], 0);
    expect(explainRegister([dead, event('read', [2, 3], 7), back])).toEqual({ violation: back });
  });
});
