// idspace evaluate: what the designs of timer tables cost under one workload.

import type { EvaluateOptions, Evaluation } from '@idspace/evaluation';
import {
  HARDWARE_NAMES,
  hasFixedBuckets,
  LOOKUP_ORDERS,
  MAX_CPUS,
  MAX_PROCESSES,
  MAX_SEED,
  MAX_THREADS,
  MAX_TIMERS,
  WORKLOADS,
  type WorkloadOptions,
} from '@idspace/evaluation';
import { DESIGNS } from '@idspace/posix-timers';
import type { Command } from 'commander';
import { CommandError, type ExitCode } from '../cli/failure.ts';
import { between, oneOf, proposing, someOf, wholeNumber } from '../cli/flag.ts';
import { inFlags } from '../cli/in-flags.ts';
import { commandToPaste, shellWord } from '../cli/invocation.ts';
import { OutputFile } from '../cli/output-file.ts';
import { writeTo } from '../cli/page-to-write.ts';
import { withProgress } from '../cli/progress.ts';
import type { Shell } from '../cli/shell.ts';
import type { Terminal } from '../cli/terminal.ts';
import { definitions } from '../format/definitions.ts';
import { designEntries } from '../format/designs.ts';
import { exhibitText } from '../format/exhibit-text.ts';
import { jsonText } from '../format/json-text.ts';
import { paragraph } from '../format/paragraph.ts';
import { HELP_SCREEN, type Screen } from '../format/screen.ts';
import { version } from '../installed.ts';
import { evaluatePrediction } from './evaluate-prediction.ts';
import { evaluateWorkload } from './evaluate-workload.ts';
import { evaluationExhibits, machineLine, workloadLine } from './evaluation-exhibit.ts';

export interface EvaluateFlags {
  /** A name, or strace: and a file. */
  workload?: string;
  stride?: number;
  rate?: number;
  designs?: string[];
  processes?: number;
  threads?: number;
  timers?: number;
  cpus?: number;
  seed?: number;
  order?: string[];
  machine?: string;
  report?: string;
  json?: boolean;
}

/** The default workload, and the one that predicts published times. */
const FILL = 'fill';
const PREDICTION = 'gleixner-2025';
const STRACE = 'strace:';
/** 4096 timers at it stay below INT_MAX. */
const MAX_STRIDE = 2 ** 19 - 1;

const NAMED = [FILL, ...Object.keys(WORKLOADS), PREDICTION];

/** Parses the name of a workload. */
const workloadName = proposing([...NAMED, STRACE], (text: string): string => {
  if (text.startsWith(STRACE) && text.length > STRACE.length) return text;
  return oneOf([...NAMED, 'strace:FILE'].filter((name) => name !== text || !name.includes(':')))(text);
});

/** Adds `idspace evaluate`. */
export function addEvaluate(shell: Shell): void {
  shell
    .command('evaluate')
    .summary('measure what designs of timer-ID tables cost')
    .description(
      'Runs one workload (create all timers, look all up, delete all; then churn and restore) on the real data structures of ' +
        'each design, records every memory access, and counts references, cache misses, lines, bytes, locks and holes.',
    )
    .option('--designs <a,b,…>', 'designs to compare (default: all)', someOf(DESIGNS))
    .option('--processes <n>', 'processes', wholeNumber(1, MAX_PROCESSES), 1)
    .option('--threads <n>', 'threads of each process', wholeNumber(1, MAX_THREADS), 1)
    .option('--timers <n>', 'timers that each thread creates', wholeNumber(1, MAX_TIMERS), 20_000)
    .option('--cpus <n>', 'CPUs of the machine', wholeNumber(1, MAX_CPUS), 64)
    .option('--seed <n>', 'seed of everything random', wholeNumber(0, MAX_SEED), 1)
    .option(
      '--order <a,b>',
      'orders in which all timers are looked up (default: creation,random)',
      someOf(LOOKUP_ORDERS),
    )
    .option(
      '--machine <name>',
      `machine model: ${HARDWARE_NAMES.join(' or ')}`,
      oneOf(HARDWARE_NAMES),
      HARDWARE_NAMES[0],
    )
    .option('--workload <name>', 'what to run, see below', workloadName, FILL)
    .option('--stride <n>', 'from one ID to the next (sparse, restore)', wholeNumber(1, MAX_STRIDE))
    .option('--rate <n>', 'IDs handed out per second (workloads that go on)', between(1e-6, 1e9))
    .option(
      '--report <file.html>',
      'write the report, one self-contained page with charts; folders that are missing are made',
    )
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(shell.action((flags: EvaluateFlags, command: Command) => runWorkload(flags, command, shell.terminal)));
}

/** What every workload but gleixner-2025 takes. */
const COMMON = ['designs', 'cpus', 'seed', 'machine', 'report'];
/** What a workload takes beside --json. */
const FLAGS: Readonly<Record<string, readonly string[]>> = {
  [FILL]: [...COMMON, 'processes', 'threads', 'timers', 'order'],
  [PREDICTION]: ['seed', 'machine', 'report'],
  ...Object.fromEntries(Object.entries(WORKLOADS).map(([name, { options }]) => [name, [...COMMON, ...options]])),
};

function runWorkload(flags: EvaluateFlags, command: Command, terminal: Terminal): Promise<ExitCode> {
  const { workload = FILL, rate, stride, ...rest } = flags;
  const given = checkFlags(workload, command);
  if (workload === FILL) return evaluate(rest, terminal);
  const { json, seed = 1, machine = HARDWARE_NAMES[0], cpus = 64, designs, report } = rest;
  const told = Object.entries({ ...rest, rate, stride }).filter(([name]) => given.includes(name));
  const words = told
    .filter(([name]) => name !== 'json')
    .map(([name, value]) => `--${name} ${shellWord(String(value))}`);
  const again = commandToPaste(['evaluate', `--workload ${shellWord(workload)}`, ...words].join(' '), terminal);
  const inputs = workload.startsWith(STRACE) ? [workload.slice(STRACE.length)] : [];
  const output = {
    ...(json && { json }),
    ...(report !== undefined && {
      report: { file: OutputFile.check(report, terminal.folder, inputs), command: again },
    }),
  };
  if (workload === PREDICTION) return evaluatePrediction({ machine, seed, ...output }, terminal);
  const own: readonly string[] = WORKLOADS[workload]?.options ?? [];
  const options = { ...Object.fromEntries(told.filter(([name]) => own.includes(name))), seed } as WorkloadOptions;
  return evaluateWorkload(workload, options, { cpus, machine, ...(designs && { designs }), ...output }, terminal);
}

/** Refuses flags that a workload has no use for. @returns The flags that were given. */
function checkFlags(workload: string, command: Command): string[] {
  const flags = FLAGS[workload] ?? COMMON;
  const given = command.options
    .map(({ long }) => long!.slice(2))
    .filter((name) => command.getOptionValueSource(name) === 'cli');
  const unused = given.find((name) => name !== 'json' && name !== 'workload' && !flags.includes(name));
  if (unused === undefined) return given;
  const takes = flags.map((flag) => `--${flag}`).join(', ');
  throw new CommandError('misuse', `--${unused}: workload ${workload} does not take it, expected some of ${takes}`);
}

const WORKLOAD_MEANINGS: readonly (readonly [name: string, meaning: string])[] = [
  [FILL, 'create all timers, look all up, delete all; then churn and restore (the default)'],
  ...Object.entries(WORKLOADS).map(([name, { meaning, options }]): [string, string] => {
    return [name, `${meaning} (${options.map((option) => `--${option}`).join(' ')})`];
  }),
  ['strace:FILE', "the timer, clone and exit calls of a real program's `strace -f` log, on every design"],
  [PREDICTION, 'published times of four designs beside what the machine model predicts, with every miss'],
];

const HELP = `
Examples:
  idspace evaluate  all designs, 20,000 timers in one process
  idspace evaluate --designs hash-512,xarray --timers 100k
  idspace evaluate --processes 8 --threads 8 --timers 2k --report report.html
  idspace evaluate --workload thread-pool
      timers that come and go with a pool of threads
  idspace evaluate --workload strace:app.log
      a program's own timers: strace -f -o app.log PROGRAM
  idspace evaluate --workload gleixner-2025
      the table of the 2025 kernel series, predicted

Workloads:
${definitions(WORKLOAD_MEANINGS, HELP_SCREEN)}
Of the fill, operations are sampled: 4,194,304 timers in all at most. Of the
other workloads every call is recorded: 262,144 timers at most that live at the
same time, and 32,768 in ${DESIGNS.filter(hasFixedBuckets).join(' and ')}.

Designs:
${definitions(designEntries(DESIGNS.map((design) => ({ design }))), HELP_SCREEN)}
What the output means: a table per operation; below each is how to read it.
Counts are exact and the same on every machine. ns come from the machine model
that is printed with them; they are not a measurement. The order of lookups
decides which design misses least: --order. In long phases only windows of
operations are counted; the caches see the operations between them, too.

JSON: { workload: { processes, threads, timers, totalTimers, seed, orders,
  recorded, churn },
        machine: { name, title, cpus, running, levels: [{ name, size, ways, line
          }],
                   parameters: { NAME: { value, unit, basis, source,
                     uncertainty, prior } } },
        designs: [{ design, layout, create, lookup, lookupRandom, delete,
          bytesPerTimer,
                    memory: { timer, table, fixed },
                    churn: { live, highestId, holes, recoverable, lost,
                      tableBytesPerTimer },
                    restore: { dance: { creates, deletes, peakTimers, seconds },
                      byId: { creates, seconds } },
                    js: { create, lookup, lookupRandom, delete, bytesPerTimer }
                      }] }
lookup and delete are in creation order, and always there; lookupRandom is there
  if --order has random.
create, lookup, lookupRandom and delete: { refs, reads, writes, d1Misses,
  llMisses, linesTouched,
  by: { table, list, lock, timer: each { refs, linesTouched } } }, and in kernel
    layout (not in js) also
  { counted: operations, nsPerOp, cpuWaitNs, locks: [{ name, acquired, holdNs,
    waitNs }], lockAcquisitions,
  pendingSignals: as one of the locks, not in lookups,
  servedBy: { level (L1d, L2, LL; D1 on desktop), memory, 'other core': refs },
  transfers, tlbMisses, usefulBytesPerLine }. All are means per operation;
    memory is bytes. nsPerOp is time on
  a CPU; where threads outnumber CPUs, cpuWaitNs more goes by. In js, llMisses
    is null where not all operations
  are recorded.
Other workloads: { workload: { name, meaning, processes, threads, timers, seed,
  warmUp, counted,
    rate: { idsPerSecond, from } or null }, machine,
  designs: [{ design, layout, operations: { create, restore, lookup, delete,
    exit, list: as above, with count,
              timers, but no usefulBytesPerLine },
              refused, bytesPerTimer, memory, restore,
              reach: { million, intMax } in seconds or null,
              ids: { handedOut, highestId, live, holes, recoverable, lost },
              sharing: { levels: [{ name, refs, misses }], usefulBytesPerLine,
                tlbMisses, tlbWalks, moved,
                         invalidations, trueSharing, falseSharing, hottestShare,
                           hottestLine } }] }
gleixner-2025: { workload: { name, seed }, machine,
  rows: [{ calibration, threads, timers, cells: [{ design, operation,
    publishedMs,
           predictedMs: { value, low, high }, inRange,
           parts: { call, memory, waiting } in ns per operation }] }],
  ratios: [{ threads, timers, operation, slower, than, published, predicted: {
    value, low, high }, off,
             orderRight, judged }],
  misses: [{ ratio, what, why }], judged: { times, inRange: of them in the
    stated range } }

Exit codes: 0 evaluated · 2 misuse, such as an unknown design · 3 a log cannot
be read, or the report cannot be written.`;

/** Runs `idspace evaluate`. */
export async function evaluate(flags: EvaluateFlags, terminal: Terminal): Promise<ExitCode> {
  const { report, json, order, ...rest } = flags;
  const options = { ...rest, ...(order && { orders: order }) };
  const file = report === undefined ? undefined : OutputFile.check(report, terminal.folder);
  const evaluation = await runEvaluation(options as EvaluateOptions, terminal).catch(inFlags);
  terminal.out.write(json ? jsonText(evaluation) : evaluationText(evaluation, terminal));
  if (file !== undefined) {
    const [{ renderReport }, { reportData }] = await Promise.all([import('./report.ts'), import('./report-data.ts')]);
    const command = commandToPaste(commandLine(flags), terminal);
    const page = renderReport({ ...(await reportData(evaluation)), ...reportWords(command, terminal) });
    await writeTo({ file, command }, page, terminal);
  }
  return 0;
}

/** Evaluates, with progress on a terminal. */
export async function runEvaluation(options: EvaluateOptions, terminal: Terminal): Promise<Evaluation> {
  // Loaded when it is needed: the other commands start without it.
  const { evaluate } = await import('@idspace/evaluation');
  return withProgress(terminal, 'evaluating', (update) =>
    evaluate({ ...options, onProgress: ({ design, done, total }) => update(done / total, design) }),
  );
}

/** What the report says of how it was made. */
export function reportWords(
  command: string,
  terminal: Terminal,
): { command: string; predict: string; version: string } {
  return { command, predict: commandToPaste(`evaluate --workload ${PREDICTION}`, terminal), version: version() };
}

/** Writes all tables of an evaluation out. */
export function evaluationText(evaluation: Evaluation, terminal: Terminal): string {
  const tables = evaluationExhibits(evaluation).map((exhibit) => exhibitText(exhibit, terminal));
  return [facts(evaluation, terminal), definitions(designEntries(evaluation.designs), terminal), ...tables].join('\n');
}

/** Says what was run, and on what machine. */
export function facts(evaluation: Evaluation, screen: Screen): string {
  return paragraph(workloadLine(evaluation), screen) + paragraph(machineLine(evaluation), screen);
}

/** The command line that does the same again. */
function commandLine({ json: _, ...flags }: EvaluateFlags): string {
  const words = Object.entries(flags).map(([name, value]) => `--${name} ${shellWord(String(value))}`);
  return ['evaluate', ...words].join(' ');
}
