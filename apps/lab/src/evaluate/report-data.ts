// What the report shows beside the evaluation that was asked for.
import { type Evaluation, evaluate, type Series, type Situation, situations, strideSeries } from '@idspace/evaluation';
import { type RestorePlan, readCheckpoint } from '@idspace/restore-planner';
import { EXAMPLE_CHECKPOINT } from '../installed.ts';
import { planPairings, STORY } from '../plan/compare.ts';
import { contentionOptions } from './contention.ts';

export interface ReportData {
  evaluation: Evaluation;
  /** What a lookup takes where; may be empty. */
  situations: readonly Situation[];
  /** Bytes per timer (y) against the stride of the IDs (x), by design. */
  memory: readonly Series[];
  /** With threads that wait for each other: of its own, or the evaluation itself; null where it lacks one of the designs that are compared. */
  contention: Evaluation | null;
  /** Plans of the bundled checkpoint. */
  plans: readonly RestorePlan[];
}

/** Plans the bundled checkpoint for the kernels and CRIUs that tell the story. */
export async function storyPlans(): Promise<RestorePlan[]> {
  return planPairings(await readCheckpoint(EXAMPLE_CHECKPOINT), STORY);
}

/** Computes what an evaluation lacks. Cost: some seconds. */
export async function reportData(evaluation: Evaluation): Promise<ReportData> {
  const { designs, machine } = evaluation;
  const contended = contentionOptions(evaluation);
  return {
    evaluation,
    situations: situations(evaluation),
    memory: strideSeries(
      designs.map(({ design }) => design),
      machine.cpus,
    ),
    contention: contended === null ? (machine.running > 1 ? evaluation : null) : await evaluate(contended),
    plans: await storyPlans(),
  };
}
