// idspace evaluate --workload NAME: one of the workloads other than the default, on every design.
import { basename, resolve } from 'node:path';
import type { Scenario, ScenarioEvaluation } from '@idspace/evaluation';
import { machineNamed, SCENARIOS, type ScenarioOptions } from '@idspace/evaluation';
import type { DesignName } from '@idspace/posix-timers';
import { CommandError, type ExitCode } from '../cli/failure.ts';
import { linesOf } from '../cli/lines.ts';
import { type Page, writeTo } from '../cli/page-to-write.ts';
import { startProgress } from '../cli/progress.ts';
import type { Terminal } from '../cli/terminal.ts';
import { definitions } from '../format/definitions.ts';
import { DESIGN_NAMES, designEntries } from '../format/designs.ts';
import { exhibitText } from '../format/exhibit-text.ts';
import { paragraph } from '../format/paragraph.ts';
import { machineLine } from './evaluation-exhibit.ts';
import { scenarioExhibits, scenarioLine } from './workload-exhibits.ts';

/** What runs it; beside it the options of the workload. */
export interface ScenarioFlags {
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
export async function evaluateScenario(
  name: string,
  options: ScenarioOptions,
  flags: ScenarioFlags,
  terminal: Terminal,
): Promise<ExitCode> {
  const scenario = name.startsWith(STRACE)
    ? await straceWorkload(name.slice(STRACE.length), terminal)
    : madeScenario(name, options);
  const evaluation = await runEvaluation(scenario, options.seed, flags, terminal);
  if (flags.json === true) terminal.out.write(`${JSON.stringify(evaluation, null, 2)}\n`);
  else terminal.out.write(scenarioText(evaluation, terminal));
  if (flags.report !== undefined) {
    const { renderScenario } = await import('./workload-report.ts');
    await writeTo(flags.report, renderScenario(evaluation, flags.report.command), terminal);
  }
  return 0;
}

/** @throws CommandError when the options do not go together. */
function madeScenario(name: string, options: ScenarioOptions): Scenario {
  try {
    return SCENARIOS[name].make(options);
  } catch (error) {
    throw asMisuse(error, '');
  }
}

/** @param where What of the input it is about, or the beginning of a flag. */
function asMisuse(error: unknown, where: string): unknown {
  if (!(error instanceof RangeError)) return error;
  return new CommandError('misuse', `${where}${error.message}`, { cause: error });
}

async function runEvaluation(
  scenario: Scenario,
  seed: number,
  { designs, cpus, machine }: ScenarioFlags,
  terminal: Terminal,
): Promise<ScenarioEvaluation> {
  const { runScenario } = await import('@idspace/evaluation');
  const progress = startProgress(terminal, scenario.name);
  try {
    return runScenario(scenario, {
      designs: (designs ?? DESIGN_NAMES) as readonly DesignName[],
      cpus,
      seed,
      machine: machineNamed(machine),
      onProgress: ({ design, done, of }) => progress.update(done / of, design),
    });
  } catch (error) {
    throw asMisuse(error, scenario.name in SCENARIOS ? '--' : `${scenario.name.slice(STRACE.length)}: `);
  } finally {
    progress.stop();
  }
}

function scenarioText(evaluation: ScenarioEvaluation, terminal: Terminal): string {
  const tables = scenarioExhibits(evaluation).map((exhibit) => exhibitText(exhibit, terminal));
  const facts = paragraph(scenarioLine(evaluation)) + paragraph(machineLine(evaluation));
  return [facts, definitions(designEntries(evaluation.designs)), ...tables].join('\n');
}

/** Reads a log of strace. @throws CommandError naming the file, the line and what is expected. */
async function straceWorkload(path: string, { folder }: Terminal): Promise<Scenario> {
  const { CallReader, StraceError } = await import('@idspace/evaluation');
  const { scenarioOf } = await import('@idspace/evaluation');
  const reader = new CallReader(basename(path));
  try {
    for await (const line of linesOf(resolve(folder, path), path, LOG_LIMITS)) reader.take(line);
    return scenarioOf(reader, basename(path));
  } catch (error) {
    if (error instanceof CommandError) throw error;
    if (error instanceof StraceError) throw new CommandError('input', error.message, { cause: error });
    const { code, message } = error as NodeJS.ErrnoException;
    throw new CommandError('input', `${path}: got ${code ?? message}, expected a log of strace -f that can be read`, {
      cause: error,
    });
  }
}
