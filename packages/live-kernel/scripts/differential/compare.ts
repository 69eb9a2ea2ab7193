// Plays a script on the kernel and on the model of its release, and finds where they part.
import { type Difference, runScenario, type Scenario, type Step } from '@idspace/posix-timers/conformance';
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
