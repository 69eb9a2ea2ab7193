// Shared memory that is not as it should be: answers may be wrong, but every call ends, with an answer or an error.
import { type FuzzTargets, words } from '@idspace/testkit/fuzz';
import { SharedIdError, SharedIdPool, SharedNextId } from '../src/shared/index.ts';

function attempt(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    // A RangeError: of an argument that does not fit what the memory says, or of an access beyond the memory.
    if (!(error instanceof SharedIdError || error instanceof RangeError)) throw error;
  }
}

function sharedOf(input: Uint8Array): SharedArrayBuffer {
  const handle = new SharedArrayBuffer(input.length);
  new Uint8Array(handle).set(input);
  return handle;
}

export const TARGETS: FuzzTargets = {
  'attached-pool': {
    seeds: function* () {
      for (const options of [{ max: 2000 }, { max: 300, reuse: 'cyclic' }, { max: 100, owners: 3 }] as const) {
        const pool = new SharedIdPool(options);
        for (let i = 0; i < 90; i++) pool.allocate();
        for (let id = 5; id < 20; id++) pool.free(id);
        yield new Uint8Array(pool.handle).slice();
      }
    },
    structures: [words],
    longest: 2 ** 14,
    run: (input) => {
      const handle = sharedOf(input);
      attempt(() => {
        const pool = SharedIdPool.attach(handle);
        for (let i = 0; i < 10; i++) attempt(() => pool.allocate());
        for (const id of [pool.min, pool.max]) {
          attempt(() => pool.has(id));
          attempt(() => pool.free(id));
          attempt(() => pool.reserve(id));
        }
        attempt(() => pool.size);
      });
      attempt(() => {
        const pool = SharedIdPool.attach(handle, { owner: 1 });
        for (let i = 0; i < 10; i++) attempt(() => pool.allocate());
        attempt(() => pool.heldBy(2));
        attempt(() => pool.bury(2));
      });
    },
  },
  'attached-next-id': {
    seeds: function* () {
      const next = new SharedNextId(5, 100);
      for (let i = 0; i < 90; i++) next.take();
      yield new Uint8Array(next.handle).slice();
    },
    structures: [words],
    longest: 256,
    run: (input) => {
      attempt(() => {
        const next = SharedNextId.attach(sharedOf(input));
        for (let i = 0; i < 10; i++) attempt(() => next.take());
        attempt(() => next.allocate((id) => id % 7 === 0, 100));
        attempt(() => next.moveTo(0));
        attempt(() => next.next);
      });
    },
  },
};
