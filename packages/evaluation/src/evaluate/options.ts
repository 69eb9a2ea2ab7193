// The options of `evaluate`, and the check of them.
import { DESIGNS, type DesignName } from '@idspace/posix-timers';
import type { Hardware } from '../hardware/hardware.ts';
import { HARDWARE_NAMES, hardwareNamed } from '../hardware/presets.ts';
import { checkKeys, refusal, whole } from '../refusal.ts';
import type { EvaluateOptions, FillWorkload } from './evaluation.ts';
import { FEWEST_BUCKETS, LOOKUP_ORDERS, MAX_CPUS, MAX_PROCESSES, MAX_SEED, MAX_THREADS, MAX_TIMERS } from './limits.ts';

/** Chain elements that a recorded phase may pass with 512 buckets, at eight accesses and some 0.2 µs each: two seconds. */
const RECORDED_WALK = 1e6;
/** Operations of a phase that are recorded at least. */
const LEAST_RECORDED = 400;
/** The churn is about IDs, not about size. */
const MAX_CHURN_TIMERS = 20_000;

const KEYS: readonly string[] = [
  'designs',
  'processes',
  'threads',
  'timers',
  'cpus',
  'seed',
  'machine',
  'sample',
  'orders',
  'onProgress',
] satisfies (keyof EvaluateOptions)[];

/** Checked options. */
export interface EvaluationPlan {
  designs: readonly DesignName[];
  workload: FillWorkload;
  cpus: number;
  machine: Hardware;
  /** Timers that live in the churn. */
  churnTimers: number;
  /** From one ID of a process to the next, where its timers are restored by ID. */
  stride?: number;
}

/**
 * Checks the options and fills in the defaults.
 *
 * @throws RangeError naming the option, also one that there is not, what was got and what is accepted.
 */
export function planEvaluation(options: EvaluateOptions): EvaluationPlan {
  checkKeys('options', options, KEYS);
  const designs = someOf('designs', options.designs ?? DESIGNS, DESIGNS, 'design');
  const orders = someOf('orders', options.orders ?? LOOKUP_ORDERS, LOOKUP_ORDERS, 'order');
  const processes = whole('processes', options.processes ?? 1, 1, MAX_PROCESSES);
  const threads = whole('threads', options.threads ?? 1, 1, MAX_THREADS);
  const timers = whole('timers', options.timers ?? 20_000, 1, MAX_TIMERS);
  const cpus = whole('cpus', options.cpus ?? 64, 1, MAX_CPUS);
  const seed = whole('seed', options.seed ?? 1, 0, MAX_SEED);
  const sample = whole('sample', options.sample ?? 20_000, 1000, 1_000_000);
  const machine = hardwareNamed(options.machine ?? HARDWARE_NAMES[0]);
  const totalTimers = processes * threads * timers;
  if (totalTimers > MAX_TIMERS) {
    const got = `${processes} × ${threads} × ${timers} = ${totalTimers}`;
    throw refusal('processes × threads × timers', got, `at most ${MAX_TIMERS}`);
  }
  const chain = totalTimers / FEWEST_BUCKETS;
  // The same for all designs, so that a design costs the same in whatever company.
  const recorded = Math.min(
    totalTimers,
    sample,
    Math.max(LEAST_RECORDED, Math.floor(RECORDED_WALK / Math.max(chain, 1))),
  );
  const churnTimers = Math.min(totalTimers, Math.max(MAX_CHURN_TIMERS, processes));
  const workload = { processes, threads, timers, totalTimers, seed, orders, recorded, churn: 2 * churnTimers };
  return { designs, workload, cpus, machine, churnTimers };
}

/** Returns a list of known names, each once. @throws RangeError naming the option for any other. @param what What a name is called. */
export function someOf<Name extends string>(
  option: string,
  got: readonly Name[],
  known: readonly Name[],
  what: string,
): readonly Name[] {
  const expected = `some of ${known.join(', ')}`;
  if (!Array.isArray(got) || got.length === 0) {
    throw refusal(option, `'${String(got)}'`, expected);
  }
  for (const [i, name] of got.entries()) {
    if (!known.includes(name)) throw refusal(option, `'${String(name)}'`, expected);
    if (got.indexOf(name) !== i) {
      throw refusal(option, `'${name}' twice`, `each ${what} once`);
    }
  }
  return got;
}
