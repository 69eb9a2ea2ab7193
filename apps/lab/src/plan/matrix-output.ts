// What `idspace plan --matrix` prints.
import {
  type Checkpoint,
  MATRIX_CRIUS,
  MATRIX_KERNELS,
  type PlanMatrix,
  type PlanOptions,
  planMatrix,
} from '@idspace/restore-planner';
import { matrixExhibit } from '../exhibits/matrix.ts';
import type { Terminal } from '../terminal.ts';
import { exhibitText } from '../text/exhibit-text.ts';
import { counted } from '../text/number.ts';

/** A checkpoint and the path by which the user named it. */
interface Named {
  path: string;
  checkpoint: Checkpoint;
}

/**
 * Writes the matrix of each checkpoint: as tables, or as one JSON document.
 *
 * @param options The kernel and the CRIU asked for are added where they are not among the usual ones.
 */
export function matrixOutput(
  all: readonly Named[],
  { kernel, criu, ...rates }: PlanOptions,
  form: 'text' | 'json',
  terminal: Terminal,
): string {
  const options = { ...rates, criu: withAlso(MATRIX_CRIUS, criu), kernels: withAlso(MATRIX_KERNELS, kernel) };
  const matrices = all.map(({ path, checkpoint }) => ({ path, checkpoint, matrix: planMatrix(checkpoint, options) }));
  if (form === 'json') return `${JSON.stringify(toJson(matrices), null, 2)}\n`;
  const texts = matrices.map(({ path, checkpoint, matrix }) =>
    exhibitText(matrixExhibit(titleOf(path, checkpoint), matrix), terminal),
  );
  return texts.join('\n');
}

function withAlso(usual: readonly string[], asked: string): string[] {
  return [...new Set([...usual, asked])];
}

function titleOf(path: string, { processes }: Checkpoint): string {
  const timers = processes.reduce((sum, process) => sum + process.timers.length, 0);
  return `${path}: ${counted(processes.length, 'process', 'processes')}, ${counted(timers, 'timer')}, everywhere`;
}

function toJson(matrices: readonly { path: string; matrix: PlanMatrix }[]): object {
  if (matrices.length === 1) return matrices[0]!.matrix;
  return { checkpoints: matrices.map(({ path, matrix }) => ({ path, ...matrix })) };
}
