// A recording: what a real kernel answered, scenario by scenario. The form is described beside the recordings,
// in test/ground-truth/README.md.

/** One call. Its other fields depend on `op`. */
export interface Step {
  /** Which process or thread calls: main, thread1, child, grandchild or exec. */
  readonly who: string;
  readonly op: string;
  readonly [field: string]: unknown;
}

/** What a call did, by name: results, errno, buffers. */
export type Observation = Readonly<Record<string, unknown>>;

/** Calls made in order by a fresh process, and what each did: `observed[i]` answers `steps[i]`. */
export interface Scenario {
  readonly scenario: string;
  readonly description?: string;
  readonly steps: readonly Step[];
  readonly observed: readonly Observation[];
  /** It depends on the machine or on time, and is not to be played as it stands. */
  readonly environment_dependent?: boolean;
}

/** All scenarios of one kernel. */
export interface Recording {
  readonly kernel: { readonly release: string };
  readonly scenarios: readonly Scenario[];
}

/** What is wrong: no JSON, not a recording, or, where there is a file, that it cannot be read. */
export type RecordingErrorCode = 'bad-json' | 'not-a-recording' | 'unreadable';

/** A file that is not a recording. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
  readonly code: RecordingErrorCode;
  /** The file and the place in it, such as 'linux.json: scenarios[3].steps'. */
  readonly where: string;
  readonly expected: string;
  readonly got: string;

  constructor(code: RecordingErrorCode, where: string, expected: string, got: string, cause?: unknown) {
    super(`${where}: expected ${expected}, got ${got}`, { cause });
    this.code = code;
    this.where = where;
    this.expected = expected;
    this.got = got;
  }
}

/**
 * Reads a recording.
 *
 * @param text JSON.
 * @param source What to call it in errors: the file's name.
 * @throws RecordingError at the first place that is not in the form.
 */
export function parseRecording(text: string, source: string): Recording {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new RecordingError('bad-json', source, 'JSON', (cause as Error).message, cause);
  }
  const recording = object(json, source);
  const kernel = object(recording.kernel, `${source}: kernel`);
  string(kernel.release, `${source}: kernel.release`);
  for (const [i, entry] of array(recording.scenarios, `${source}: scenarios`).entries()) {
    checkScenario(entry, `${source}: scenarios[${i}]`);
  }
  return json as Recording;
}

function checkScenario(entry: unknown, where: string): void {
  const scenario = object(entry, where);
  string(scenario.scenario, `${where}.scenario`);
  const steps = array(scenario.steps, `${where}.steps`);
  for (const [i, value] of steps.entries()) {
    const step = object(value, `${where}.steps[${i}]`);
    string(step.who, `${where}.steps[${i}].who`);
    string(step.op, `${where}.steps[${i}].op`);
  }
  const observed = array(scenario.observed, `${where}.observed`);
  for (const [i, value] of observed.entries()) object(value, `${where}.observed[${i}]`);
  if (observed.length !== steps.length) {
    refuse(`${where}.observed`, `${steps.length} entries, one for each step`, `${observed.length}`);
  }
}

function object(value: unknown, where: string): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  return refuse(where, 'an object', show(value));
}

function array(value: unknown, where: string): unknown[] {
  return Array.isArray(value) ? value : refuse(where, 'an array', show(value));
}

function string(value: unknown, where: string): string {
  return typeof value === 'string' ? value : refuse(where, 'a string', show(value));
}

function refuse(where: string, expected: string, got: string): never {
  throw new RecordingError('not-a-recording', where, expected, got);
}

/** Shows a JSON value, shortened. */
function show(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
