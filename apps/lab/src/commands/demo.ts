// idspace demo: the whole story once, on a real checkpoint and the real structures, for somebody who is new to it.
import { relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { planToJson, type RestorePlan, readCheckpoint } from '@idspace/restore-planner';
import type { EvaluateOptions, Evaluation } from '../evaluate/evaluation.ts';
import { comparisonExhibit } from '../exhibits/comparison.ts';
import type { ExitCode } from '../failure.ts';
import { EXAMPLE_CHECKPOINT } from '../installed.ts';
import { planPairings, STORY } from '../plan/compare.ts';
import type { Shell } from '../shell.ts';
import type { Terminal } from '../terminal.ts';
import { exhibitText, heading } from '../text/exhibit-text.ts';
import { duration } from '../text/number.ts';
import { paragraph } from '../text/paragraph.ts';
import { planText } from '../text/plan-text.ts';
import { evaluationText, runEvaluation } from './evaluate.ts';

export interface DemoFlags {
  out: string;
  json?: boolean;
}

/** Adds `idspace demo`. */
export function addDemo(shell: Shell): void {
  shell
    .command('demo')
    .summary('plan a real checkpoint, evaluate all designs, write a report')
    .description(
      'Shows what this is for, in under two minutes: plans the restore of a checkpoint that a real CRIU made, evaluates all ' +
        'designs on the default workload, and writes both as a page with charts.',
    )
    .option('--out <file.html>', 'where the report goes', 'report/index.html')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(shell.action((flags: DemoFlags) => demo(flags, shell.terminal)));
}

const HELP = `
Examples:
  idspace demo                                             the report goes to report/index.html
  idspace demo --out /tmp/ids.html                         somewhere else
  idspace demo --json > demo.json                          the numbers for a script

What the output means: every table is followed by a sentence that says how to read it.
See \`idspace plan --help\` and \`idspace evaluate --help\` for the words.

JSON: { plans: […], evaluation: {…}, report }, plans and evaluation as \`plan\` and \`evaluate\` give them.

Exit codes: 0 done · 1 the report cannot be written · 2 misuse.`;

const INTRODUCTION =
  'A POSIX timer is an alarm clock that a process asks the kernel for; the kernel answers with a number, its ID. ' +
  'When a container is frozen by CRIU and thawed on another machine, every timer must come back under its old ID, ' +
  'and before Linux 6.15 nobody could ask for one. ' +
  'So two questions are answered here: what does such a restore cost, and what would other ways to hand out and look up IDs cost?';

/**
 * Runs `idspace demo`.
 *
 * @param workload Another than the default one.
 */
export async function demo(
  { out, json }: DemoFlags,
  terminal: Terminal,
  workload: EvaluateOptions = {},
): Promise<ExitCode> {
  const started = performance.now();
  const print = (text: string): void => void (json ? terminal.err : terminal.out).write(text);
  print(`${paragraph(INTRODUCTION)}\n`);
  const plans = await planExample(print, terminal);
  print(`\n${heading('2. What would each design of the timer table cost?', terminal)}\n\n`);
  print(`${paragraph(EVALUATION)}\n`);
  const evaluation = await runEvaluation(workload, terminal);
  if (!json) print(evaluationText(evaluation, terminal));
  const report = resolve(terminal.folder, out);
  const { writeReport } = await import('../report/report.ts');
  await writeReport(report, { evaluation, plans, command: 'idspace demo' });
  if (json) terminal.out.write(`${JSON.stringify(toJson(plans, evaluation, report), null, 2)}\n`);
  const shown = relative(terminal.folder, report);
  print(`\n${heading('3. The report', terminal)}\n\n`);
  print(
    `${shown.startsWith('..') ? report : shown}, all of this with charts, for any browser: ${pathToFileURL(report)}\n`,
  );
  print(
    `Done in ${duration((performance.now() - started) / 1000)}. Next: idspace plan YOUR-CHECKPOINT · idspace --help\n`,
  );
  return 0;
}

const EVALUATION =
  'Each design creates 20,000 timers in one process, looks all of them up and deletes them, with its real data structures. ' +
  'Every access to memory is recorded, placed at the address it would have in the kernel, and sent through a simulated cache.';

async function planExample(print: (text: string) => void, terminal: Terminal): Promise<RestorePlan[]> {
  print(`${heading('1. What does it take to restore a real checkpoint?', terminal)}\n\n`);
  const plans = planPairings(await readCheckpoint(EXAMPLE_CHECKPOINT), STORY);
  for (const plan of plans.slice(0, 2)) print(`${planText('A checkpoint made by CRIU 4.2', plan)}\n`);
  print(exhibitText(comparisonExhibit('Other kernels, other CRIU versions', plans), terminal));
  return plans;
}

function toJson(plans: readonly RestorePlan[], evaluation: Evaluation, report: string): object {
  return { plans: plans.map(planToJson), evaluation, report };
}
