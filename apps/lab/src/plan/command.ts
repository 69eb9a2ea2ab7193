// idspace plan: whether a checkpoint's IDs can be restored, by how many calls, and how long that takes.

import { type MeasuredRates, measuredRates } from '@idspace/live-kernel';
import { type PlanOptions, planToJson, type Target, WARNING_CODES, type WarningCode } from '@idspace/restore-planner';
import { type ExitCode, misuse } from '../cli/failure.ts';
import { between, checkedBy, listOf, measuredOr, oneOf, proposing, wholeNumber } from '../cli/flag.ts';
import { MAX_SHARDS, parseShard, type ShardFlags, takeShard } from '../cli/shard.ts';
import type { Shell } from '../cli/shell.ts';
import type { Terminal } from '../cli/terminal.ts';
import { exhibitText } from '../format/exhibit-text.ts';
import { jsonText } from '../format/json-text.ts';
import { paragraph } from '../format/paragraph.ts';
import { printable } from '../format/printable.ts';
import { capital } from '../format/sentence.ts';
import { assumed, overridden, summedUp } from './assumed.ts';
import { checkpointsJson } from './checkpoints-json.ts';
import { neighbours, planPairings, TODAY } from './compare.ts';
import { comparisonExhibit } from './comparison.ts';
import { EMIT_FORMS, type EmitForm, emitted } from './emit/emit.ts';
import { LOOKED } from './facts-text.ts';
import { type FleetRow, isPlanned, isUnread, type Planned, planFleet } from './fleet.ts';
import { fleetText } from './fleet-text.ts';
import { checkPairGiven, isGate, MOST_NSPP, MOST_SECONDS, warningOf } from './gate.ts';
import { judge, tellUnread } from './judge.ts';
import { matrixOutput } from './matrix-output.ts';
import { originText } from './origin-text.ts';
import { areSeveral, nodesAt } from './placement/nodes.ts';
import { nodesJson, nodesText } from './placement/nodes-text.ts';
import { placeFleet, tellOf } from './placement/place.ts';
import { printPlacement } from './placement/placement-text.ts';
import { PLAN_HELP } from './plan-help.ts';
import { planText } from './plan-text.ts';
import { isDanced, rateNote } from './rate-note.ts';
import { LIVE, targetAt } from './target-at.ts';
import { targetText } from './target-text.ts';
import { SCOPE } from './verdict-text.ts';
import { criuFlag, kernelFlag, newerThanKnown } from './versions.ts';
import { forgottenText } from './warnings-text.ts';

export interface PlanFlags extends ShardFlags {
  kernel?: string;
  criu?: string;
  /** Files, folders of such, 'live'; several are nodes to choose from. */
  on?: string[];
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

/** The flags of a plan for one target, or for none. */
interface OneFlags extends Omit<PlanFlags, 'on'> {
  on?: string;
}

const MOST_PID = 2 ** 22;
const MOST_PENDING = Number.MAX_SAFE_INTEGER; // far more than there are IDs: no limit

/** Adds `idspace plan`. */
export function addPlan(shell: Shell): void {
  shell
    .command('plan')
    .summary('tell whether CRIU restores a checkpoint with all its IDs, and how fast')
    .description(
      'Reads checkpoints and tells whether their IDs can be restored on a kernel or a given machine, and what to do if not. ' +
        'For each process it tells how CRIU restores the POSIX timers: by which system calls, how many, and how long they take.',
    )
    .argument(
      '[path...]',
      'checkpoints, or a folder of some: archives, CRIU images, container images, JSON of crit, /proc/PID; - is stdin',
    )
    .option(
      '--pid <n>',
      'a running process of this machine, as if it were dumped now; --on says where it would be restored',
      wholeNumber(1, MOST_PID),
    )
    .option('--tree', 'with --pid: its descendants, too, as CRIU dumps them')
    .option(
      '--kernel <release>',
      `kernel to restore on: a release or a proposed design, see 'Kernels' (default: ${TODAY.kernel})`,
      kernelFlag,
    )
    .option('--criu <version>', `CRIU to restore with, or 'native' (default: ${TODAY.criu})`, criuFlag)
    .option(
      '--on <file|folder|live>',
      "the target: what is known of the machine to restore on, or this one; see 'Targets'. A folder of such files, or " +
        "--on more than once: which checkpoint can go to which node, see 'Several nodes'",
      proposing([LIVE], (path: string, before: string[] = []) => [...before, path]),
    )
    .option(
      '--nspp <ns>',
      "time of one create+delete pair, ns (default: 894, measured on Linux 6.18), or 'measured': this machine's",
      measuredOr(between(0, MOST_NSPP)),
    )
    .option(
      '--sigpending <n>',
      "RLIMIT_SIGPENDING, timers (default: each process's own, from its image)",
      wholeNumber(0, MOST_PENDING),
    )
    .option(
      '--sigq <n>',
      'signals charged on the target to the user who runs CRIU: SigQ in /proc/PID/status (default: 0; with --pid, here)',
      wholeNumber(0, MOST_PENDING),
    )
    .option('--deprecated', 'CRIU is given --deprecated, and reads old images')
    .option(
      '--fail-over <seconds>',
      'gate: exit 1 if the calls for IDs take longer, or its outcome is not ok; with --kernel and --criu',
      between(0, MOST_SECONDS),
    )
    .option(
      '--fail-on <warning,…>',
      'gate: exit 1 if a checkpoint has one of these warnings, or its outcome is not ok',
      Object.assign(listOf(checkedBy(warningOf), 'warning'), { names: WARNING_CODES, several: true }),
    )
    .option('--emit <form>', 'instead of the tables: text, json (to be read back) or c (a program)', oneOf(EMIT_FORMS))
    .option('--matrix', 'instead of the tables: every kind of CRIU on every kind of kernel')
    .option('--released', 'leave out kernels that were proposed and never released, unless it is the one asked for')
    .option('--all', 'of several checkpoints: a row for each, not only for those that need attention, and every reason')
    .option('--shard <i/n>', 'for several nodes: part i of n of the checkpoints', checkedBy(parseShard))
    .option('--shards <n>', 'parts in all, where the scheduler says which one this is', wholeNumber(1, MAX_SHARDS))
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', PLAN_HELP)
    .action(shell.action((paths: string[], flags: PlanFlags) => plan(paths, flags, shell.terminal)));
}

/** Runs `idspace plan`. */
export async function plan(paths: readonly string[], flags: PlanFlags, terminal: Terminal): Promise<ExitCode> {
  checkForms(flags);
  const { on = [], ...rest } = flags;
  const [first] = on;
  if (await areSeveral(on, terminal.folder)) return planOnNodes(paths, flags, on, terminal);
  for (const flag of ['shard', 'shards'] as const) {
    if (flags[flag] === undefined) continue;
    throw misuse(`--${flag}`, 'it without several nodes', '--on with a folder, or twice');
  }
  return planOnOne(paths, { ...rest, ...(first !== undefined && { on: first }) }, terminal);
}

async function planOnNodes(
  paths: readonly string[],
  flags: PlanFlags,
  on: readonly string[],
  terminal: Terminal,
): Promise<ExitCode> {
  checkPlacementForms(flags, on);
  const nodes = await nodesAt(on, flags, terminal);
  for (const node of nodes) checkPairGiven({ ...node.target, ...flags }, ` of ${printable(node.path)}`);
  if (paths.length === 0 && flags.pid === undefined) {
    terminal.out.write(flags.json ? nodesJson(nodes) : nodesText(nodes, terminal));
    return 0;
  }
  const from = inputs(paths, flags);
  const shard = takeShard(flags, terminal);
  const rates = await ratesOf(flags.nspp, terminal);
  const { failOver, failOn, json = false, tree = false } = flags;
  const gate = { ...(failOver !== undefined && { failOver }), ...(failOn !== undefined && { failOn }) };
  const known = nodes.map(({ path, target, ...pair }) => [
    ...assumed(pair, { ...flags, on: path }, target),
    ...(path === LIVE ? overridden(pair, { on: path }, target) : []),
    ...newerThanKnown(pair),
  ]);
  for (const note of summedUp(known.flat())) terminal.err.write(`idspace plan: ${note}\n`);
  const options = { nodes, rates, given: givenTo(flags), gate, keepsPlan: json, tree };
  const placement = await placeFleet(from, options, shard, terminal);
  printPlacement(placement.document, flags, terminal);
  if (on.includes(LIVE) && !json) terminal.out.write(paragraph(LOOKED, terminal));
  if (placement.dances && flags.nspp === undefined) terminal.err.write(`idspace plan: ${rateNote(on)}\n`);
  return tellOf(placement, terminal);
}

async function planOnOne(paths: readonly string[], flags: OneFlags, terminal: Terminal): Promise<ExitCode> {
  const target = flags.on === undefined ? undefined : await targetAt(flags.on, terminal.folder);
  checkPairGiven({ ...target, ...flags }, target === undefined ? '' : ` of ${printable(flags.on!)}`);
  const { kernel = TODAY.kernel, criu = TODAY.criu } = { ...target, ...flags };
  if (target !== undefined && paths.length === 0 && flags.pid === undefined) return explain(target, flags, terminal);
  const from = inputs(paths, flags);
  const rates = await ratesOf(flags.nspp, terminal);
  const options = { ...rates, ...givenTo(flags), ...(target !== undefined && { target }), kernel, criu };
  const pair = { kernel, criu };
  const notes = [...assumed(pair, flags, target), ...overridden(pair, flags, target), ...newerThanKnown(pair)];
  for (const note of notes) terminal.err.write(`idspace plan: ${note}\n`);
  const rows = await planFleet(from, { ...options, tree: flags.tree ?? false }, terminal);
  const answer = answerOf(rows, options, flags, terminal);
  tellUnread(rows.filter(isUnread), terminal);
  terminal.out.write(answer);
  const isText = !flags.json && flags.emit === undefined;
  if (flags.on === LIVE && isText) terminal.out.write(paragraph(LOOKED, terminal));
  const planned = rows.filter(isPlanned);
  const exitCode = isGate(flags) ? judge(planned, flags, terminal) : 0;
  if (isRateForeign(planned, flags, exitCode)) {
    const note = rateNote(flags.on === undefined ? [] : [flags.on]);
    if (isText && !isGate(flags)) terminal.out.write(paragraph(`${capital(note)}.`, terminal));
    else terminal.err.write(`idspace plan: ${note}\n`);
  }
  return planned.length < rows.length ? 3 : exitCode;
}

/** Whether times are told of a target, or let a gate pass, at a rate that is not the target's. */
function isRateForeign(planned: readonly Planned[], { nspp, on, failOver }: OneFlags, exitCode: ExitCode): boolean {
  if (nspp !== undefined || !planned.some(({ plan }) => isDanced(plan))) return false;
  return on !== undefined || (failOver !== undefined && exitCode === 0);
}

/** What is stated on the command line for every target. */
function givenTo({
  sigpending,
  sigq,
  deprecated,
}: PlanFlags | OneFlags): Pick<PlanOptions, 'sigpending' | 'sigq' | 'deprecated'> {
  return {
    ...(sigpending !== undefined && { sigpending }),
    ...(sigq !== undefined && { sigq }),
    ...(deprecated !== undefined && { deprecated }),
  };
}

/** Without a checkpoint, a target is explained. */
function explain(target: Target, { on, json }: OneFlags, terminal: Terminal): ExitCode {
  const text = (): string =>
    on === LIVE
      ? `${targetText('This machine', target, terminal)}\n${paragraph(LOOKED, terminal)}`
      : targetText(on!, target, terminal);
  terminal.out.write(json ? jsonText({ checkpoints: [], target }) : text());
  return 0;
}

/** Of several nodes there is one form, the matrix; a shard of it must not depend on the moment. */
function checkPlacementForms(flags: PlanFlags, on: readonly string[]): void {
  for (const flag of ['emit', 'matrix'] as const) {
    if (flags[flag] === undefined) continue;
    throw misuse(`--${flag}`, 'it with several nodes', '--on with one target at most');
  }
  if (on.includes(LIVE) && (flags.shard !== undefined || flags.shards !== undefined)) {
    throw misuse('--on', 'live in a shard', 'files: this machine changes between shards');
  }
}

function checkForms({ emit, json, matrix }: PlanFlags): void {
  if (emit === undefined) return;
  if (json) {
    const hint = '(--emit json has the calls too)';
    throw misuse('--json', 'it beside --emit', `one of them ${hint}`);
  }
  if (matrix) throw misuse('--matrix', 'it beside --emit', 'one of them');
}

function inputs(paths: readonly string[], { pid, tree }: PlanFlags | OneFlags): readonly string[] {
  const all = pid === undefined ? paths : [...paths, `/proc/${pid}`];
  if (tree && !all.some((path) => /^\/proc\/\w+\/?$/.test(path))) {
    throw misuse('--tree', 'it without a running process', '--pid or /proc/PID');
  }
  if (all.length > 0) return all;
  throw misuse('path', 'none', 'the path of a checkpoint, or --pid with a process');
}

/** What goes to stdout; empty where nothing was read and the form has no place for errors. */
function answerOf(rows: readonly FleetRow[], options: PlanOptions, flags: OneFlags, terminal: Terminal): string {
  if (flags.matrix) {
    const { released = false, json } = flags;
    return matrixOutput(rows, { ...options, released }, json ? 'json' : 'text', terminal);
  }
  if (flags.emit !== undefined) return emitted(flags.emit, rows, options, terminal);
  if (flags.json) return checkpointsJson(rows, ({ plan }) => ({ plan: planToJson(plan) }));
  if (isFleetTable(rows, flags)) {
    const { failOver: slow, all = false } = flags;
    const { sigpending, sigq, target } = options;
    const room = {
      ...(sigpending !== undefined && { sigpending }),
      ...(sigq !== undefined && { sigq }),
      ...(target !== undefined && { target }),
    };
    return fleetText(rows, { ...options, room, all, ...(slow !== undefined && { slow }) }, terminal);
  }
  const outputs = rows.filter(isPlanned).map((row) => planOutput(row, options, flags, terminal));
  return outputs.length === 0 ? '' : `${outputs.join('')}\n${paragraph(SCOPE, terminal)}`;
}

function isFleetTable(rows: readonly FleetRow[], { matrix, emit, json }: OneFlags): boolean {
  return rows.length > 1 && !matrix && emit === undefined && !json;
}

function planOutput(
  { path, checkpoint, plan }: Planned,
  options: PlanOptions,
  { released = false }: OneFlags,
  terminal: Terminal,
): string {
  const text = planText(path, plan, terminal, {
    origin: originText(checkpoint),
    hasTarget: options.target !== undefined,
  });
  if (plan.totals.timers === 0) return text;
  const { kernel, criu, ...rest } = options;
  const elsewhere = planPairings(checkpoint, neighbours({ kernel, criu }, released), rest);
  const exhibit = comparisonExhibit('The same checkpoint elsewhere', elsewhere);
  return `${text}\n${forgottenText(plan, terminal)}\n${exhibitText(exhibit, terminal)}`;
}

/** The rates asked for; none for those of the planner. */
async function ratesOf(nspp: PlanFlags['nspp'], terminal: Terminal): Promise<Partial<MeasuredRates>> {
  if (nspp !== 'measured') return nspp === undefined ? {} : { nsPerPair: nspp };
  const found = await measuredRates();
  const byId = found.nsPerRestore === undefined ? '' : `, ${found.nsPerRestore} ns a create by ID`;
  terminal.err.write(`idspace plan: measured here: ${found.nsPerPair} ns a create+delete pair${byId}\n`);
  return found;
}
