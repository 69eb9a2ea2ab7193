// Pseudo-terminals: where each is opened; and against a model that opens them in every order that the processes can have.
import { budget, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { readImages } from '../../src/image/read-images.ts';
import { PTY } from '../../src/spaces/pty/pty.ts';
import type { PtyMaster } from '../../src/spaces/pty/pty-master.ts';
import { chances } from '../../src/spaces/pty/reach.ts';
import { TaskKobjIdsEntrySchema } from '../support/gen/ids_pb.ts';
import * as ids from '../support/id-images.ts';
import { memorySource } from '../support/images.ts';
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

describe('the way out', () => {
  test.each<[string, number[][], number[] | undefined, RegExp]>([
    ['a terminal alone', [[40]], [0], /^open the terminals up to 8 on the target before the restore \(/],
    [
      'one that needs a lower one later',
      [[32, 0]],
      [],
      /^nothing on the target helps, .* restores after 32: before the/,
    ],
    ['the same, where the lower one is taken', [[32, 0]], [0], /^nothing on the target helps/],
    ['the same, of which nothing is known', [[32, 0]], undefined, /^nothing on the target helps/],
    ['one that has a lower one already', [[0, 40]], [], /up to 8 on the target before the restore, but not 0, which/],
    ['own ones alone below', [[1, 33]], [0], /^$/],
    ['one that is taken', [[3]], [3], /^close what has it, or restore into a mount namespace with a devpts of its own/],
    ['one that is taken, and out of reach of an empty devpts', [[40]], [...upTo(8), 40], /^close what has it$/],
    ['two that are taken', [[3, 4]], [3, 4, 9], /^close what has 3, 4, or /],
    ['both', [[3, 40]], [3], /^close what has it, and open the terminals up to 8 .*, but not 3, which/],
    ['many that must stay free', [[0, 1, 2, 3, 4, 5, 60]], [], /up to 28 .*, but not 0, 1, 2, 3 and 2 more, which/],
    ['those of another process', [[40], [0]], [], /^if it fails, restore again: nothing on the target makes it sure/],
    ['as many as kernels let be open', [[3103]], [0], /up to 3071 on the target before the restore \(/],
    ['one more', [[3104]], [0], /up to 3072 on .* restore, with kernel\.pty\.max at 4129 or more \(/],
    [
      'more than kernels let be open',
      [[4000]],
      [0],
      /up to 3968 on .* restore, with kernel\.pty\.max at 5025 or more \(/,
    ],
    ['an index that no kernel gives', [[2 ** 20 + 7]], [], /^dump again/],
    ['far beyond', [[2 ** 32 - 1]], [], /^dump again/],
  ])('%s', (_, processes, taken, expected) => {
    const { reasons } = PTY.plan(masters(...processes), conditions(taken === undefined ? {} : { ptysTaken: taken }))!;
    expect(reasons.map(({ remedy }) => remedy).find(() => true) ?? '').toMatch(expected);
  });

  test(`works: ${RUNS} random cases, followed and opened in every order (seed ${SEED})`, () => {
    const rng = random(SEED);
    const followed = { open: 0, close: 0, none: 0, again: 0 };
    for (let run = 0; run < RUNS; run++) {
      const wanted = new Set<number>();
      const highest = run % 2 === 0 ? 80 : 30;
      const processes = Array.from({ length: 1 + rng.below(2) }, () =>
        Array.from({ length: 1 + rng.below(2) }, () => {
          let index = rng.below(highest);
          while (wanted.has(index)) index = rng.below(highest);
          wanted.add(index);
          return index;
        }),
      );
      const taken = upTo(79).filter((index) => rng.below(wanted.has(index) ? 2 : 10) === 0);
      const { reasons } = PTY.plan(masters(...processes), conditions({ ptysTaken: taken }))!;
      const [wayOut = ''] = reasons.map(({ remedy }) => remedy);
      if (wayOut === '') continue;
      const others = taken.filter((index) => !wanted.has(index));
      const all = everyOrder(processes, [...others, ...upTo(100).filter((index) => !wanted.has(index))]);
      const [, last] = /up to (\d+) on/.exec(wayOut) ?? [];
      const where = JSON.stringify({ processes, taken, wayOut });
      if (wayOut.startsWith('nothing') || wayOut.startsWith('if it fails')) {
        followed[wayOut.startsWith('nothing') ? 'none' : 'again']++;
        expect(all.includes('never'), where).toBe(wayOut.startsWith('nothing'));
        expect(
          all.every((came) => came === 'always'),
          where,
        ).toBe(false);
        continue;
      }
      expect(wayOut.includes('close'), where).toBe(others.length < taken.length);
      const opened = last === undefined ? [] : upTo(Number(last)).filter((index) => !wanted.has(index));
      followed[last === undefined ? 'close' : 'open']++;
      expect(new Set(everyOrder(processes, [...others, ...opened])), where).toEqual(new Set(['always']));
      if (wayOut.includes('devpts of its own')) {
        expect(new Set(everyOrder(processes, [])), where).toEqual(new Set(['always']));
      }
    }
    expect(
      Object.values(followed).every((times) => times > 0),
      JSON.stringify(followed),
    ).toBe(true);
  });
});

function upTo(last: number): number[] {
  return Array.from({ length: last + 1 }, (_, index) => index);
}

function outcome(list: PtyMaster[], ptysTaken: number[] | undefined): string {
  return PTY.plan(list, conditions(ptysTaken === undefined ? {} : { ptysTaken }))!.outcome;
}

test('more terminals that do not come than a call can have arguments', () => {
  const all = masters(Array.from({ length: 130_000 }, (_, at) => 100 + 2 * at));
  const { outcome, reasons } = PTY.plan(all, conditions({ ptysTaken: [] }))!;
  expect([outcome, reasons.length < 40]).toEqual(['fails', true]);
});

test('a master is opened in the process with the lowest PID that has it, at its lowest descriptor', async () => {
  const images = ids.wholeCheckpoint([{ pid: 8 }, { pid: 7, ppid: 8 }], {
    'files.img': ids.idImage('files', ids.ttyFile(20, 3, 0), ids.ttyFile(10, 1, 0), ids.ttyFile(11, 5, 0)),
    'tty-info.img': ids.idImage('tty', ids.ttyInfo(1, 0), ids.ttyInfo(3, 1), ids.ttyInfo(5, 2)),
    'ids-8.img': ids.idImage(
      'ids',
      ids.encoded(TaskKobjIdsEntrySchema, { filesId: 3, pidNsId: 1, ipcNsId: ids.OWN_IPC }),
    ),
    'fdinfo-2.img': ids.idImage('fdinfo', ids.descriptor(20, 9), ids.descriptor(10, 4), ids.descriptor(20, 6)),
    'fdinfo-3.img': ids.idImage('fdinfo', ids.descriptor(20, 3), ids.descriptor(11, 5)),
  });
  const { pty } = (await readImages(memorySource(images))).ids![0]!;
  expect(pty).toMatchObject([
    { fileId: 20, index: 1, pid: 7, fd: 6 },
    { fileId: 10, index: 0, pid: 7, fd: 4 },
    { fileId: 11, index: 2, pid: 8, fd: 5 },
  ]);
});
