// idspace evaluate: what the designs of timer tables cost under one workload.
import { resolve } from 'node:path';
import { Option } from 'commander';
import type { EvaluateOptions, Evaluation } from '../evaluate/evaluation.ts';
import { evaluationExhibits, machineLine, workloadLine } from '../exhibits/evaluation.ts';
import type { ExitCode } from '../failure.ts';
import { MACHINE_NAMES } from '../machine/presets.ts';
import type { Shell } from '../shell.ts';
import type { Terminal } from '../terminal.ts';
import { exhibitText } from '../text/exhibit-text.ts';
import { paragraph } from '../text/paragraph.ts';
import { startProgress } from '../text/progress.ts';
import { names, wholeNumber } from './flag.ts';

export interface EvaluateFlags {
  designs?: string[];
  processes?: number;
  threads?: number;
  timers?: number;
  cpus?: number;
  seed?: number;
  machine?: string;
  report?: string;
  json?: boolean;
}

/** Adds `idspace evaluate`. */
export function addEvaluate(shell: Shell): void {
  shell
    .command('evaluate')
    .summary('measure what designs of timer-ID tables cost')
    .description(
      'Runs one workload (create all timers, look all up, delete all; then churn and restore) on the real data structures of ' +
        'each design, records every memory access, and counts references, cache misses, lines, bytes, locks and holes.',
    )
    .addOption(new Option('--designs <a,b,…>', 'designs to compare (default: all)').argParser(names))
    .addOption(new Option('--processes <n>', 'processes').argParser(wholeNumber(1)).default(1))
    .addOption(new Option('--threads <n>', 'threads of each process').argParser(wholeNumber(1)).default(1))
    .addOption(new Option('--timers <n>', 'timers that each thread creates').argParser(wholeNumber(1)).default(20_000))
    .addOption(new Option('--cpus <n>', 'CPUs of the machine').argParser(wholeNumber(1)).default(64))
    .addOption(new Option('--seed <n>', 'seed of everything random').argParser(wholeNumber(0, 2 ** 32 - 1)).default(1))
    .option('--machine <name>', `machine model: ${MACHINE_NAMES.join(' or ')}`, MACHINE_NAMES[0])
    .option('--report <file.html>', 'write the report, one self-contained page with charts')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(shell.action((flags: EvaluateFlags) => evaluate(flags, shell.terminal)));
}

const HELP = `
Examples:
  idspace evaluate                                         all designs, 20,000 timers in one process
  idspace evaluate --designs hash-512,xarray --timers 100000
  idspace evaluate --processes 8 --threads 8 --timers 2000 --report report.html --json

Designs:
  idr                Linux ≤ 3.9: one ID space for the system, lowest free ID
  hash-512           Linux 3.10–6.14: 512 buckets, one lock, next-ID cursor per process
  hash-512-precheck  the same, looking for a free ID without the lock first (proposed in 2025)
  hash-scaled        512 buckets per CPU, a lock for each (first version of 2025)
  hash-scaled-jhash  Linux 6.15+: the same with jhash2
  xarray             a tree per process, lowest free ID (proposed in 2023)
  xarray-cyclic      a tree per process, next-ID cursor
  generational       dense slot and generation in one ID

What the output means: a table per operation; under each stands how to read it. Counts are exact and the
same on every machine. ns come from the machine model that is printed with them, and are no measurement.

JSON: { workload, machine, designs: [{ design, create, lookup, delete, bytesPerTimer, js, … }] },
means per operation.

Exit codes: 0 evaluated · 1 the report cannot be written · 2 misuse, such as an unknown design.`;

/** Runs `idspace evaluate`. */
export async function evaluate(flags: EvaluateFlags, terminal: Terminal): Promise<ExitCode> {
  const { report, json, ...options } = flags;
  const evaluation = await runEvaluation(options as EvaluateOptions, terminal);
  terminal.out.write(json ? `${JSON.stringify(evaluation, null, 2)}\n` : evaluationText(evaluation, terminal));
  if (report !== undefined) {
    const { writeReport } = await import('../report/report.ts');
    await writeReport(resolve(terminal.folder, report), { evaluation, plans: [], command: commandLine(flags) });
    terminal.err.write(`Report: ${report}\n`);
  }
  return 0;
}

/** Evaluates, with progress on a terminal. */
export async function runEvaluation(options: EvaluateOptions, terminal: Terminal): Promise<Evaluation> {
  // Loaded when it is needed: the other commands start without it.
  const { evaluate } = await import('../evaluate/evaluate.ts');
  const progress = startProgress(terminal, 'evaluating');
  try {
    return await evaluate({
      ...options,
      onProgress: ({ design, done, of }) => progress.update(done / of, design),
    });
  } finally {
    progress.stop();
  }
}

/** Writes all tables of an evaluation out. */
export function evaluationText(evaluation: Evaluation, terminal: Terminal): string {
  const tables = evaluationExhibits(evaluation).map((exhibit) => exhibitText(exhibit, terminal));
  return [paragraph(workloadLine(evaluation)) + paragraph(machineLine(evaluation)), ...tables].join('\n');
}

/** The command line that does the same again. */
function commandLine({ json: _, report: __, ...flags }: EvaluateFlags): string {
  const words = Object.entries(flags).map(([name, value]) => `--${name} ${String(value)}`);
  return ['idspace evaluate', ...words].join(' ');
}
