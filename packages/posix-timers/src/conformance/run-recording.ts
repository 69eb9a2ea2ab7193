// Plays every scenario of a recording that can be played.
import { parseRelease } from '../release.ts';
import { type Recording, RecordingError } from './recording.ts';
import { type Difference, runScenario } from './run-scenario.ts';

/** How a recording went. */
export interface Report {
  readonly passed: number;
  readonly failed: readonly Difference[];
  /** Names of the scenarios that depend on the machine or on time. */
  readonly skipped: readonly string[];
}

/**
 * Plays a recording on the model of the release it was made on.
 *
 * @param source What to call it in errors.
 * @throws RecordingError if its release is unknown.
 */
export function runRecording(recording: Recording, source: string): Report {
  const { release } = recording.kernel;
  try {
    parseRelease(release);
  } catch (cause) {
    const where = `${source}: kernel.release`;
    throw new RecordingError('not-a-recording', where, 'a known release', `'${release}'`, cause);
  }
  const played = recording.scenarios.filter((scenario) => scenario.environment_dependent !== true);
  const failed = played.map((scenario) => runScenario(scenario, release)).filter((difference) => difference !== null);
  const skipped = recording.scenarios.filter((scenario) => !played.includes(scenario)).map(({ scenario }) => scenario);
  return { passed: played.length - failed.length, failed, skipped };
}
