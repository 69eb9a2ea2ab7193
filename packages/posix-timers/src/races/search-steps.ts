// Two CPUs that search a full ID space, one step at a time, in the order that a caller chooses.
import { refusal, refused } from '../misuse.ts';
import { doomed, reachable } from './graph.ts';
import { advance, boot, type Rule, type State } from './machine.ts';

/** Two CPUs of one process whose IDs are all in use; each is to create a timer. */
export interface SearchSteps {
  /** The machine before the first step. States are plain data and never change. */
  readonly start: State;
  /**
   * Makes the next step of one CPU.
   *
   * @param cpu 0 or 1.
   * @returns The state after it and what was done, such as 'CPU 0 takes the lock'; null if the CPU has ended, or waits for the lock.
   */
  step(state: State, cpu: number): { state: State; text: string } | null;
  /** Whether the steps after this state can be ordered so that both calls return. @throws RangeError for a state that no steps lead to. */
  canEnd(state: State): boolean;
}

/** The two CPUs of {@link findEndlessSearch}, under a release's rule. */
export function searchSteps(rule: Rule): SearchSteps {
  const start = fullSpace(rule);
  const nodes = reachable(rule, start);
  const keys = new Set(nodes.map(({ state }) => JSON.stringify(state)));
  const lost = new Set(doomed(nodes).map(({ state }) => JSON.stringify(state)));
  return {
    start,
    step: (state, cpu) => {
      if (cpu === 0 || cpu === 1) return advance(rule, state, cpu);
      throw refused('cpu', cpu, '0 or 1');
    },
    canEnd: (state) => {
      const key = JSON.stringify(state);
      if (keys.has(key)) return !lost.has(key);
      throw refusal('state', key, 'one that steps from the start lead to');
    },
  };
}

/** All IDs are in use, and two CPUs create a timer each. */
export function fullSpace(rule: Rule): State {
  return boot(rule, [1, 1], [...Array(rule.ids).keys()]);
}
