// A pool that keeps owners, between threads one of which dies, for the explorer: the shipped code, called by two or three actors.
import type { BrokenProtocol, Protocol } from '@idspace/testkit/explore';
import type { IdOwners } from '../../src/shared/id-owners.ts';
import { SharedIdPool } from '../../src/shared/index.ts';

const IDS = 2;
const OWNERS = 3;
/** A word that the pool does not use: whether owner 1 has died, or is done. */
const FLAG = 10;
const bytes = (memory: SharedArrayBuffer): Buffer => Buffer.from(memory);

interface Scene {
  /** What owner 1 does before it may have ended, and owner 2 meanwhile. */
  one: (pool: SharedIdPool) => unknown;
  two: (pool: SharedIdPool) => number;
  breaks?: (owners: IdOwners) => void;
}

/** Owner 1 may be killed anywhere; owner 3 buries it once it has ended. In the end each ID is free, or owner 2 has it. */
function burying({ one, two, breaks }: Scene): Protocol {
  const made = new SharedIdPool({ max: IDS - 1, owners: OWNERS });
  const attach = (memory: SharedArrayBuffer, owner: number): SharedIdPool => {
    const pool = SharedIdPool.attach(memory, { owner });
    breaks?.((pool as unknown as { signatures: IdOwners }).signatures);
    return pool;
  };
  return {
    bytes: made.byteLength,
    words: { flag: FLAG, bits: 48, 'owner 1': 64, 'owner 2': 80, 'owner 3': 96, signatures: 112 },
    setup: (memory) => void bytes(memory).set(bytes(made.handle)),
    actors: {
      'owner 1': (memory) => {
        one(attach(memory, 1));
        Atomics.store(new Int32Array(memory), FLAG, 1);
      },
      'owner 2': (memory) => two(attach(memory, 2)),
      'owner 3': (memory) => {
        while (Atomics.load(new Int32Array(memory), FLAG) === 0);
        return attach(memory, 3).bury(1).length;
      },
    },
    killed: { 'owner 1': (memory) => void (new Int32Array(memory)[FLAG] = 1) },
    check: (memory, results) => {
      // What a burial amid a call of another has left, the next one finds.
      const pool = attach(memory, 3);
      pool.bury(1);
      const id = results['owner 2'] as number;
      const held = pool.heldBy(2);
      if (String(held) !== String(id < 0 ? [] : [id])) throw new Error(`owner 2 got ${id}, and has ${held}`);
      for (let other = 0; other < IDS; other++)
        if (pool.has(other) !== (other === id)) throw new Error(`ID ${other} is lost, or was given back`);
    },
  };
}

const takes: Scene = { one: (pool) => pool.allocate(), two: (pool) => pool.allocate() };
const returns: Scene = { one: (pool) => pool.free(pool.allocate()), two: (pool) => pool.allocate() };

export const OWNER_PROTOCOLS: Record<string, Protocol> = {
  'pool with owners, one takes an ID and may be killed': burying(takes),
  'pool with owners, one takes and frees an ID and may be killed': burying(returns),
};

/** A search that takes what is about to be signed for what a dead thread left. */
const rash = (owners: IdOwners): void => {
  owners.unsigned = (isTaken) => owners.of(0).filter(isTaken);
};

export const BROKEN_OWNERS: Record<string, BrokenProtocol> = {
  'a burial that does not mind the calls of others': {
    protocol: burying({ ...takes, breaks: rash }),
    message: 'is lost, or was given back',
  },
};
