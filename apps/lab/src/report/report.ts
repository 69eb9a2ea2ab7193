// The report: everything a run found out, as one page.
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { RestorePlan } from '@idspace/restore-planner';
import type { Evaluation, Series } from '../evaluate/evaluation.ts';
import { strideSeries } from '../evaluate/series.ts';
import { CommandError } from '../failure.ts';
import { version } from '../installed.ts';
import { evaluationSections } from './evaluation-sections.ts';
import { html } from './html.ts';
import { page } from './page.ts';
import { restoreSection } from './restore-section.ts';

export interface ReportInput {
  evaluation: Evaluation;
  /** Bytes per timer (y) against the stride of the IDs (x), by design. */
  memory: readonly Series[];
  /** Plans of the bundled checkpoint; may be empty. */
  plans: readonly RestorePlan[];
  /** The command line that makes this report again. */
  command: string;
  version: string;
}

/**
 * Builds the report.
 *
 * @returns A whole HTML document that refers to nothing outside itself; the same input gives the same bytes.
 */
export function renderReport({ evaluation, memory, plans, command, version }: ReportInput): string {
  const lead = html`<p class="lead">A POSIX timer is an alarm clock that a process asks the kernel for, and the kernel answers with a number, the timer’s ID.
Somebody has to hand these numbers out, find the timer again when the process names one, and, when a container is frozen and thawed elsewhere, give every timer its old number back.
This page compares ways to do that, by counting what each costs in memory accesses, cache lines, locks, bytes and system calls.</p>
`;
  const footer = html`<p>Made by idspace ${version} with <code>${command}</code>. The same command makes the same page.</p>
`;
  return page(
    'Who hands out the IDs, and what does it cost?',
    lead,
    [restoreSection(plans), ...evaluationSections(evaluation, memory)],
    footer,
  );
}

/**
 * Writes the report on an evaluation to a file, making its folder where it is missing.
 *
 * @throws CommandError (exit code 1) if it cannot be written.
 */
export async function writeReport(
  path: string,
  input: Pick<ReportInput, 'evaluation' | 'plans' | 'command'>,
): Promise<void> {
  const designs = input.evaluation.designs.map(({ design }) => design);
  const page = renderReport({
    ...input,
    memory: strideSeries(designs, input.evaluation.machine.cpus),
    version: version(),
  });
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, page);
  } catch (cause) {
    const got = cause instanceof Error && 'code' in cause ? cause.code : cause;
    throw new CommandError('input', `${path}: got ${got}, expected a file that can be written`, { cause });
  }
}
