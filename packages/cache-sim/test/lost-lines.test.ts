import { expect, test } from 'vitest';
import { LostLines } from '../src/lost-lines.ts';

const LINE = 64;

test('a loss has 14 bytes and a bit for each byte of its line, and a line 4; arrays double', () => {
  const lost = new LostLines(LINE);
  const lines = 10_000;
  lost.makePlaces(lines);
  for (let line = 0; line < lines; line++) {
    for (const core of [0, 1]) {
      lost.makeRoom(1);
      lost.lose(line, core);
    }
  }
  const losses = 2 * lines;
  expect(lost.byteLength).toBeGreaterThanOrEqual(4 * lines + losses * (10 + LINE / 8));
  expect(lost.byteLength).toBeLessThan(4 * lines + 2 * losses * (14 + LINE / 8));
});

test('what is lost and comes back over and over needs no more room', () => {
  const lost = new LostLines(LINE);
  lost.makePlaces(4);
  lost.makeRoom(3);
  const { byteLength, room } = lost;
  for (let round = 0; round < 1000; round++) {
    for (let core = 0; core < 3; core++) {
      lost.lose(core, 2 - core);
      lost.write(core, 8 * core, 8 * core + 8);
      expect(lost.comeBack(core, 2 - core, 7)).toBe(true);
      if (round % 2 === 0) lost.evict(core, 2 - core);
      // What was written beside its byte is false sharing, what was written there true.
      else
        expect([lost.use(core, 2 - core, 40, 48), lost.use(core, 2 - core, 8 * core + 7, 40)]).toEqual([undefined, 7]);
    }
  }
  expect([lost.byteLength, lost.room]).toEqual([byteLength, room]);
});

test('a line as long as a page gets room for what is asked for, and no more', () => {
  const lost = new LostLines(2 ** 21);
  lost.makeRoom(1);
  expect(lost.byteLength).toBeLessThan(2 * (2 ** 21 / 8) + 100);
});

test('clear gives back the room of every loss, and no more', () => {
  const lost = new LostLines(LINE);
  lost.makePlaces(4);
  lost.makeRoom(3);
  const { room } = lost;
  for (let core = 0; core < 3; core++) lost.lose(core, core);
  expect(lost.room).toBe(room - 3);
  lost.clear();
  expect(lost.room).toBe(room);
  expect([0, 1, 2].map((core) => lost.comeBack(core, core, 7))).toEqual([false, false, false]);
});
