// idspace evaluate --workload NAME: one of the workloads other than the default, on every design.
import { basename, resolve } from 'node:path';
import type { Workload, WorkloadEvaluation } from '@idspace/evaluation';
import { hardwareNamed, WORKLOADS, type WorkloadOptions } from '@idspace/evaluation';
import { DESIGNS, type DesignName } from '@idspace/posix-timers';
import { CommandError, type ExitCode, unusable } from '../cli/failure.ts';
import { readProblem } from '../cli/file-problem.ts';
import { inFlags } from '../cli/in-flags.ts';
import { linesOf } from '../cli/lines.ts';
import { type Page, writeTo } from '../cli/page-to-write.ts';
import { withProgress } from '../cli/progress.ts';
import type { Terminal } from '../cli/terminal.ts';
import { definitions } from '../format/definitions.ts';
import { designEntries } from '../format/designs.ts';
import { exhibitText } from '../format/exhibit-text.ts';
import { jsonText } from '../format/json-text.ts';
import { paragraph } from '../format/paragraph.ts';
import { machineLine } from './evaluation-exhibit.ts';
import { workloadExhibits, workloadLine } from './workload-exhibits.ts';

/** What runs it; beside it the options of the workload. */
export interface WorkloadFlags {
  designs?: readonly string[];
  cpus: number;
  machine: string;
  json?: boolean;
  report?: Page;
}

/** Before the path of a log. */
const STRACE = 'strace:';
/** Far more than a log that can be replayed has. */
const LOG_LIMITS = { lines: 20_000_000, line: 2 ** 20 };

/** Runs a workload and prints what it costs. */
export async function evaluateWorkload(
  name: string,
  options: WorkloadOptions,
  flags: WorkloadFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const workload = name.startsWith(STRACE)
    ? await readStraceLog(name.slice(STRACE.length), terminal)
    : madeWorkload(name, options);
  const evaluation = await runEvaluation(workload, options.seed, flags, terminal);
  if (flags.json === true) terminal.out.write(jsonText(evaluation));
  else terminal.out.write(workloadText(evaluation, terminal));
  if (flags.report !== undefined) {
    const { renderWorkload } = await import('./workload-report.ts');
    await writeTo(flags.report, renderWorkload(evaluation, flags.report.command), terminal);
  }
  return 0;
}

/** @throws CommandError when the options do not go together. */
function madeWorkload(name: string, options: WorkloadOptions): Workload {
  try {
    return WORKLOADS[name].make(options);
  } catch (error) {
    return inFlags(error);
  }
}

async function runEvaluation(
  workload: Workload,
  seed: number,
  { designs, cpus, machine }: WorkloadFlags,
  terminal: Terminal,
): Promise<WorkloadEvaluation> {
  const { runWorkload } = await import('@idspace/evaluation');
  const options = {
    designs: (designs ?? DESIGNS) as readonly DesignName[],
    cpus,
    seed,
    machine: hardwareNamed(machine),
  };
  try {
    return await withProgress(terminal, workload.name, (update) =>
      runWorkload(workload, { ...options, onProgress: ({ design, done, total }) => update(done / total, design) }),
    );
  } catch (error) {
    if (workload.name in WORKLOADS) return inFlags(error);
    if (!(error instanceof RangeError)) throw error;
    throw new CommandError('misuse', `${workload.name.slice(STRACE.length)}: ${error.message}`, { cause: error });
  }
}

function workloadText(evaluation: WorkloadEvaluation, terminal: Terminal): string {
  const tables = workloadExhibits(evaluation).map((exhibit) => exhibitText(exhibit, terminal));
  const facts = paragraph(workloadLine(evaluation), terminal) + paragraph(machineLine(evaluation), terminal);
  return [facts, definitions(designEntries(evaluation.designs), terminal), ...tables].join('\n');
}

/** Reads a log of strace. @throws CommandError naming the file, the line and what is expected. */
async function readStraceLog(path: string, { folder }: Terminal): Promise<Workload> {
  const { CallReader, StraceError, workloadOf } = await import('@idspace/evaluation');
  const reader = new CallReader(basename(path));
  try {
    for await (const line of linesOf(resolve(folder, path), path, LOG_LIMITS)) reader.take(line);
    return workloadOf(reader, basename(path));
  } catch (error) {
    if (error instanceof CommandError) throw error;
    if (error instanceof StraceError) throw new CommandError('input', error.message, { cause: error });
    const expected = 'a log that `strace -f -o FILE PROGRAM` wrote';
    throw unusable(path, readProblem(error), expected, { cause: error });
  }
}
