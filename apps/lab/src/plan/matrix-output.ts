// What `idspace plan --matrix` prints.
import {
  type Checkpoint,
  MATRIX_CRIUS,
  MATRIX_KERNELS,
  type PlanOptions,
  planMatrix,
  planToJson,
} from '@idspace/restore-planner';
import type { Terminal } from '../cli/terminal.ts';
import { exhibitText } from '../format/exhibit-text.ts';
import { isProposed } from '../format/kernel-name.ts';
import { counted } from '../format/number.ts';
import { printable } from '../format/printable.ts';
import { checkpointsJson } from './checkpoints-json.ts';
import { type FleetRow, isPlanned } from './fleet.ts';
import { matrixExhibit } from './matrix.ts';

/**
 * Writes the matrix of each checkpoint: as tables, or in the JSON of `plan`, with the rows of the matrix beside each plan.
 *
 * @param options The kernel and the CRIU asked for are added where they are not among the usual ones. `released`: of those, kernels
 *   that were never released are left out.
 */
export function matrixOutput(
  rows: readonly FleetRow[],
  { kernel, criu, released, ...rates }: PlanOptions & { released: boolean },
  form: 'text' | 'json',
  terminal: Terminal,
): string {
  const usual = MATRIX_KERNELS.filter((one) => !(released && isProposed(one)));
  const options = { ...rates, criu: withAlso(MATRIX_CRIUS, criu), kernels: withAlso(usual, kernel) };
  if (form === 'text') {
    const texts = rows.filter(isPlanned).map(({ path, checkpoint }) => {
      return exhibitText(matrixExhibit(titleOf(path, checkpoint), planMatrix(checkpoint, options)), terminal);
    });
    return texts.join('\n');
  }
  return checkpointsJson(rows, ({ checkpoint, plan }) => {
    return { plan: planToJson(plan), rows: planMatrix(checkpoint, options).rows };
  });
}

function withAlso(usual: readonly string[], asked: string): string[] {
  return [...new Set([...usual, asked])];
}

function titleOf(path: string, { processes }: Checkpoint): string {
  const timers = processes.reduce((sum, process) => sum + process.timers.length, 0);
  return `${printable(path)}: ${counted(processes.length, 'process', 'processes')}, ${counted(timers, 'timer')}, everywhere`;
}
