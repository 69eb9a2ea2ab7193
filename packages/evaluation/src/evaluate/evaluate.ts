// evaluate: what each design costs under one workload. A pure function: the same options, the same result.
import type { DesignName } from '@idspace/posix-timers';
import { hardwareSummary } from '../hardware/summary.ts';
import { layoutName } from '../layouts/kernel-layouts.ts';
import type { Operation } from '../layouts/reference-sink.ts';
import { runChurn } from './churn.ts';
import type {
  DesignEvaluation,
  EvaluateOptions,
  Evaluation,
  LookupOrder,
  OperationCost,
  Progress,
} from './evaluation.ts';
import { MAX_CORES } from './limits.ts';
import { LinesAndPages } from './lines-and-pages.ts';
import { bytesPerTimer, memoryOf } from './memory.ts';
import { type EvaluationPlan, planEvaluation } from './options.ts';
import type { PhaseCounts } from './phases.ts';
import { startRun, timeOf } from './run.ts';

/**
 * Evaluates designs of timer tables: runs the workload on each, records every access of its typed arrays, and costs them
 * as the kernel lays its structures out and as they lie in JavaScript.
 *
 * @param options What to evaluate, see {@link EvaluateOptions}.
 * @returns Means per operation, memory, holes after a churn and what restoring its survivors costs, design by design.
 * @throws RangeError naming the option, what was got and what is accepted.
 *
 * Cost: some 0.2 µs for each recorded access; the default takes some seconds.
 */
export function evaluate(options: EvaluateOptions = {}): Evaluation {
  const plan = planEvaluation(options);
  const { designs, workload, machine, cpus } = plan;
  const phases = workload.orders.includes('random') ? 4 : 3;
  const perDesign = phases * workload.totalTimers + plan.churnTimers + workload.churn;
  const report = (design: DesignName, done: number): void => {
    options.onProgress?.({ design, done, total: perDesign * designs.length } satisfies Progress);
  };
  const evaluations = designs.map((design, i) => {
    let done = i * perDesign;
    return evaluateDesign(design, plan, (operations) => report(design, (done += operations)));
  });
  const running = Math.min(workload.processes * workload.threads, cpus);
  return { workload, machine: hardwareSummary(machine, cpus, running), designs: evaluations };
}

type Phase = PhaseCounts & { usefulBytesPerLine: number };

function evaluateDesign(
  design: DesignName,
  plan: EvaluationPlan,
  progress: (operations: number) => void,
): DesignEvaluation {
  const { processes, threads, totalTimers, orders } = plan.workload;
  const { table, recording, phases } = startRun(design, plan, [plan.machine], progress, true);
  const watcher = new LinesAndPages(plan.machine, Math.min(processes * threads, plan.cpus, MAX_CORES));
  recording.kernel.watchedBy(watcher);
  const run = (operation: Operation, order?: LookupOrder): Phase => {
    watcher.reset();
    return { ...phases.run(operation, order), usefulBytesPerLine: watcher.usefulBytesPerLine };
  };
  const create = run('create');
  const memory = memoryOf(table, design, plan.cpus, totalTimers);
  const jsBytes = recording.jsBytes;
  const lookup = run('lookup');
  const random = orders.includes('random') ? run('lookup', 'random') : null;
  const remove = run('delete');
  recording.stop();
  const cost = (operation: Operation, phase: Phase): OperationCost => ({
    counted: phase.operations,
    ...phase.kernel,
    ...phase.served,
    usefulBytesPerLine: phase.usefulBytesPerLine,
    ...timeOf(operation, phase.work[0], design, plan, plan.machine),
  });
  return {
    design,
    layout: layoutName(design),
    create: cost('create', create),
    lookup: cost('lookup', lookup),
    ...(random && { lookupRandom: cost('lookup', random) }),
    delete: cost('delete', remove),
    bytesPerTimer: bytesPerTimer(memory, totalTimers),
    memory,
    ...runChurn(design, plan, progress),
    js: {
      create: create.js!,
      lookup: lookup.js!,
      ...(random && { lookupRandom: random.js! }),
      delete: remove.js!,
      bytesPerTimer: jsBytes / totalTimers,
    },
  };
}
