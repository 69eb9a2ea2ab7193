// What a report is made of, made up.
import { readCheckpoint } from '@idspace/restore-planner';
import type { ReportInput } from '../../src/evaluate/report.ts';
import { EXAMPLE_CHECKPOINT } from '../../src/installed.ts';
import { planPairings, STORY } from '../../src/plan/compare.ts';
import { madeUpEvaluation, madeUpMemory, madeUpSituations } from './evaluation.ts';

/** The plans are those of the bundled checkpoint. */
export async function madeUpInput(command = 'idspace demo'): Promise<ReportInput> {
  return {
    evaluation: madeUpEvaluation(),
    situations: madeUpSituations(),
    memory: madeUpMemory(),
    contention: madeUpEvaluation(['hash-512', 'hash-scaled-jhash', 'xarray']),
    plans: planPairings(await readCheckpoint(EXAMPLE_CHECKPOINT), STORY),
    command,
    predict: 'idspace evaluate --workload gleixner-2025',
    version: '1.2.3',
  };
}
