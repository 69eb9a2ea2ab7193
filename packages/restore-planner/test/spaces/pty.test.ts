// Pseudo-terminals against a model that opens them in every order that the processes can have.
import { budget, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { PTY } from '../../src/spaces/pty/pty.ts';
import type { PtyMaster } from '../../src/spaces/pty/pty-master.ts';
import { chances } from '../../src/spaces/pty/reach.ts';
import { conditions } from './conditions.ts';

const SEED = Number(process.env.TEST_SEED ?? 20_261_130);
const RUNS = budget(300);

function masters(...processes: number[][]): PtyMaster[] {
  return processes.flatMap((indices, pid) =>
    indices.map((index, fd) => ({ index, pid: pid + 1, fd, fileId: 10 * pid + fd, path: '/dev/pts/ptmx' })),
  );
}

/** What CRIU does: opens until the index comes, 32 times at most, and closes the others. @returns Whether it comes. */
function open(taken: Set<number>, index: number): boolean {
  const held: number[] = [];
  try {
    for (;;) {
      let got = 0;
      while (taken.has(got)) got++;
      if (got > index || index - got > 31) return false;
      taken.add(got);
      if (got === index) return true;
      held.push(got);
    }
  } finally {
    for (const number of held) taken.delete(number);
  }
}

/** Runs every interleaving of the processes. @returns For each terminal in the order given, whether it came: always, never or sometimes. */
function everyOrder(processes: number[][], taken: readonly number[]): ('always' | 'never' | 'sometimes')[] {
  const offsets = processes.map((_, pid) => processes.slice(0, pid).flat().length);
  const came: Set<boolean>[] = processes.flat().map(() => new Set<boolean>());
  const walk = (at: number[], now: Set<number>): void => {
    for (const [pid, indices] of processes.entries()) {
      if (at[pid]! >= indices.length) continue;
      const next = new Set(now);
      const index = indices[at[pid]!]!;
      came[offsets[pid]! + at[pid]!]!.add(open(next, index));
      next.add(index); // the others are tried as if it had come
      walk(at.with(pid, at[pid]! + 1), next);
    }
  };
  walk(
    processes.map(() => 0),
    new Set(taken),
  );
  return came.map((outcomes) => (outcomes.size === 2 ? 'sometimes' : outcomes.has(true) ? 'always' : 'never'));
}

const SAID = { ok: 'always', taken: 'never', twice: 'never', 'too-far': 'never', depends: 'sometimes' } as const;

describe('reach', () => {
  test(`${RUNS} random cases in every order of their processes (seed ${SEED})`, () => {
    const rng = random(SEED);
    for (let run = 0; run < RUNS; run++) {
      const count = 1 + rng.below(3);
      const wanted = new Set<number>();
      const processes = Array.from({ length: count }, () =>
        Array.from({ length: 1 + rng.below(2) }, () => {
          let index = rng.below(70);
          while (wanted.has(index)) index = rng.below(70);
          wanted.add(index);
          return index;
        }),
      );
      const below = rng.below(50);
      const taken = Array.from({ length: 60 }, (_, index) => index).filter(
        (index) => index < below && rng.below(10) > 0,
      );
      const said = chances(masters(...processes), taken).map(({ chance }) => SAID[chance]);
      expect(said, JSON.stringify({ processes, taken })).toEqual(everyOrder(processes, taken));
    }
  });

  test('31 above the lowest free index is in reach, 32 is not', () => {
    expect(outcome(masters([31]), [])).toBe('ok');
    expect(outcome(masters([32]), [])).toBe('fails');
    expect(outcome(masters([32]), [0])).toBe('ok');
    expect(outcome(masters([0, 32]), [])).toBe('ok');
    expect(outcome(masters([32, 0]), [])).toBe('fails');
  });

  test('what no target lets through fails without one; all else depends on it', () => {
    expect(outcome(masters([32, 0]), undefined)).toBe('fails');
    expect(outcome(masters([7, 7]), undefined)).toBe('fails');
    expect(outcome(masters([40]), undefined)).toBe('depends');
    expect(outcome(masters([32], [0]), undefined)).toBe('depends');
  });

  test('each devpts has indices of its own', () => {
    const [a, b] = masters([7, 7]);
    expect(outcome([a!, { ...b!, path: '/other/pts/ptmx' }], [])).toBe('ok');
    expect(outcome([a!, { ...b!, path: '/dev/ptmx' }], [])).toBe('fails');
  });

  test('the terminal of a shell job is not made', () => {
    const [slave] = masters([3]);
    const orphan: PtyMaster = { ...slave!, isOrphan: true };
    expect(PTY.plan([orphan], conditions({ ptysTaken: [3], shellJob: true }))).toBeUndefined();
    expect(PTY.plan([orphan], conditions({ ptysTaken: [3] }))?.outcome).toBe('fails');
  });

  test('opens are the free indices on the way', () => {
    const plan = PTY.plan(masters([0, 3]), conditions({ ptysTaken: [2] }))!;
    expect([plan.creates, plan.deletes]).toEqual([1 + 2, 1]);
  });

  test('100,000 terminals are planned in linear time', () => {
    const many = masters(Array.from({ length: 100_000 }, (_, index) => index));
    expect(PTY.plan(many, conditions({ ptysTaken: [] }))).toMatchObject({
      outcome: 'ok',
      creates: 100_000,
      deletes: 0,
    });
    expect(PTY.plan(many, conditions({ ptysTaken: [5] }))?.outcome).toBe('fails');
  });
});

function outcome(list: PtyMaster[], ptysTaken: number[] | undefined): string {
  return PTY.plan(list, conditions(ptysTaken === undefined ? {} : { ptysTaken }))!.outcome;
}
