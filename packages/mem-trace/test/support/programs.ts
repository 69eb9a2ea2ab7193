// Runs a program as it is and instrumented, and writes down what the instrumented one reports.
import { type InstrumentOptions, instrument } from '../../src/instrument.ts';
import { record } from '../../src/recording.ts';

/** By the number of a kind. */
const KINDS = ['', 'read', 'write'];

/** What a program gave: its value, or its error. */
export interface Outcome {
  readonly value?: unknown;
  readonly error?: string;
}

/** Behind the numbers of other tests in this process. */
let nextSite = 1_000_000;

/** Instruments a script with site numbers that no other has in this process. */
export function instrumented(source: string, options: Partial<InstrumentOptions> = {}): string {
  const { code, sites } = instrument(source, { file: 'program.cjs', firstSite: nextSite, ...options });
  nextSite += sites.length;
  return code;
}

/** Runs a function's body with the given variables. */
function run(body: string, variables: Record<string, unknown>): Outcome {
  try {
    return { value: new Function(...Object.keys(variables), body)(...Object.values(variables)) };
  } catch (error) {
    return { error: (error as Error).name };
  }
}

/** Runs a body as it is. */
export function plainly(body: string, variables: Record<string, unknown> = {}): Outcome {
  return run(body, variables);
}

/** Runs a body instrumented. `log` has its accesses: 'read T.slots 3:12' is 4 bytes at byte 12 of its buffer, written in line 3. */
export function recorded(body: string, variables: Record<string, unknown> = {}): Outcome & { log: string[] } {
  const code = instrumented(body);
  const log: string[] = [];
  const recording = record(({ kinds, addresses, sites, fields, length }) => {
    for (let i = 0; i < length; i++) {
      const place = recording.placeOf(sites[i])!;
      log.push(`${KINDS[kinds[i]]} ${recording.fieldOf(fields[i])!.label} ${place.line}:${addresses[i] % 4096}`);
    }
  });
  try {
    const outcome = run(code, variables);
    recording.flush();
    return { ...outcome, log };
  } finally {
    recording.stop();
  }
}
