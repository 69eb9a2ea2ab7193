// Plays a script on the kernel and on the model of its release, and finds the shortest script on which they part.
import { type Difference, runScenario, type Scenario, type Step } from '@idspace/posix-timers/conformance';
import { isPlayable } from './cast.ts';
import { type Oracle, withListings } from './oracle.ts';

/** The machine the scripts are played on. */
export interface Machine {
  /** Of the running kernel. */
  readonly release: string;
  /** It has a clock chip that can wake it: alarm clocks have timers. */
  readonly rtc: boolean;
}

/** What came of a script. */
export interface Comparison {
  /** The script and what the kernel did, a recording's scenario. */
  readonly scenario: Scenario;
  /** Where the model does something else; null where it does the same. */
  readonly difference: Difference | null;
}

/** Plays a script, with the list of timers read after each step, on both sides. */
export async function compare(
  name: string,
  steps: readonly Step[],
  oracle: Oracle,
  machine: Machine,
): Promise<Comparison> {
  const played = await oracle.play(withListings(steps));
  const scenario = { scenario: name, ...played };
  return { scenario, difference: runScenario(scenario, machine.release, { rtc: machine.rtc }) };
}

/**
 * Leaves out every step without which a script still makes a difference.
 *
 * @param differs Plays a shorter script.
 * @returns The shortest script found, at most as long as the given one.
 */
export async function shrink(
  steps: readonly Step[],
  differs: (steps: readonly Step[]) => Promise<boolean>,
): Promise<readonly Step[]> {
  let shortest = steps;
  for (let size = steps.length >> 1; size >= 1; size >>= 1) {
    for (let from = 0; from < shortest.length; ) {
      const shorter = [...shortest.slice(0, from), ...shortest.slice(from + size)];
      if (shorter.length > 0 && isPlayable(shorter) && (await differs(shorter))) shortest = shorter;
      else from += size;
    }
  }
  return shortest;
}
