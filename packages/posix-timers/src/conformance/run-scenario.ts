// Plays a scenario on the model of a release and compares step by step with what the real kernel did.
import { Kernel } from '../kernel.ts';
import { checkKeys } from '../misuse.ts';
import { playStep } from './ops.ts';
import type { Observation, Scenario, Step } from './recording.ts';
import { same } from './same.ts';
import { Stage } from './stage.ts';
import { StepError } from './step-field.ts';

/** Where the model and the recording part. */
export interface Difference {
  readonly scenario: string;
  /** Index of the step, from 0. */
  readonly step: number;
  readonly op: string;
  /** What the real kernel did, without what is not compared. */
  readonly expected: Observation;
  /** What the model did; a text if the step could not be played. */
  readonly got: Observation | string;
}

/** Keys that hold process IDs. */
const NOT_COMPARED = ['pid', 'text'];

/** Options of the machine that a recording does not tell. */
export interface ScenarioOptions {
  /** There is a clock chip that can wake the machine. Default false. */
  readonly rtc?: boolean | undefined;
}

/**
 * Plays a scenario on a fresh kernel.
 *
 * @param release The release to play it on, see {@link Kernel}.
 * @returns The first difference; null if there is none.
 * @throws RangeError for an unknown release or option.
 */
export function runScenario(scenario: Scenario, release: string, options: ScenarioOptions = {}): Difference | null {
  checkKeys('options', options, ['rtc']);
  const stage = new Stage(new Kernel({ release, rtc: options.rtc ?? false }), scenario);
  for (const [i, step] of scenario.steps.entries()) {
    const expected = compared(scenario.observed[i], step);
    const got = play(step, stage);
    if (typeof got === 'string' || !same(pick(got, expected), expected)) {
      return { scenario: scenario.scenario, step: i, op: step.op, expected, got };
    }
  }
  return null;
}

/** Returns what a step did, or why it could not be played. */
function play(step: Step, stage: Stage): Observation | string {
  try {
    return playStep(step, stage);
  } catch (error) {
    if (error instanceof StepError || error instanceof RangeError) return error.message;
    throw error;
  }
}

/** Returns what of an observation is compared. A buffer that holds what it held before is unchanged. */
function compared(observed: Observation, step: Step): Observation {
  const kept = Object.entries(observed).filter(([key]) => !NOT_COMPARED.includes(key));
  const entries = kept.map(([key, value]): [string, unknown] => {
    const unchanged = key === 'id_buf_after' && step.id_in !== undefined && value === step.id_in;
    return [key, unchanged ? 'unchanged' : value];
  });
  return Object.fromEntries(entries);
}

/** Returns the part of `got` that has the keys of `expected`, in their order. */
function pick(got: Observation, expected: Observation): Observation {
  const keys = Object.keys(expected).filter((key) => key in got);
  return Object.fromEntries(keys.map((key) => [key, got[key]]));
}
