// idspace demo: the main figures once, on a real checkpoint and the real structures, for a reader who is new to them.
import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { EvaluateOptions, Evaluation } from '@idspace/evaluation';
import { planToJson, type RestorePlan, readCheckpoint } from '@idspace/restore-planner';
import type { ExitCode } from '../cli/failure.ts';
import { commandToPaste, pathToType, shellWord } from '../cli/invocation.ts';
import { OutputFile } from '../cli/output-file.ts';
import type { Shell } from '../cli/shell.ts';
import type { Terminal } from '../cli/terminal.ts';
import { churnExhibit } from '../evaluate/churn-exhibit.ts';
import { facts, reportWords, runEvaluation } from '../evaluate/command.ts';
import { lookupsExhibit, missesAnswer } from '../evaluate/operation-exhibit.ts';
import { type Evidence, VERDICT_QUESTION, verdict } from '../evaluate/verdict-exhibit.ts';
import { explorerBeside, explorerPage } from '../explore/explorer-page.ts';
import { type Bar, logBars } from '../format/bars.ts';
import { definitions } from '../format/definitions.ts';
import { designEntries } from '../format/designs.ts';
import { exhibitText, heading } from '../format/exhibit-text.ts';
import { jsonText } from '../format/json-text.ts';
import { isProposed, kernelLabel, restorerName } from '../format/kernel-name.ts';
import { count, duration, timesFewer } from '../format/number.ts';
import { paragraph } from '../format/paragraph.ts';
import { printable } from '../format/printable.ts';
import { table } from '../format/table.ts';
import { EXAMPLE_CHECKPOINT, EXPLORER_PAGE } from '../installed.ts';
import { planPairings, STORY } from '../plan/compare.ts';
import { comparisonExhibit } from '../plan/comparison.ts';
import { planText } from '../plan/plan-text.ts';
import { WHOLE_RESTORES } from '../plan/real-restores.ts';

export interface DemoFlags {
  out: string;
  full?: boolean;
  json?: boolean;
}

/** Adds `idspace demo`. */
export function addDemo(shell: Shell): void {
  shell
    .command('demo')
    .summary('plan a real checkpoint, evaluate all designs, write a report')
    .description(
      'Shows what this is for, in under two minutes: plans the restore of a checkpoint that a real CRIU made, evaluates all ' +
        'designs on the default workload, and writes both as a page with charts, with the explorer beside it.',
    )
    .option('--out <file.html>', 'where the report goes; folders that are missing are made', 'report/index.html')
    .option('--full', 'all tables and what they mean, not only the story')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(shell.action((flags: DemoFlags) => demo(flags, shell.terminal)));
}

const HELP = `
Examples:
  idspace demo                      the report goes to report/index.html
  idspace demo --full               every table, and how to read it
  idspace demo --out /tmp/ids.html  somewhere else
  idspace demo --json > demo.json   the numbers for a script

What the output means: the story in 60 lines at most. With --full, every table
is followed by a sentence that says how to read it. The page has more tables and
all charts; \`idspace evaluate\` prints all tables. \`idspace plan --help\` and
\`idspace evaluate --help\` explain the terms.

JSON: { evaluation: { workload, machine, designs }, situations: [{ name, flags,
  ns by design }], memory: [{ design, points: [{ x: distance between IDs,
  y: bytes per timer }] }], contention: an evaluation with 63 threads,
  plans: […], report }: plans and evaluations as \`plan\` and
\`evaluate\` give them, report the path of the page.

Exit codes: 0 done · 2 misuse · 3 the report cannot be written.`;

const INTRODUCTION =
  'A POSIX timer is an alarm clock of a process, and the kernel gives it a number, its ID. CRIU freezes a container and thaws it ' +
  'elsewhere, where every timer must come back under its old ID. Before Linux 6.15 there was no way to request one. What does that cost?';

/**
 * Runs `idspace demo`.
 *
 * @param workload Another than the default one.
 */
export async function demo(
  { out, full = false, json }: DemoFlags,
  terminal: Terminal,
  workload: EvaluateOptions = {},
): Promise<ExitCode> {
  const started = performance.now();
  const file = OutputFile.check(out, terminal.folder);
  const explorer = explorerFor(file, terminal);
  const print = (text: string): void => void (json || terminal.out.write(text));
  print(`${paragraph(INTRODUCTION, terminal)}\n`);
  const plans = planPairings(await readCheckpoint(EXAMPLE_CHECKPOINT), STORY);
  print(full ? restoreText(plans, terminal) : restoreStory(plans, terminal));
  const blank = full ? '\n' : '';
  print(`\n${heading('2. What would each design of the timer table cost?', terminal)}\n${blank}`);
  print(`${paragraph(full ? EVALUATION : LOOKUPS, terminal)}${blank}`);
  const evaluation = await runEvaluation(workload, terminal);
  print(full ? designsText(evaluation, terminal) : designsStory(evaluation, terminal));
  const { reportData } = await import('../evaluate/report-data.ts');
  const data = await reportData(evaluation);
  print(verdictText(data, full, terminal));
  const report = resolve(terminal.folder, out);
  const { renderReport } = await import('../evaluate/report.ts');
  const link = explorer && { explorer: encodeURIComponent(basename(explorer.file.name)) };
  await file.write([renderReport({ ...data, ...reportWords(commandToPaste('demo', terminal), terminal), ...link })]);
  await explorer?.file.write([explorer.text]);
  if (json) terminal.out.write(jsonText({ ...data, plans: data.plans.map(planToJson), report }));
  print(closing(report, full, started, terminal));
  print(explorer === undefined ? '' : explorerText(resolve(terminal.folder, explorer.file.name), terminal));
  return 0;
}

/** The explorer goes beside the report; there is none beside a pipe, nor in a clone where it was not built. */
function explorerFor(report: OutputFile, { folder }: Terminal): { file: OutputFile; text: string } | undefined {
  if (report.isStream || !existsSync(EXPLORER_PAGE)) return undefined;
  const { text } = explorerPage();
  return { file: OutputFile.check(explorerBeside(report.name), folder), text };
}

function explorerText(page: string, terminal: Terminal): string {
  const name = printable(pathToType(page, terminal));
  return `${paragraph(`To see it step by step and to try it: ${name}`, terminal)}  ${pathToFileURL(page)}\n`;
}

const EVALUATION =
  'Each design creates 20,000 timers, looks all of them up and deletes them. Every access of its real data structures is placed at ' +
  'the address it would have in the kernel, and sent through a simulated cache.';

/** What restores take: a chart of one that asks, one that dances and one that never ends, and a row for each kind. */
function restoreStory(plans: readonly RestorePlan[], terminal: Terminal): string {
  const [today, before] = plans as [RestorePlan, RestorePlan];
  const proposed = plans.filter(({ kernel, criu }) => isProposed(kernel) && criu !== '4.1');
  const { columns, rows } = comparisonExhibit('', [today, before, ...proposed]);
  const endless = proposed.filter(({ totals }) => totals.outcome === 'hangs').slice(0, 1);
  return [
    `${heading('1. What does it take to restore a real checkpoint?', terminal)}\n`,
    paragraph('To bring back its timers 1,000,000 and 2,000,000 takes (log scale):', terminal),
    logBars([today, before, ...endless].map(barOf), terminal),
    `\n${table(columns, rows, terminal)}\n`,
    paragraph(`${ASK_OR_DANCE} ${fewerText(today, before)}`, terminal),
  ].join('');
}

const ASK_OR_DANCE =
  'CRIU 4.2 asks for each ID where the kernel lets it. Elsewhere it dances: it creates and deletes timers until the ID comes. ' +
  "'dense' and 'xarray' are proposed kernels.";

function barOf({ criu, kernel, totals }: RestorePlan): Bar {
  const isEndless = totals.outcome === 'hangs';
  const value = isEndless ? Number.POSITIVE_INFINITY : totals.seconds;
  return { label: `CRIU ${criu} on ${kernelLabel(kernel)}`, value, text: isEndless ? '∞ never' : duration(value) };
}

function fewerText({ totals: today, criu, kernel }: RestorePlan, { totals: before }: RestorePlan): string {
  const calls = ({ creates, deletes, prctls }: RestorePlan['totals']): number => creates + deletes + prctls;
  return (
    `${restorerName(criu)} on ${kernelLabel(kernel)} makes ${count(calls(today))} calls instead of ${count(calls(before))}: ` +
    `${timesFewer(calls(today), calls(before))}, in ${timesFewer(today.seconds, before.seconds, 'less time')}. ${WHOLE_RESTORES}`
  );
}

/** The first two plans in full, then all of them side by side. */
function restoreText(plans: readonly RestorePlan[], terminal: Terminal): string {
  const [today, before] = plans;
  return [
    `${heading('1. What does it take to restore a real checkpoint?', terminal)}\n\n`,
    `${planText('A checkpoint made by CRIU 4.2', today!, terminal, { timersOnly: true })}${paragraph(PLAN_WORDS, terminal)}\n`,
    `${planText('The same checkpoint', before!, terminal, { timersOnly: true })}\n`,
    exhibitText(comparisonExhibit('Other kernels, other CRIU versions', plans), terminal),
  ].join('');
}

const PLAN_WORDS =
  'restore-ids: the kernel is asked for each ID; dance: timers are created and deleted until the wanted ID comes. prctls: calls that ' +
  'switch asking on and off; Peak: most timers alive at the same time; Next ID: what the process gets for its next timer.';

/** One table. */
function designsStory(evaluation: Evaluation, terminal: Terminal): string {
  const { title, columns, rows } = lookupsExhibit(evaluation);
  return `${heading(title, terminal)}\n${table(columns, rows, terminal)}${paragraph(`${missesAnswer(evaluation)} ${WHO}`, terminal)}`;
}

const LOOKUPS = 'Among 20,000 timers. D refs: memory references; D1, LLd: misses of first, last cache; ns: modelled.';

const WHO = 'Linux had hash-512 until 6.14 and has hash-scaled-jhash; xarray is the tree.';

/** What was run, the designs, one table on speed and one on what is left behind. */
function designsText(evaluation: Evaluation, terminal: Terminal): string {
  const exhibits = [lookupsExhibit(evaluation), churnExhibit(evaluation, true)];
  return [
    facts(evaluation, terminal),
    definitions(designEntries(evaluation.designs), terminal),
    ...exhibits.map((exhibit) => exhibitText(exhibit, terminal)),
  ].join('\n');
}

function verdictText(evidence: Evidence, full: boolean, terminal: Terminal): string {
  const answer = verdict(evidence);
  if (answer === null) return '';
  const { table: situations, sentences } = answer;
  return [
    `\n${heading(`3. ${VERDICT_QUESTION}`, terminal)}\n`,
    ...sentences.slice(0, 1).map((sentence) => paragraph(sentence, terminal)),
    full ? `\n${exhibitText(situations, terminal)}` : '',
    ...(full ? sentences.slice(1) : sentences.slice(-1)).map((sentence) => paragraph(sentence, terminal)),
  ].join('');
}

/** Where the report is, and what to try next. */
function closing(report: string, full: boolean, started: number, terminal: Terminal): string {
  const checkpoint = pathToType(EXAMPLE_CHECKPOINT, terminal);
  return [
    `\n${heading('4. The report', terminal)}\n`,
    paragraph(
      `${printable(pathToType(report, terminal))}, all of this and more with charts, for any browser:`,
      terminal,
    ),
    `  ${pathToFileURL(report)}\n`,
    paragraph(
      `Done in ${duration((performance.now() - started) / 1000)}${full ? '' : '; --full prints every table'}. Next:`,
      terminal,
    ),
    `  ${commandToPaste(`plan ${shellWord(checkpoint)} --kernel 6.1`, terminal)}\n`,
    `  ${commandToPaste('--help', terminal)}\n`,
  ].join('');
}
