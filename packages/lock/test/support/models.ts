// The lock table with its oracle, for the tests and for `pnpm model`: of all locks, the one with a state that random calls can find wrong.
import { type LockOutcome, LockTable } from '@idspace/lock';
import { expectSame, type ModelCase, type Models, modelCase, type Operation, type Random } from '@idspace/testkit';

type Key = readonly [ownerLo: number, ownerHi: number, id: number];

const ACTORS = 3;
/** Owners of keys: some have a word in common. */
const OWNERS: readonly (readonly [number, number])[] = [
  [0, 0],
  [1, 0],
  [0, 1],
  [2 ** 32 - 1, 2 ** 32 - 1],
];
/** By key: the thread that holds it, or a guess of whether its last holder died: a table may forget that for want of slots. */
type Told = number | 'dead' | 'maybe dead';

class TableOracle {
  readonly told: Map<string, Told> = new Map();
  readonly slots: number;

  constructor(slots: number) {
    this.slots = slots;
  }

  holder(key: Key): number {
    const told = this.told.get(String(key));
    return typeof told === 'number' ? told : 0;
  }

  heldBy(thread: number): string[] {
    return [...this.told].filter(([, told]) => told === thread).map(([key]) => key);
  }

  take(key: Key, thread: number, isWaiting: boolean): LockOutcome | 'taken' {
    const told = this.told.get(String(key));
    if (typeof told === 'number') {
      if (isWaiting && told === thread) throw new RangeError();
      return false;
    }
    if (told !== 'dead') this.makeRoom(told !== undefined);
    this.told.set(String(key), thread);
    return told === 'dead' ? 'owner-died' : told === undefined ? true : 'taken';
  }

  giveBack(key: Key, thread: number): void {
    if (this.holder(key) !== thread) throw new RangeError();
    this.told.delete(String(key));
  }

  bury(thread: number): string[] {
    const keys = this.heldBy(thread);
    for (const key of keys) this.told.set(key, 'dead');
    return keys.sort();
  }

  /** Makes sure that there is a slot for one key more, or one that may have none: the dead give theirs, several at the same time. */
  private makeRoom(isCounted: boolean): void {
    const { told, slots } = this;
    if ([...told.values()].filter((one) => typeof one === 'number').length === slots) throw new RangeError();
    // Where so many slots in a row are not free, the table looks no further.
    if (told.size - Number(isCounted) < Math.min(slots, Math.max(64, slots >> 1))) return;
    for (const [key, one] of told) if (one === 'dead') told.set(key, 'maybe dead');
  }
}

function expectFull(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    if (error instanceof RangeError) return;
    throw error;
  }
  throw new Error('one lock more than there are slots');
}

/** Threads in turns; one that ends leaves what it held to those who are told of its death. */
function lockTable(slots: number): ModelCase {
  const words = new Int32Array(new SharedArrayBuffer(4 * LockTable.wordsFor(slots)));
  const attach = (thread: number): LockTable => new LockTable(words, 0, slots, thread + 1);
  const oracle = new TableOracle(slots);
  const keys = OWNERS.flatMap(([lo, hi]) => Array.from({ length: Math.ceil(slots / 2) }, (_, id): Key => [lo, hi, id]));
  const args = (r: Random): unknown[] => [r.below(ACTORS), r.pick(keys)];
  const taking = (
    call: (table: LockTable, key: Key) => LockOutcome,
    waits: boolean,
  ): Operation<LockTable[], TableOracle> => ({
    weight: 3,
    args,
    subject: (all, at: number, key: Key) => {
      const isGuess = oracle.told.get(String(key)) === 'maybe dead';
      const outcome = call(all[at]!, key);
      return isGuess && outcome !== false ? 'taken' : outcome;
    },
    oracle: (o, at: number, key: Key) => o.take(key, at + 1, waits),
  });
  return modelCase<LockTable[], TableOracle>({
    subject: Array.from({ length: ACTORS }, (_, at) => attach(at)),
    oracle,
    checkEvery: 200,
    operations: {
      tryLock: taking((table, key) => table.tryLock(...key), false),
      lock: taking((table, key) => table.lock(...key, 0), true),
      hold: taking((table, key) => table.hold(...key, 0)?.outcome ?? false, true),
      unlock: {
        weight: 9,
        args,
        subject: (all, at: number, key: Key) => all[at]!.unlock(...key),
        oracle: (o, at: number, key: Key) => o.giveBack(key, at + 1),
      },
      'a thread ends': {
        args: (r) => [r.below(ACTORS), r.chance(0.3)],
        subject: (all, at: number, really: boolean) => {
          if (!really) return [];
          const left = all[(at + 1) % ACTORS]!.bury(at + 1);
          all[at] = attach(at);
          return left.map(String).sort();
        },
        oracle: (o, at: number, really: boolean) => (really ? o.bury(at + 1) : []),
      },
    },
    check: (all, o) => {
      for (const key of keys) expectSame(all[0]!.holder(...key), o.holder(key), `the holder of ${key}`);
      for (let thread = 1; thread <= ACTORS; thread++)
        expectSame(all[0]!.heldBy(thread).map(String).sort(), o.heldBy(thread).sort(), `what ${thread} holds`);
      expectSame(all[0]!.guardHolder, 0, 'the holder of the guard');
    },
    end: (all) => {
      for (let thread = 1; thread <= ACTORS; thread++) all[thread % ACTORS]!.bury(thread);
      for (let id = 0; id < slots; id++) expectSame(all[0]!.tryLock(7, 7, id), true, `lock ${id} of an empty table`);
      expectFull(() => all[0]!.tryLock(7, 7, slots));
    },
  });
}

export const MODELS: { readonly LockTable: Models[string] } = {
  LockTable: Object.fromEntries([1, 2, 5, 40, 200].map((slots) => [`${slots} slots`, () => lockTable(slots)])),
};
