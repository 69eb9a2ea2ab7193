// RLIMIT_SIGPENDING shared by processes: the rule against every order in which their creates can come, and what plans make of it.
import {
  type Checkpoint,
  type PlanOptions,
  type ProcessPlan,
  planRestore,
  planTogether,
} from '@idspace/restore-planner';
import { budget, type Random, random } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { type Share, sharedLimit, sharedOutcome } from '../src/spaces/timers/shared-limit.ts';
import { checkpointOf } from './support/checkpoints.ts';

const SEED = 2026_11_30;
const ROUNDS = budget(20_000);

/** What can happen in all orders: whether all creates may succeed, and whose create may be the first one refused. */
function everyOrder(shares: readonly Share[], base: number): { canSucceed: boolean; refused: Set<number> } {
  const refused = new Set<number>();
  const seen = new Set<string>();
  let canSucceed = false;
  const visit = (made: readonly number[]): void => {
    const key = made.join();
    if (seen.size === seen.add(key).size) return;
    const charged = base + made.reduce((sum, count) => sum + count, 0);
    if (made.every((count, index) => count === shares[index]!.timers)) canSucceed = true;
    for (const [index, { timers, limit }] of shares.entries()) {
      if (made[index] === timers) continue;
      if (charged + 1 > limit) refused.add(index);
      else visit(made.with(index, made[index]! + 1));
    }
  };
  visit(shares.map(() => 0));
  return { canSucceed, refused };
}

/** Few timers and limits near what they come to. */
function randomShares(rng: Random): { shares: Share[]; base: number } {
  const base = rng.pick([0, 0, 1, 2, 5]);
  const shares = Array.from({ length: rng.between(1, 4) }, () => ({ timers: rng.below(5), limit: 0 }));
  const all = base + shares.reduce((sum, { timers }) => sum + timers, 0);
  for (const share of shares) share.limit = rng.chance(0.1) ? Number.POSITIVE_INFINITY : rng.between(0, all + 2);
  return { shares, base };
}

test('the rule says what every order says', () => {
  const rng = random(SEED);
  const outcomes = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++) {
    const { shares, base } = randomShares(rng);
    const { canSucceed, refused } = everyOrder(shares, base);
    const where = `seed ${SEED}, round ${round}: base ${base}, ${JSON.stringify(shares)}`;
    const each = shares.map((_, index) => (!refused.has(index) ? 'ok' : canSucceed ? 'depends' : 'exceeds-limit'));
    expect(sharedLimit(shares, base), where).toEqual(each);
    const whole = canSucceed ? (refused.size === 0 ? 'ok' : 'depends') : 'exceeds-limit';
    expect(sharedOutcome(shares, base), where).toBe(whole);
    // The rule in words: ok iff all fit under the lowest limit, lost iff limits ascending some sum is above its limit.
    const making = shares.filter(({ timers }) => timers > 0).sort((a, b) => a.limit - b.limit);
    const sums = making.map((_, at) => making.slice(0, at + 1).reduce((sum, { timers }) => sum + timers, base));
    const fits = making.length === 0 || sums.at(-1)! <= making[0]!.limit;
    const isLost = making.some(({ limit }, at) => sums[at]! > limit);
    expect(fits ? 'ok' : isLost ? 'exceeds-limit' : 'depends', where).toBe(whole);
    outcomes.set(whole, (outcomes.get(whole) ?? 0) + 1);
  }
  for (const outcome of ['ok', 'depends', 'exceeds-limit']) expect(outcomes.get(outcome)).toBeGreaterThan(ROUNDS / 20);
});

test('many processes cost little', () => {
  const shares = Array.from({ length: 200_000 }, (_, index) => ({ timers: 1, limit: 200_000 + index }));
  expect(new Set(sharedLimit(shares, 0))).toEqual(new Set(['ok']));
  expect(sharedLimit(shares, 1)[0]).toBe('depends');
});

describe('plans', () => {
  const TODAY = { kernel: '6.18', criu: '4.2' };
  const ids = (count: number): number[] => Array.from({ length: count }, (_, id) => id);

  /** Processes of so many timers, with limits. */
  function planned(
    shares: [timers: number, limit: bigint | null][],
    options: Partial<PlanOptions> = {},
  ): ProcessPlan[] {
    const checkpoint = checkpointOf(shares.map(([timers]) => ids(timers)));
    for (const [index, [, limit]] of shares.entries()) checkpoint.processes[index]!.rlimitSigpending = limit;
    return planRestore(checkpoint, { ...TODAY, ...options }).processes;
  }
  const outcomes = (plans: ProcessPlan[]): string[] => plans.map(({ outcome }) => outcome);
  const REFUSED = "Can't create posix timer - N: -11\nCan't restore posix timers -1";

  test('at the boundary: all under the lowest limit, one more, and one more than any order allows', () => {
    expect(
      outcomes(
        planned([
          [3, 7n],
          [4, 9n],
        ]),
      ),
    ).toEqual(['ok', 'ok']);
    expect(
      outcomes(
        planned([
          [3, 6n],
          [4, 9n],
        ]),
      ),
    ).toEqual(['depends', 'ok']);
    expect(
      outcomes(
        planned([
          [3, 6n],
          [4, 6n],
        ]),
      ),
    ).toEqual(['exceeds-limit', 'exceeds-limit']);
    expect(
      outcomes(
        planned([
          [3, 2n],
          [4, 9n],
        ]),
      ),
    ).toEqual(['exceeds-limit', 'ok']);
    expect(
      outcomes(
        planned([
          [3, 0n],
          [0, 9n],
        ]),
      ),
    ).toEqual(['exceeds-limit', 'ok']);
  });

  test('what is charged before counts for all; processes without timers do not', () => {
    const shares: [number, bigint][] = [
      [3, 7n],
      [0, 1n],
      [4, 9n],
    ];
    expect(outcomes(planned(shares, { sigq: 0 }))).toEqual(['ok', 'ok', 'ok']);
    expect(outcomes(planned(shares, { sigq: 2 }))).toEqual(['depends', 'ok', 'ok']);
    expect(outcomes(planned(shares, { sigq: 3 }))).toEqual(['exceeds-limit', 'ok', 'exceeds-limit']);
    expect(outcomes(planned(shares, { sigq: 5 }))).toEqual(['exceeds-limit', 'ok', 'exceeds-limit']);
  });

  test('the position is stated where one process makes timers, after what is charged before, and is N where several do', () => {
    const alone = (options: Partial<PlanOptions>) =>
      planned(
        [
          [5, 3n],
          [0, null],
        ],
        options,
      )[0]!;
    expect(alone({}).error).toBe(REFUSED.replace('N', '3'));
    expect(alone({ sigq: 2 }).error).toBe(REFUSED.replace('N', '1'));
    expect(alone({ sigq: 9 }).error).toBe(REFUSED.replace('N', '0'));
    const [one, two] = planned([
      [5, 3n],
      [1, null],
    ]);
    expect([one!.error, two!.error]).toEqual([REFUSED, null]);
  });

  test('of a process that may be refused, steps and counts are those of success, and the error is what it prints if it fails', () => {
    const [first] = planned([
      [3, 6n],
      [4, 9n],
    ]);
    expect(first).toMatchObject({
      outcome: 'depends',
      errno: 'EAGAIN',
      error: REFUSED,
      creates: 3,
      peakTimers: 3,
      nextId: 3,
    });
    const dance = planned(
      [
        [3, 6n],
        [4, 9n],
      ],
      { kernel: '6.1' },
    )[0]!;
    expect(dance.error).toBe("Can't create posix timer - N\nCan't restore posix timers -1");
    const old = planned(
      [
        [3, 6n],
        [4, 9n],
      ],
      { kernel: '6.1', criu: '3.17' },
    )[0]!;
    expect(old.error).toBe("Can't create posix timer - N\nCan't restore posix timers -11");
  });

  test('creates are counted up to the refused one, as if the processes came one after the other', () => {
    const counts = (shares: [number, bigint | null][], options: Partial<PlanOptions> = {}): number[][] =>
      planned(shares, options).map(({ creates, peakTimers }) => [creates, peakTimers]);
    // The fourth create of all is one too many, and so is every one after it.
    expect(
      counts([
        [3, 3n],
        [4, 3n],
      ]),
    ).toEqual([
      [3, 3],
      [1, 0],
    ]);
    expect(
      counts([
        [3, 4n],
        [4, 4n],
        [2, null],
      ]),
    ).toEqual([
      [3, 3],
      [2, 1],
      [2, 2],
    ]);
    const dance: Partial<PlanOptions> = { kernel: '6.1', sigq: 2 };
    expect(
      counts(
        [
          [3, 6n],
          [4, 6n],
        ],
        dance,
      ),
    ).toEqual([
      [3, 3],
      [2, 1],
    ]);
  });

  test('what is said is said once, of each limit, and of a process that is too large by itself', () => {
    const texts = (shares: [number, bigint | null][]): string[] => {
      const checkpoint = checkpointOf(shares.map(([timers]) => ids(timers)));
      for (const [index, [, limit]] of shares.entries()) checkpoint.processes[index]!.rlimitSigpending = limit;
      return planRestore(checkpoint, TODAY).reasons.map(({ text }) => text);
    };
    const charged = (timers: string): string => `${timers} are charged to CRIU's user, and RLIMIT_SIGPENDING is`;
    expect(texts(Array.from({ length: 40 }, () => [3, 5n]))).toEqual([`${charged('120 timers of 40 processes')} 5`]);
    expect(
      texts([
        [3, 4n],
        [4, 5n],
      ]),
    ).toEqual([
      `${charged('7 timers of 2 processes')} 4 for process 1`,
      `${charged('7 timers of 2 processes')} 5 for process 2`,
    ]);
    expect(
      texts([
        [3, 2n],
        [4, 9n],
      ]),
    ).toEqual([`${charged('3 timers of process 1')} 2 for process 1`]);
    expect(texts([[3, 2n]])).toEqual(["process 1 has 3 timers, and RLIMIT_SIGPENDING leaves CRIU's user room for 2"]);
    const many = texts(Array.from({ length: 40 }, (_, index) => [3, BigInt(index + 3)]));
    expect(many).toHaveLength(17);
    expect(many.at(-1)).toBe('and 24 more processes');
  });

  test('the worst of many processes is among the reasons', () => {
    const checkpoint = checkpointOf(Array.from({ length: 40 }, () => [0]));
    for (const { timers } of checkpoint.processes) timers[0]!.clock = 8; // an alarm clock: depends
    checkpoint.processes[39]!.timers[0]!.clock = 10; // there is none: fails
    const { outcome, reasons } = planRestore(checkpoint, TODAY);
    expect([outcome, reasons[0]!.outcome, reasons[0]!.text]).toEqual([
      'fails',
      'fails',
      expect.stringMatching(/of process 40/),
    ]);
  });

  test('a soft limit above the hard one is lowered to it', () => {
    const checkpoint = checkpointOf([ids(3)], 100n);
    checkpoint.processes[0]!.rlimitSigpendingMax = 2n;
    expect(planRestore(checkpoint, TODAY).outcome).toBe('exceeds-limit');
    checkpoint.processes[0]!.rlimitSigpendingMax = 3n;
    expect(planRestore(checkpoint, TODAY).outcome).toBe('ok');
    checkpoint.processes[0]!.rlimitSigpendingMax = 200n;
    expect(planRestore(checkpoint, TODAY).outcome).toBe('ok');
  });

  test('no limit, and "unlimited"', () => {
    expect(
      outcomes(
        planned([
          [3, null],
          [4, 2n ** 64n - 1n],
        ]),
      ),
    ).toEqual(['ok', 'ok']);
    expect(
      outcomes(
        planned([
          [3, null],
          [4, 6n],
        ]),
      ),
    ).toEqual(['ok', 'depends']);
  });

  test('containers of one archive are charged to one user, too', () => {
    const checkpoint = checkpointOf([ids(3), ids(4)], 6n);
    for (const [index, process] of checkpoint.processes.entries()) Object.assign(process, { container: `c${index}` });
    expect(planRestore(checkpoint, TODAY).outcome).toBe('exceeds-limit');
  });

  test('a process that CRIU stops at makes no timers that could be charged', () => {
    const checkpoint = checkpointOf([ids(3), ids(4)], 6n);
    checkpoint.processes[0]!.oldImages = ['timers'];
    const { processes, outcome } = planRestore(checkpoint, TODAY);
    expect([outcome, ...processes.map((process) => process.outcome)]).toEqual(['fails', 'fails', 'ok']);
  });

  test('little room is remarked on where what is charged before is not stated', () => {
    const remarks = (timers: number, limit: bigint, options: Partial<PlanOptions> = {}): boolean[] =>
      planned([[timers, limit]], options).map(({ warnings }) => warnings.some(({ code }) => code === 'sigq-assumed'));
    expect(remarks(3, 3n)).toEqual([true]);
    expect(remarks(3, 102n)).toEqual([true]);
    expect(remarks(3, 103n)).toEqual([false]);
    expect(remarks(3, 3n, { sigq: 0 })).toEqual([false]);
    expect(remarks(0, 3n)).toEqual([false]);
    expect(remarks(3, 2n)).toEqual([true]); // the position of the refusal depends on it
  });

  test('the remark and the shared limit say their numbers', () => {
    const [first] = planned(
      [
        [3, 6n],
        [4, 9n],
      ],
      { sigq: 1 },
    );
    expect(first!.warnings[0]).toMatchObject({ code: 'shared-limit', ids: [] });
    expect(first!.warnings[0]!.text).toMatch(
      /^7 timers of 2 processes are charged to CRIU's user, beside 1 charged before, and RLIMIT_SIGPENDING is 6 for process \d+\. .*Way out: raise RLIMIT_SIGPENDING of the processes to 8 or more, /,
    );
  });
});

describe('several checkpoints on one node', () => {
  const one = (timers: number, limit: bigint | null): Checkpoint =>
    checkpointOf([Array.from({ length: timers }, (_, id) => id)], limit);

  test('their timers add up', () => {
    const fleet = [one(3, 10n), one(4, 8n), one(0, 1n)];
    expect(planTogether(fleet)).toEqual({ timers: 7, lowestLimit: 8, base: 0, outcome: 'ok' });
    expect(planTogether(fleet, { sigq: 2 })).toMatchObject({ base: 2, outcome: 'depends' });
    expect(planTogether(fleet, { sigq: 4 }).outcome).toBe('exceeds-limit');
    expect(planTogether(fleet, { sigpending: 6 })).toMatchObject({ lowestLimit: 6, outcome: 'exceeds-limit' });
    expect(planTogether([])).toEqual({ timers: 0, lowestLimit: null, base: 0, outcome: 'ok' });
    expect(planTogether([one(5, null)]).lowestLimit).toBeNull();
  });

  test('misuse', () => {
    expect(() => planTogether([{}] as never)).toThrow('checkpoint.processes: got undefined');
    expect(() => planTogether([], { sigq: 0.5 })).toThrow('sigq: got 0.5');
    expect(() => planTogether([], { sigpending: -1 })).toThrow('sigpending: got -1');
  });
});
