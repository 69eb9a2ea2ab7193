// The races for the general explorer: the same machine, its state kept in the explored memory, an actor for each CPU.
import { type Protocol, step } from '@idspace/testkit/explore';
import { advance, boot, type Rule, type State } from '../../src/races/machine.ts';
import type { Allocation } from '../../src/release-traits.ts';

const BYTES = 1024;
const ENDED = 'and ends with ';

/** Kept from before the exploration, in which a view makes an access of every byte. */
const Bytes = Uint8Array;

function write(memory: SharedArrayBuffer, state: State): void {
  new Bytes(memory).set(new TextEncoder().encode(JSON.stringify(state).padEnd(BYTES)));
}

function read(memory: SharedArrayBuffer): State {
  return JSON.parse(new TextDecoder().decode(new Bytes(memory).slice())) as State;
}

/** A CPU: steps until it has ended, waiting where the lock is taken. */
const cpu =
  (rule: Rule, index: number) =>
  (memory: SharedArrayBuffer): number => {
    const go = (): string => {
      const { state, text } = advance(rule, read(memory), index) ?? { state: read(memory), text: 'waits' };
      write(memory, state);
      return state.cpus[index].at === 'done' ? `${text} ${ENDED}${state.cpus[index].result}` : text;
    };
    for (;;) {
      const told = step('step', go, () => advance(rule, read(memory), index) !== null);
      if (told.includes(ENDED)) return Number(told.slice(told.indexOf(ENDED) + ENDED.length));
    }
  };

function race(allocation: Allocation, ids: number, creates: number[], busy: number[]): Protocol {
  const rule: Rule = { allocation, ids };
  return {
    bytes: BYTES,
    setup: (memory) => write(memory, boot(rule, creates, busy)),
    actors: Object.fromEntries(creates.map((_, i) => [`CPU ${i}`, cpu(rule, i)])),
    check: (memory) => {
      const live = read(memory).timers.flatMap(({ hashed, id }) => (hashed ? [id] : []));
      if (new Set(live).size < live.length) throw new Error(`IDs in use: ${live.join(', ')}`);
    },
  };
}

const full = (allocation: Allocation): Protocol => ({
  ...race(allocation, 2, [1, 1], [0, 1]),
  // A search that begins where the counter never rests cannot end: said as something that one state shows.
  invariant: (memory) => {
    const lost = read(memory).cpus.find(({ first }) => first < 0);
    if (lost !== undefined) throw new Error(`a search begins at ${lost.first}`);
  },
});
/** As many creates as there are IDs: a lap. */
const wrapping = (allocation: Allocation): Protocol => race(allocation, 2, [1, 2], []);

export const PROTOCOLS: Record<string, Protocol> = {
  'search of a full ID space as in 6.5': full('counted'),
  'search of a full ID space as in 6.15': full('reserved'),
  'creating around the wrap as in 6.15': wrapping('reserved'),
  'creating around the wrap as in 3.9': wrapping('locked'),
};

export const BROKEN: Record<string, { protocol: Protocol; message: string }> = {
  'search of a full ID space as in 3.10': { protocol: full('unlocked-start'), message: 'a search begins at -2' },
  'creating around the wrap as in 3.10': { protocol: wrapping('unlocked-start'), message: 'IDs in use: 0, 0' },
  'creating around the wrap as in 6.5': { protocol: wrapping('counted'), message: 'IDs in use: 0, 0' },
};
