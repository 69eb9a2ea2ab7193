// The protocols of LockTable, and wrong ones, for the explorer: the shipped code, called by two or three actors.
import { LockTable } from '@idspace/lock';
import type { Protocol } from '@idspace/testkit/explore';

type Memory = SharedArrayBuffer;
type Alive = (thread: number) => boolean;

/** What a table is inside, for those who break it. */
interface Insides {
  life: number;
  entersNow(): boolean;
  leave(): void;
  table: {
    homeOf(lo: number, hi: number, tag: number): number;
    findHeld(lo: number, hi: number, tag: number, thread: number): number;
    find(lo: number, hi: number, tag: number): number;
    isHeldBy(slot: number, thread: number): boolean;
  };
}
const inside = (table: LockTable): Insides => table as unknown as Insides;

/** A table of so many slots, and behind it what the tests need: what key 1 guards, who died, who has ended. */
class Scene {
  readonly slots: number;
  readonly counter: number;
  readonly dead: number;
  readonly done: number;
  private readonly breaks: ((inside: Insides) => void) | undefined;

  constructor(slots: number, breaks?: (inside: Insides) => void) {
    this.slots = slots;
    this.counter = LockTable.wordsFor(slots);
    this.dead = this.counter + 1;
    this.done = this.counter + 2;
    this.breaks = breaks;
  }

  get bytes(): number {
    return (this.counter + 3) * 4;
  }

  /** Names in schedules. */
  get words(): Record<string, number> {
    const { counter, dead, done, slots } = this;
    const names: Record<string, number> = { guard: 0, layout: 2, moves: 3, hand: 4, count: 5, counter, dead, done };
    for (let i = 0; i < slots; i++) {
      ['lock', 'lo', 'hi', 'tag', 'next', 'life', 'head'].forEach((name, word) => {
        names[`${name} ${i + 1}`] = 16 + i * 8 + word;
      });
    }
    return names;
  }

  /** A handle; a fresh one for each run of an actor, as it remembers the slot it took last. */
  table(memory: Memory, thread: number, alive?: Alive): LockTable {
    const table = new LockTable(new Int32Array(memory), 0, this.slots, thread, alive && { alive });
    this.breaks?.(inside(table));
    return table;
  }

  /** Says who died, as a roster would. */
  alive(memory: Memory): Alive {
    const words = new Int32Array(memory);
    return (thread) => Atomics.load(words, this.dead) !== thread;
  }

  /** What happens at the death of a thread. */
  dies(thread: number): (memory: Memory) => void {
    return (memory) => {
      new Int32Array(memory)[this.dead] = thread;
    };
  }

  /** A key's section: what it guards is 0 before and after; an actor that is told of a death repairs it. */
  section(memory: Memory, table: LockTable, id: number, outcome: unknown): void {
    const words = new Int32Array(memory);
    if (id === 1) {
      if (outcome === 'owner-died') words[this.counter] = 0;
      words[this.counter]++;
      words[this.counter]--;
    }
    table.unlock(0, 0, id);
  }

  /** Locks keys one after another, as so many threads do. */
  locking(thread: number, ids: readonly number[], isRobust = true): (memory: Memory) => unknown {
    return (memory) => {
      const table = this.table(memory, thread, isRobust ? this.alive(memory) : undefined);
      return ids.map((id) => {
        try {
          const outcome = table.lock(0, 0, id);
          this.section(memory, table, id, outcome);
          return outcome;
        } catch (error) {
          if (!String(error).includes('slots: got all')) throw error;
          return 'full';
        }
      });
    };
  }

  /** IDs whose keys belong to one chain. */
  idsOfOneChain(count: number): number[] {
    const { table } = inside(this.table(new SharedArrayBuffer(this.bytes), 1));
    const ids: number[] = [];
    for (let id = 1; ids.length < count; id++) {
      if (ids.length === 0 || table.homeOf(0, 0, ~id) === table.homeOf(0, 0, ~ids[0])) ids.push(id);
    }
    return ids;
  }

  /** Every key can be locked; the counter is 0, or the one who takes key 1 hears why not. */
  isSound(memory: Memory, ids: readonly number[]): void {
    const table = new LockTable(new Int32Array(memory), 0, this.slots, 9, { alive: this.alive(memory) });
    for (const id of ids) {
      const outcome = table.tryLock(0, 0, id);
      if (outcome === false) throw new Error(`key ${id} stays locked`);
      const counter = new Int32Array(memory)[this.counter];
      if (id === 1 && outcome === true && counter !== 0) throw new Error(`the counter is ${counter}`);
      if (table.holder(0, 0, id) !== 9) throw new Error(`key ${id} is held by ${table.holder(0, 0, id)}`);
      table.unlock(0, 0, id);
    }
  }
}

/** Threads that lock keys, the first of which may be killed. */
function locking(
  slots: number,
  keys: readonly (readonly number[])[],
  isKilled: boolean,
  breaks?: (i: Insides) => void,
) {
  const scene = new Scene(slots, breaks);
  const protocol: Protocol = {
    bytes: scene.bytes,
    words: scene.words,
    // Keys that no actor holds any more: what comes is moved from chain to chain.
    setup: (memory) => {
      const table = scene.table(memory, 8);
      for (let id = 8; id < 8 + slots; id++) {
        table.lock(0, 0, id);
        table.unlock(0, 0, id);
      }
    },
    actors: Object.fromEntries(keys.map((ids, i) => ['ABC'.charAt(i), scene.locking(i + 1, ids)])),
    ...(isKilled && { killed: { A: scene.dies(1) } }),
    maxSteps: 2_000,
    check: (memory) => scene.isSound(memory, [...new Set(keys.flat()), 8, 9]),
  };
  return protocol;
}

/** One is killed with the key, or on its way to it; another waits until that is known, and buries it. */
function burying(): Protocol {
  const scene = new Scene(2);
  return {
    bytes: scene.bytes,
    words: scene.words,
    actors: {
      A: (memory) => {
        scene.locking(1, [1], false)(memory);
        Atomics.store(new Int32Array(memory), scene.done, 1);
      },
      M: (memory) => {
        const words = new Int32Array(memory);
        while (Atomics.load(words, scene.dead) === 0 && Atomics.load(words, scene.done) === 0);
        const table = scene.table(memory, 2);
        const keys = Atomics.load(words, scene.dead) === 1 ? table.bury(1) : [];
        const outcome = table.lock(0, 0, 1);
        scene.section(memory, table, 1, outcome);
        return [keys.length, outcome, table.holder(0, 0, 1), table.guardHolder];
      },
    },
    killed: { A: scene.dies(1) },
    check: (memory, { M }) => {
      expectOneOf(M, [0, true, 0, 0], [1, 'owner-died', 0, 0]);
      scene.isSound(memory, [1, 2]);
    },
  };
}

/** One has died with a key and with the guard, and is buried while another, that is not told of deaths, wants the key. */
function waitingForBurial(withGuard: boolean): Protocol {
  const scene = new Scene(2);
  return {
    bytes: scene.bytes,
    words: scene.words,
    setup: (memory) => {
      scene.table(memory, 1).lock(0, 0, 1);
      const words = new Int32Array(memory);
      if (withGuard) words[0] = 1;
      words[scene.dead] = 1;
    },
    actors: {
      undertaker: (memory) => scene.table(memory, 2, scene.alive(memory)).bury(1).length,
      waiter: scene.locking(3, [1], false),
    },
    check: (memory, { undertaker, waiter }) => {
      expectOneOf([undertaker, waiter], [1, ['owner-died']]);
      scene.isSound(memory, [1, 2]);
    },
  };
}

/** One is killed, and its number comes again. */
function returning(): Protocol {
  const scene = new Scene(2);
  return {
    ...burying(),
    actors: {
      A: (memory) => {
        scene.locking(1, [1], false)(memory);
        Atomics.store(new Int32Array(memory), scene.done, 1);
      },
      'A again': (memory) => {
        const words = new Int32Array(memory);
        while (Atomics.load(words, scene.dead) === 0 && Atomics.load(words, scene.done) === 0);
        const table = scene.table(memory, 1);
        inside(table).life++;
        const outcomes = [table.lock(0, 0, 2), table.lock(0, 0, 1)];
        scene.section(memory, table, 1, outcomes[1]);
        table.unlock(0, 0, 2);
        return outcomes;
      },
    },
    check: (memory, results) => {
      expectOneOf(results['A again'], [true, true], [true, 'owner-died']);
      scene.isSound(memory, [1, 2]);
    },
  };
}

/** One is killed, and the other is never told: its call ends all the same. */
function untold(call: (table: LockTable) => unknown): Protocol {
  const scene = new Scene(2);
  return {
    bytes: scene.bytes,
    words: scene.words,
    actors: {
      A: scene.locking(1, [1], false),
      B: (memory) => {
        const table = scene.table(memory, 2);
        const taken = call(table);
        if (taken === true) table.unlock(0, 0, 2);
        return taken;
      },
    },
    killed: { A: scene.dies(1) },
    check: (memory, { A, B }) => {
      expectOneOf(B, true, ...(A === undefined ? [false] : []));
      const table = scene.table(memory, 3);
      if (A === undefined) table.bury(1);
      expectOneOf(table.guardHolder, 0);
      scene.isSound(memory, [1, 2]);
    },
  };
}

/** A key is given back, and asked about, while the slot before it in its chain is moved to another. */
function moving(breaks?: (inside: Insides) => void): Protocol {
  const scene = new Scene(2, breaks);
  const [held, free] = scene.idsOfOneChain(2) as [number, number];
  return {
    bytes: scene.bytes,
    words: scene.words,
    setup: (memory) => {
      const table = scene.table(memory, 1);
      table.lock(0, 0, held);
      table.lock(0, 0, free);
      table.unlock(0, 0, free);
    },
    actors: {
      holder: (memory) => {
        const table = scene.table(memory, 1);
        const holder = table.holder(0, 0, held);
        table.unlock(0, 0, held);
        return holder;
      },
      mover: scene.locking(2, [free + 1, free + 2]),
    },
    check: (memory, { holder, mover }) => {
      expectOneOf([holder, mover], [1, [true, true]]);
      scene.isSound(memory, [held, free, free + 1, free + 2]);
    },
  };
}

function expectOneOf(got: unknown, ...expected: unknown[]): void {
  const texts = expected.map((value) => JSON.stringify(value));
  if (!texts.includes(JSON.stringify(got))) throw new Error(`${JSON.stringify(got)}, expected ${texts.join(' or ')}`);
}

/** What holds, and is soon explored. */
export const TABLE_PROTOCOLS: Record<string, Protocol> = {
  'lock table, 2 threads on one key': locking(1, [[1], [1]], false),
  'lock table, 2 threads on one key, one may be killed': locking(1, [[1], [1]], true),
  'lock table, 2 threads whose keys need the same slot': locking(1, [[1], [2]], false),
  'lock table, 2 threads on two slots, one may be killed': locking(2, [[1], [2]], true),
  'lock table, one may be killed, and is buried': burying(),
  'lock table, one died with a key, and is buried while another waits': waitingForBurial(false),
  'lock table, one died with key and guard, and is buried while another waits': waitingForBurial(true),
  'lock table, one may be killed, and its number comes again': returning(),
  'lock table, one may be killed, and none is told: tryLock': untold((table) => table.tryLock(0, 0, 2)),
  'lock table, one may be killed, and none is told: lock in time': untold((table) => table.lock(0, 0, 2, 1_000)),
  'lock table, a lock given back while slots are moved': moving(),
};

/** What takes minutes to the end: the tests play some schedules of it. */
export const SAMPLED_TABLE_PROTOCOLS: Record<string, Protocol> = {
  'lock table, 3 threads on one key, one may be killed': locking(1, [[1], [1], [1]], true),
  'lock table, 3 threads whose keys need the same slot, one may be killed': locking(1, [[1], [2], [2]], true),
};

/** What holds, and takes longer. */
export const LARGE_TABLE_PROTOCOLS: Record<string, Protocol> = {
  ...SAMPLED_TABLE_PROTOCOLS,
  'lock table, 2 threads on two slots, two keys each, one may be killed': locking(
    2,
    [
      [1, 2],
      [2, 1],
    ],
    true,
  ),
};

/** What does not hold, and what the explorer must say of it. */
export const BROKEN_TABLES: Record<string, { protocol: Protocol; message: string }> = {
  'a lock table without its guard': {
    protocol: locking(2, [[1], [1]], false, (table) => {
      table.entersNow = () => true;
      table.leave = () => {};
    }),
    message: 'the counter is', // each has made a slot for the key
  },
  'a lock table that looks for a lock in its chain alone': {
    protocol: moving(({ table }) => {
      table.findHeld = (lo, hi, tag, thread) => {
        const slot = table.find(lo, hi, tag);
        return slot !== 0 && table.isHeldBy(slot, thread) ? slot : 0;
      };
    }),
    message: 'expected one that thread 1 holds',
  },
};
