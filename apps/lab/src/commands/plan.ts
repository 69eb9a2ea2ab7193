// idspace plan: will a checkpoint's POSIX timers come back, by how many calls, in what time?
import { type PlanJson, planToJson } from '@idspace/restore-planner';
import { Option } from 'commander';
import { EMIT_FORMS, type EmitForm, emitted } from '../emit/emit.ts';
import { comparisonExhibit } from '../exhibits/comparison.ts';
import { CommandError, type ExitCode, reportError } from '../failure.ts';
import { neighbours, planPairings, TODAY } from '../plan/compare.ts';
import { errorJson, type FleetRow, isPlanned, type Planned, planFleet } from '../plan/fleet.ts';
import { kernelsHelp, restorersHelp } from '../plan/kinds-help.ts';
import { matrixOutput } from '../plan/matrix-output.ts';
import { criuOf, kernelOf, newerThanKnown } from '../plan/versions.ts';
import { type MeasuredRates, measuredRates } from '../probe/probe-kernel.ts';
import type { Shell } from '../shell.ts';
import type { Terminal } from '../terminal.ts';
import { exhibitText } from '../text/exhibit-text.ts';
import { fleetText } from '../text/fleet-text.ts';
import { duration } from '../text/number.ts';
import { originText } from '../text/origin-text.ts';
import { planText } from '../text/plan-text.ts';
import { forgottenText } from '../text/warnings-text.ts';
import { checkedBy, measuredOr, notNegative, oneOf, wholeNumber } from './flag.ts';

export interface PlanFlags {
  kernel: string;
  criu: string;
  nspp?: number | 'measured';
  sigpending?: number;
  failOver?: number;
  emit?: EmitForm;
  matrix?: boolean;
  pid?: number;
  json?: boolean;
}

const MOST_PID = 2 ** 22;
const MOST_PENDING = Number.MAX_SAFE_INTEGER; // far more than there are IDs: no limit

/** Adds `idspace plan`. */
export function addPlan(shell: Shell): void {
  shell
    .command('plan')
    .summary('tell if and how fast CRIU restores the POSIX timers of a checkpoint')
    .description(
      'Reads checkpoints and tells, per process, how CRIU gets its POSIX timers back on a kernel: ' +
        'by which system calls, how many, in what time, and if it fails, with which words.',
    )
    .argument('[path...]', 'checkpoints, or a folder of some: archives, CRIU images, JSON of crit, /proc/PID/timers')
    .addOption(
      new Option('--pid <n>', 'a process still running, as if it were dumped now').argParser(wholeNumber(1, MOST_PID)),
    )
    .addOption(
      new Option('--kernel <release>', "kernel to restore on: a release or a proposed design, see 'Kernels'")
        .argParser(checkedBy(kernelOf))
        .default(TODAY.kernel),
    )
    .addOption(
      new Option('--criu <version>', "CRIU to restore with, or 'native'")
        .argParser(checkedBy(criuOf))
        .default(TODAY.criu),
    )
    .addOption(
      new Option(
        '--nspp <ns>',
        "time of one create+delete pair, ns (default: 894, measured on Linux 6.18), or 'measured': this machine's",
      ).argParser(measuredOr(notNegative)),
    )
    .addOption(
      new Option(
        '--sigpending <n>',
        "RLIMIT_SIGPENDING, timers (default: each process's own, from its image)",
      ).argParser(wholeNumber(0, MOST_PENDING)),
    )
    .addOption(
      new Option('--fail-over <seconds>', 'gate: exit 1 if a restore takes longer, or does not succeed').argParser(
        notNegative,
      ),
    )
    .addOption(
      new Option('--emit <form>', 'instead of the tables: text, json (to be read back) or c (a program)').argParser(
        oneOf(EMIT_FORMS),
      ),
    )
    .option('--matrix', 'instead of the tables: every kind of CRIU on every kind of kernel')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(shell.action((paths: string[], flags: PlanFlags) => plan(paths, flags, shell.terminal)));
}

const HELP = `
Examples:
  idspace plan ./checkpoint                                on Linux 6.18 with CRIU 4.2
  idspace plan web-1.tar.zst                               an archive of podman, CRI-O, containerd, the kubelet
  idspace plan /var/lib/kubelet/checkpoints                a fleet: one row for each, the worst first
  idspace plan --pid 1234 --kernel 6.1                     a process that has not been dumped yet
  idspace plan ./checkpoint --kernel 6.1 --json            the same on 6.1, for a script
  idspace plan ./checkpoint --kernel $(uname -r) --fail-over 30    a gate before a migration
  idspace plan ./checkpoint --kernel 6.1 --emit text       the calls, a line for each run of equal ones
  idspace plan ./checkpoint --matrix                       where will it restore, and where not?
  idspace plan ./checkpoint --emit c > restore.c           a program that makes them, and verifies

What the output means:
  ∞          the restore never ends
  Strategy   restore-ids: the kernel is asked for each ID (Linux 6.15+ with CRIU 4.2+) · create-at-id: each
             create names its ID · cursor: it is set before each create · dance: timers are created and
             deleted until the wanted ID comes · fill: all timers up to the highest ID are created, then
             those in between deleted · none: the process has no timers
  Outcome    ok · fails · hangs: CRIU repeats the same calls for ever · exceeds-limit: RLIMIT_SIGPENDING
             is hit. Below the table stands what CRIU prints then.
  Peak       most timers alive at once; Next ID is what the process gets for its next timer
  Warnings   what fails, what succeeds and is wrong all the same, and what no image holds; a fleet's table
             counts those that are not true of every restore
  Time       deletes × --nspp + (creates − deletes) × 485 ns: counts are exact, the rates are one machine's,
             or this one's with --nspp measured

Kernels, by the ID a create gives, and how one can be asked for:
${kernelsHelp()}
Restorers:
${restorersHelp()}
JSON: one checkpoint gives { kernel, criu, nsPerPair, nsPerRestore, processes: […], totals },
several or a folder give { checkpoints: […] }, each { path, plan } or { path, error: { code, message } }.
Where outcome is "hangs", creates, deletes and seconds reach to the first repetition only, after which CRIU goes
on for ever: test outcome before you read them.
Every process has warnings: [{ code, ids, text }], worst first; no ids where it is about the whole process.
--matrix --json gives { nsPerPair, nsPerRestore, rows: [{ criu, kernel, outcome, creates, deletes, prctls,
error, errno, refusedCreate, strategy, peakTimers, seconds }, …] }; --kernel and --criu add a row and a column.
--emit json has the calls too (processes[].steps). --emit c takes one PATH and a plan that succeeds.
\`idspace rehearse\` makes the calls and verifies what comes.

Exit codes: 0 planned, whatever the outcome · 1 a checkpoint cannot be read, or --fail-over tripped · 2 misuse.`;

/** Runs `idspace plan`. */
export async function plan(paths: readonly string[], flags: PlanFlags, terminal: Terminal): Promise<ExitCode> {
  const { kernel, criu } = flags;
  if (flags.emit !== undefined && flags.json) {
    throw new CommandError(
      'misuse',
      '--json: got it beside --emit, expected one of them (--emit json has the calls too)',
    );
  }
  if (flags.emit !== undefined && flags.matrix) {
    throw new CommandError('misuse', '--matrix: got it beside --emit, expected one of them');
  }
  const from = inputs(paths, flags);
  const options = {
    ...(await rates(flags.nspp, terminal)),
    ...(flags.sigpending === undefined ? {} : { sigpending: flags.sigpending }),
  };
  for (const note of newerThanKnown({ kernel, criu })) terminal.err.write(`idspace plan: ${note}\n`);
  const fleet = await planFleet(from, { ...options, kernel, criu }, terminal);
  const planned = fleet.rows.filter(isPlanned);
  if (flags.matrix || flags.emit !== undefined) {
    for (const row of fleet.rows) if (!isPlanned(row)) reportError(row.error, 'idspace plan', terminal);
  }
  if (flags.matrix) {
    terminal.out.write(matrixOutput(fleet, { ...options, kernel, criu }, flags.json ? 'json' : 'text', terminal));
  } else if (flags.emit !== undefined) {
    if (planned.length > 0) terminal.out.write(emitted(flags.emit, planned));
  } else if (flags.json) {
    const json = fleet.isSingle ? planToJson(planned[0]!.plan) : fleetJson(fleet.rows);
    terminal.out.write(`${JSON.stringify(json, null, 2)}\n`);
  } else if (!fleet.isSingle) {
    terminal.out.write(fleetText(fleet.rows, { kernel, criu }));
  } else {
    const { path, checkpoint, plan } = planned[0]!;
    terminal.out.write(planText(path, plan, originText(checkpoint)));
    if (plan.totals.timers > 0) {
      const elsewhere = planPairings(checkpoint, neighbours({ kernel, criu }), options);
      const exhibit = comparisonExhibit('The same checkpoint elsewhere', elsewhere);
      terminal.out.write(`\n${forgottenText(plan)}\n${exhibitText(exhibit, terminal)}`);
    }
  }
  const exitCode = flags.failOver === undefined ? 0 : gate(planned, flags.failOver, terminal);
  return planned.length < fleet.rows.length ? 1 : exitCode;
}

function inputs(paths: readonly string[], { pid }: PlanFlags): readonly string[] {
  const all = pid === undefined ? paths : [...paths, `/proc/${pid}`];
  if (all.length > 0) return all;
  throw new CommandError('misuse', 'path: got none, expected the path of a checkpoint, or --pid with a process');
}

type FleetJson = { path: string } & ({ plan: PlanJson } | { error: { code: string; message: string } });

function fleetJson(rows: readonly FleetRow[]): { checkpoints: FleetJson[] } {
  const checkpoints = rows.map((row): FleetJson => {
    if (isPlanned(row)) return { path: row.path, plan: planToJson(row.plan) };
    return { path: row.path, error: errorJson(row) };
  });
  return { checkpoints };
}

/** The rates asked for; none for those of the planner. */
async function rates(nspp: PlanFlags['nspp'], terminal: Terminal): Promise<Partial<MeasuredRates>> {
  if (nspp !== 'measured') return nspp === undefined ? {} : { nsPerPair: nspp };
  const found = await measuredRates();
  const byId = found.nsPerRestore === undefined ? '' : `, ${found.nsPerRestore} ns a create by ID`;
  terminal.err.write(`idspace plan: measured here: ${found.nsPerPair} ns a create+delete pair${byId}\n`);
  return found;
}

/** Tells on stderr which checkpoints do not pass. */
function gate(planned: readonly Planned[], seconds: number, terminal: Terminal): ExitCode {
  let exitCode: ExitCode = 0;
  for (const { path, plan } of planned) {
    const { outcome, seconds: needed } = plan.totals;
    if (outcome === 'ok' && needed <= seconds) continue;
    const reason = outcome === 'ok' ? `takes ${duration(needed)}` : `does not succeed (${outcome})`;
    terminal.err.write(`idspace plan: ${path}: the restore ${reason}; --fail-over allows ${duration(seconds)}\n`);
    exitCode = 1;
  }
  return exitCode;
}
