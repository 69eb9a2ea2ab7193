// What `idspace plan --matrix` prints.
import { type Checkpoint, MATRIX_CRIUS, MATRIX_KERNELS, type PlanOptions, planMatrix } from '@idspace/restore-planner';
import { matrixExhibit } from '../exhibits/matrix.ts';
import type { Terminal } from '../terminal.ts';
import { exhibitText } from '../text/exhibit-text.ts';
import { counted } from '../text/number.ts';
import { errorJson, type Fleet, isPlanned } from './fleet.ts';

/**
 * Writes the matrix of each checkpoint: as tables, or as one JSON document, in which those that could not be read have their error.
 *
 * @param options The kernel and the CRIU asked for are added where they are not among the usual ones.
 */
export function matrixOutput(
  { rows, isSingle }: Fleet,
  { kernel, criu, ...rates }: PlanOptions,
  form: 'text' | 'json',
  terminal: Terminal,
): string {
  const options = { ...rates, criu: withAlso(MATRIX_CRIUS, criu), kernels: withAlso(MATRIX_KERNELS, kernel) };
  if (form === 'text') {
    const texts = rows.filter(isPlanned).map(({ path, checkpoint }) => {
      return exhibitText(matrixExhibit(titleOf(path, checkpoint), planMatrix(checkpoint, options)), terminal);
    });
    return texts.join('\n');
  }
  const matrices = rows.map((row) => {
    if (!isPlanned(row)) return { path: row.path, error: errorJson(row) };
    return { path: row.path, ...planMatrix(row.checkpoint, options) };
  });
  const { path: _, ...single } = matrices[0]!;
  return `${JSON.stringify(isSingle ? single : { checkpoints: matrices }, null, 2)}\n`;
}

function withAlso(usual: readonly string[], asked: string): string[] {
  return [...new Set([...usual, asked])];
}

function titleOf(path: string, { processes }: Checkpoint): string {
  const timers = processes.reduce((sum, process) => sum + process.timers.length, 0);
  return `${path}: ${counted(processes.length, 'process', 'processes')}, ${counted(timers, 'timer')}, everywhere`;
}
