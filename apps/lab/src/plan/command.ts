// idspace plan: will a checkpoint's POSIX timers come back, by how many calls, in what time?

import { type MeasuredRates, measuredRates } from '@idspace/live-kernel';
import { type PlanOptions, planToJson, type Target, type WarningCode } from '@idspace/restore-planner';
import { Option } from 'commander';
import { CommandError, type ExitCode, reportError } from '../cli/failure.ts';
import { between, checkedBy, listOf, measuredOr, oneOf, wholeNumber } from '../cli/flag.ts';
import type { Shell } from '../cli/shell.ts';
import type { Terminal } from '../cli/terminal.ts';
import { exhibitText } from '../format/exhibit-text.ts';
import { count } from '../format/number.ts';
import { printable } from '../format/printable.ts';
import { checkpointsJson } from './checkpoints-json.ts';
import { neighbours, planPairings, TODAY } from './compare.ts';
import { comparisonExhibit } from './comparison.ts';
import { EMIT_FORMS, type EmitForm, emitted } from './emit/emit.ts';
import { LOOKED } from './facts-text.ts';
import { type FleetRow, isPlanned, type Planned, planFleet } from './fleet.ts';
import { fleetText } from './fleet-text.ts';
import { checkPairGiven, type Gate, isGate, MOST_NSPP, MOST_SECONDS, objections, warningOf } from './gate.ts';
import { kernelsHelp, reasonsHelp, restorersHelp, targetsHelp, warningsHelp } from './kinds-help.ts';
import { matrixOutput } from './matrix-output.ts';
import { originText } from './origin-text.ts';
import { planText } from './plan-text.ts';
import { LIVE, targetAt } from './target-at.ts';
import { targetText } from './target-text.ts';
import { SCOPE } from './verdict-text.ts';
import { criuOf, kernelOf, newerThanKnown } from './versions.ts';
import { forgottenText } from './warnings-text.ts';

export interface PlanFlags {
  kernel?: string;
  criu?: string;
  on?: string;
  nspp?: number | 'measured';
  sigpending?: number;
  sigq?: number;
  deprecated?: boolean;
  failOver?: number;
  failOn?: WarningCode[];
  emit?: EmitForm;
  matrix?: boolean;
  released?: boolean;
  all?: boolean;
  pid?: number;
  tree?: boolean;
  json?: boolean;
}

const MOST_PID = 2 ** 22;
const MOST_PENDING = Number.MAX_SAFE_INTEGER; // far more than there are IDs: no limit

/** Adds `idspace plan`. */
export function addPlan(shell: Shell): void {
  shell
    .command('plan')
    .summary('tell if CRIU restores a checkpoint with all its IDs, and how fast')
    .description(
      'Reads checkpoints and tells if their IDs can be had again on a kernel or a given machine, and what to do if not; ' +
        'per process, how CRIU gets its POSIX timers back: by which system calls, how many, in what time, with which words.',
    )
    .argument(
      '[path...]',
      'checkpoints, or a folder of some: archives, CRIU images, container images, JSON of crit, /proc/PID; - is stdin',
    )
    .addOption(
      new Option('--pid <n>', 'a process still running, as if it were dumped now').argParser(wholeNumber(1, MOST_PID)),
    )
    .option('--tree', 'of a running process: its descendants, too, as CRIU dumps them')
    .addOption(
      new Option(
        '--kernel <release>',
        `kernel to restore on: a release or a proposed design, see 'Kernels' (default: ${TODAY.kernel})`,
      ).argParser(checkedBy(kernelOf)),
    )
    .addOption(
      new Option('--criu <version>', `CRIU to restore with, or 'native' (default: ${TODAY.criu})`).argParser(
        checkedBy(criuOf),
      ),
    )
    .option('--on <file|live>', "the target: what is known of the machine to restore on, or this one; see 'Targets'")
    .addOption(
      new Option(
        '--nspp <ns>',
        "time of one create+delete pair, ns (default: 894, measured on Linux 6.18), or 'measured': this machine's",
      ).argParser(measuredOr(between(0, MOST_NSPP))),
    )
    .addOption(
      new Option(
        '--sigpending <n>',
        "RLIMIT_SIGPENDING, timers (default: each process's own, from its image)",
      ).argParser(wholeNumber(0, MOST_PENDING)),
    )
    .addOption(
      new Option(
        '--sigq <n>',
        'signals charged on the target to the user who runs CRIU: SigQ in /proc/PID/status (default: 0; with --pid, here)',
      ).argParser(wholeNumber(0, MOST_PENDING)),
    )
    .option('--deprecated', 'CRIU is given --deprecated, and reads old images')
    .addOption(
      new Option(
        '--fail-over <seconds>',
        'gate: exit 1 if a restore takes longer, or its outcome is not ok; with --kernel and --criu',
      ).argParser(between(0, MOST_SECONDS)),
    )
    .addOption(
      new Option(
        '--fail-on <warning,…>',
        'gate: exit 1 if a checkpoint has one of these warnings, or its outcome is not ok',
      ).argParser(listOf(checkedBy(warningOf), 'warning')),
    )
    .addOption(
      new Option('--emit <form>', 'instead of the tables: text, json (to be read back) or c (a program)').argParser(
        oneOf(EMIT_FORMS),
      ),
    )
    .option('--matrix', 'instead of the tables: every kind of CRIU on every kind of kernel')
    .option('--released', 'leave out kernels that were proposed and never released, unless it is the one asked for')
    .option('--all', 'of several checkpoints: a row for each, not only for those that need attention')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(shell.action((paths: string[], flags: PlanFlags) => plan(paths, flags, shell.terminal)));
}

const HELP = `
Examples:
  idspace plan ./checkpoint                                on Linux 6.18 with CRIU 4.2
  idspace plan web-1.tar.zst                               an archive of podman, CRI-O, containerd, the kubelet
  idspace plan /var/lib/kubelet/checkpoints                a fleet: what needs attention first
  idspace plan --pid 1234 --tree --kernel 6.1              a process not dumped yet, with its children
  ssh node1 cat web-1.tar.zst | idspace plan -             from a pipe
  idspace plan ./checkpoint --kernel 6.1 --json            the same on 6.1, for a script
  idspace plan ./checkpoint --kernel $(uname -r) --criu 4.2 --fail-over 30 --fail-on thread-cpu-clock    a gate
  idspace plan ./checkpoint --kernel 6.1 --emit text       the calls, a line for each run of equal ones
  idspace plan ./checkpoint --on node.json                 on a machine: are PIDs, terminals, … free there?
  idspace plan ./checkpoint --on live                      the same on this machine, as it is now
  idspace plan --on node.json                              what is known of that machine, and what is not
  idspace plan ./checkpoint --matrix                       where will it restore, and where not?
  idspace plan ./checkpoint --emit c > restore.c           a program that makes them, and verifies

What the output means:
  ∞          the restore never ends
  Strategy   restore-ids: the kernel is asked for each ID (Linux 6.15+ with CRIU 4.2+) · create-at-id: each
             create names its ID · cursor: it is set before each create · dance: timers are created and
             deleted until the wanted ID comes · fill: all timers up to the highest ID are created, then
             those in between deleted · none: the process has no timers
  Outcome    ok · depends: on what is not known of the target, or on the order in which processes come to
             their creates · exceeds-limit: RLIMIT_SIGPENDING is hit · hangs: CRIU repeats the same calls
             forever · fails. Below the table stands what CRIU prints then, N for a number that varies.
             The restore's outcome is the worst of its ID spaces, that of timers the worst of its processes.
  Limit      CRIU makes the timers of all processes as one user, each under its own RLIMIT_SIGPENDING
             (--sigpending for all), beside what is charged to that user already (--sigq). Where that is too
             little, creates are counted up to the refused one, as if one process came after the other
  Peak       most timers alive at once; Next ID is what the process gets for its next timer
  Warnings   what fails, what succeeds and is wrong all the same, and what no image holds; a fleet's table
             counts those that are not true of every restore
  A fleet    first what was not read, then what does not succeed, takes more than a second (or --fail-over)
             or has warnings; more than five others are summed up in one row
  Time       of timers: deletes × --nspp + (creates − deletes) × 485 ns. Counts are exact, the rates are one
             machine's, or this one's with --nspp measured. The first table and a fleet's add up all IDs

Targets: --on takes the file of what is known of the machine to restore on, as \`idspace probe --facts\` writes it
there, or 'live': the same is looked up on this machine (./live is a file of that name). The file is
  { "format": "idspace-target", "version": 1, … }
with any of these keys and no other. "taken" is [{ "number", "as": "pid" | "zombie" | "tid" | "pgid" | "sid",
"command", "pid", "kernelThread" }, …], the last three where known; it and "ptysTaken" are complete if given.
${targetsHelp()}What is missing and matters makes the outcome "depends", but for these. kernel and criu stand for --kernel
and --criu where those are not given; where they are missing, too, ${TODAY.kernel} and ${TODAY.criu} are assumed, and stderr says so.
Assumed without a word: IDs can be asked for (cannotAsk), CRIU's own numbers are in no one's way (criuPid,
criuSid), nothing is charged to its user yet (sigqOfCriuUser, userWatches), and no IPC namespace is joined.
Without --on, the outcome is that of the timers and of what fails on every machine with that kernel and CRIU;
what depends on the machine is said, in the first line and in JSON, and does not count. What was not read,
because its images are not in the checkpoint, is said and does not count, with --on or without. Files,
sockets and memory are not judged.

Kernels, by the ID a create gives, and how one can be asked for:
${kernelsHelp()}
Restorers:
${restorersHelp()}
The gate: --fail-over and --fail-on together pass a checkpoint only if its outcome is ok, its restore takes no
longer than --fail-over says, and it has none of the warnings that --fail-on names; all other outcomes trip
it, with or without a limit of time. What does not pass stands on stderr. --fail-over wants both --kernel and
--criu, as the defaults are the fastest pair there is. Warnings:
${warningsHelp()}
JSON: { checkpoints: [{ path, format, kernelRelease, criuVersion, containers: [{ name, id, pod }], pod, plan },
or { path, error: { code, message } } for one that cannot be read, …] }, however many there are; what the
input does not tell is null. A plan is { kernel, criu, nsPerPair, nsPerRestore, outcome, reasons: [{ space,
code, outcome, ids, text, words, remedy }], spaces: [{ space, outcome, asks, creates, deletes, seconds, left }],
processes: […], totals }: outcome is the worst of all spaces, totals and processes are about timers alone;
a process has pid, timers, strategy, outcome, error, errno, creates, deletes, prctls, peakTimers, nextId,
seconds and warnings: [{ code, ids, text }], worst first, with no ids where it is about the whole process; a
timer has id, clock, clockName, notify, signo, sival, interval and value: { sec, nsec }, overrun. sival, sec
and nsec are decimal strings, as JSON numbers lose bits above 2⁵³.
Where outcome is "hangs", creates, deletes and seconds reach to the first repetition only, after which CRIU
goes on forever: test outcome before you read them.
--matrix --json adds rows: [{ criu, kernel, outcome, creates, deletes, prctls, error, errno, refusedCreate,
strategy, peakTimers, seconds }, …] beside each plan; --kernel and --criu add a row and a column.
--emit json adds the calls (processes[].steps) to each plan. --emit c takes one PATH and a plan that succeeds
or may.
Codes of reasons (the README of restore-planner says what each means):
${reasonsHelp()}\`idspace rehearse\` makes the calls and verifies what comes.

Exit codes: 0 planned, whatever the outcome, and passed where there is a gate · 1 the gate tripped · 2 misuse
· 3 a checkpoint cannot be read, whatever the gate says of the others.`;

/** Runs `idspace plan`. */
export async function plan(paths: readonly string[], flags: PlanFlags, terminal: Terminal): Promise<ExitCode> {
  checkForms(flags);
  const target = flags.on === undefined ? undefined : await targetAt(flags.on, terminal.folder);
  checkPairGiven({ ...target, ...flags });
  const { kernel = TODAY.kernel, criu = TODAY.criu } = { ...target, ...flags };
  const { sigpending, sigq, deprecated } = flags;
  if (target !== undefined && paths.length === 0 && flags.pid === undefined) return explain(target, flags, terminal);
  const from = inputs(paths, flags);
  const rates = await ratesOf(flags.nspp, terminal);
  const given = {
    ...(target !== undefined && { target }),
    ...(sigpending !== undefined && { sigpending }),
    ...(sigq !== undefined && { sigq }),
    ...(deprecated !== undefined && { deprecated }),
  };
  const options = { ...rates, ...given, kernel, criu };
  for (const note of [...assumed({ kernel, criu }, flags, target), ...newerThanKnown({ kernel, criu })])
    terminal.err.write(`idspace plan: ${note}\n`);
  const rows = await planFleet(from, { ...options, tree: flags.tree ?? false }, terminal);
  const answer = answerOf(rows, options, flags, terminal);
  if (!isFleetTable(rows, flags)) {
    for (const row of rows) if (!isPlanned(row)) reportError(row.error, 'idspace plan', terminal);
  }
  terminal.out.write(answer);
  if (flags.on === LIVE && !flags.json && flags.emit === undefined) terminal.out.write(LOOKED);
  const planned = rows.filter(isPlanned);
  const exitCode = isGate(flags) ? judge(planned, flags, terminal) : 0;
  return planned.length < rows.length ? 3 : exitCode;
}

/** Says what of the pair stands neither on the command line nor in the target. */
function assumed(pair: { kernel: string; criu: string }, flags: PlanFlags, target: Target | undefined): string[] {
  if (target === undefined) return [];
  const where = flags.on === LIVE ? 'this machine' : printable(flags.on!);
  return (['kernel', 'criu'] as const)
    .filter((key) => flags[key] === undefined && target[key] === undefined)
    .map((key) => {
      const name = key === 'criu' ? 'CRIU' : 'Linux';
      return `the ${name === 'CRIU' ? name : 'kernel'} of ${where} is not known: ${name} ${pair[key]} is assumed, --${key} names another`;
    });
}

/** Without a checkpoint, a target is explained. */
function explain(target: Target, { on, json }: PlanFlags, terminal: Terminal): ExitCode {
  const text = (): string =>
    on === LIVE ? `${targetText('This machine', target)}\n${LOOKED}` : targetText(on!, target);
  terminal.out.write(json ? `${JSON.stringify({ checkpoints: [], target }, null, 2)}\n` : text());
  return 0;
}

function checkForms({ emit, json, matrix }: PlanFlags): void {
  if (emit === undefined) return;
  if (json) {
    const hint = '(--emit json has the calls too)';
    throw new CommandError('misuse', `--json: got it beside --emit, expected one of them ${hint}`);
  }
  if (matrix) throw new CommandError('misuse', '--matrix: got it beside --emit, expected one of them');
}

function inputs(paths: readonly string[], { pid, tree }: PlanFlags): readonly string[] {
  const all = pid === undefined ? paths : [...paths, `/proc/${pid}`];
  if (tree && !all.some((path) => /^\/proc\/\w+\/?$/.test(path))) {
    throw new CommandError('misuse', '--tree: got it without a running process, expected --pid or /proc/PID');
  }
  if (all.length > 0) return all;
  throw new CommandError('misuse', 'path: got none, expected the path of a checkpoint, or --pid with a process');
}

/** What goes to stdout; empty where nothing was read and the form has no place for errors. */
function answerOf(rows: readonly FleetRow[], options: PlanOptions, flags: PlanFlags, terminal: Terminal): string {
  if (flags.matrix) {
    const { released = false, json } = flags;
    return matrixOutput(rows, { ...options, released }, json ? 'json' : 'text', terminal);
  }
  if (flags.emit !== undefined) return emitted(flags.emit, rows);
  if (flags.json) return checkpointsJson(rows, ({ plan }) => ({ plan: planToJson(plan) }));
  if (isFleetTable(rows, flags)) {
    const { failOver: slow, all = false } = flags;
    return fleetText(rows, { ...options, room: options, all, ...(slow !== undefined && { slow }) });
  }
  const outputs = rows.filter(isPlanned).map((row) => planOutput(row, options, flags, terminal));
  return outputs.length === 0 ? '' : `${outputs.join('')}\n${SCOPE}`;
}

/** The table of a fleet has its own rows for what could not be read. */
function isFleetTable(rows: readonly FleetRow[], { matrix, emit, json }: PlanFlags): boolean {
  return rows.length > 1 && !matrix && emit === undefined && !json;
}

function planOutput(
  { path, checkpoint, plan }: Planned,
  options: PlanOptions,
  { released = false }: PlanFlags,
  terminal: Terminal,
): string {
  const text = planText(path, plan, { origin: originText(checkpoint), hasTarget: options.target !== undefined });
  if (plan.totals.timers === 0) return text;
  const { kernel, criu, ...rest } = options;
  const elsewhere = planPairings(checkpoint, neighbours({ kernel, criu }, released), rest);
  const exhibit = comparisonExhibit('The same checkpoint elsewhere', elsewhere);
  return `${text}\n${forgottenText(plan)}\n${exhibitText(exhibit, terminal)}`;
}

/** The rates asked for; none for those of the planner. */
async function ratesOf(nspp: PlanFlags['nspp'], terminal: Terminal): Promise<Partial<MeasuredRates>> {
  if (nspp !== 'measured') return nspp === undefined ? {} : { nsPerPair: nspp };
  const found = await measuredRates();
  const byId = found.nsPerRestore === undefined ? '' : `, ${found.nsPerRestore} ns a create by ID`;
  terminal.err.write(`idspace plan: measured here: ${found.nsPerPair} ns a create+delete pair${byId}\n`);
  return found;
}

const MOST_TOLD = 20; // checkpoints that do not pass, one by one

/** Tells on stderr which checkpoints do not pass. */
function judge(planned: readonly Planned[], gate: Gate, terminal: Terminal): ExitCode {
  const stopped = planned
    .map((row) => ({ path: row.path, reasons: objections(row, gate) }))
    .filter(({ reasons }) => reasons.length > 0);
  for (const { path, reasons } of stopped.slice(0, MOST_TOLD)) {
    terminal.err.write(`idspace plan: ${printable(path)} does not pass: ${reasons.join('; ')}\n`);
  }
  const more = stopped.length - MOST_TOLD;
  if (more > 0) terminal.err.write(`idspace plan: … and ${count(more)} more of ${count(planned.length)} do not pass\n`);
  return stopped.length > 0 ? 1 : 0;
}
