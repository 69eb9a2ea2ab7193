// Recordings of real kernels, and how they are played on the model.
export { listedIds, normalizeListing } from './listing.ts';
export {
  type Observation,
  parseRecording,
  type Recording,
  RecordingError,
  type RecordingErrorCode,
  type Scenario,
  type Step,
} from './recording.ts';
export { type Report, runRecording } from './run-recording.ts';
export { type Difference, runScenario, type ScenarioOptions } from './run-scenario.ts';
