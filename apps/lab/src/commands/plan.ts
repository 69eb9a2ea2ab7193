// idspace plan: will a checkpoint's POSIX timers come back, by how many calls, in what time?
import { resolve } from 'node:path';
import { type Checkpoint, type PlanJson, planRestore, planToJson, type RestorePlan } from '@idspace/restore-planner';
import { Option } from 'commander';
import { EMIT_FORMS, type EmitForm, emitted } from '../emit/emit.ts';
import { comparisonExhibit } from '../exhibits/comparison.ts';
import { CommandError, type ExitCode } from '../failure.ts';
import { checkpointAt } from '../plan/checkpoint-at.ts';
import { neighbours, planPairings, TODAY } from '../plan/compare.ts';
import { kernelsHelp, restorersHelp } from '../plan/kinds-help.ts';
import { matrixOutput } from '../plan/matrix-output.ts';
import { criuOf, kernelOf, newerThanKnown } from '../plan/versions.ts';
import type { Shell } from '../shell.ts';
import type { Terminal } from '../terminal.ts';
import { exhibitText } from '../text/exhibit-text.ts';
import { duration } from '../text/number.ts';
import { planText } from '../text/plan-text.ts';
import { forgottenText } from '../text/warnings-text.ts';
import { checkedBy, notNegative, oneOf, wholeNumber } from './flag.ts';

export interface PlanFlags {
  kernel: string;
  criu: string;
  nspp?: number;
  sigpending?: number;
  failOver?: number;
  emit?: EmitForm;
  matrix?: boolean;
  json?: boolean;
}

interface Planned {
  path: string;
  checkpoint: Checkpoint;
  plan: RestorePlan;
}

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
    .argument('<path...>', 'checkpoints: folders of CRIU images, archives, JSON of crit, /proc/PID or its timers')
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
      new Option('--nspp <ns>', 'time of one create+delete pair, ns (default: 894, measured on Linux 6.18)').argParser(
        notNegative,
      ),
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
  Warnings   what fails, what succeeds and is wrong all the same, and what no image holds
  Time       deletes × --nspp + (creates − deletes) × 485 ns: counts are exact, the rates are one machine's

Kernels, by the ID a create gives, and how one can be asked for:
${kernelsHelp()}
Restorers:
${restorersHelp()}
JSON: one PATH gives { kernel, criu, nsPerPair, nsPerRestore, processes: […], totals },
several give { checkpoints: [{ path, plan }, …] }. Where outcome is "hangs", creates, deletes and seconds reach
to the first repetition only, after which CRIU goes on for ever: test outcome before you read them.
Every process has warnings: [{ code, ids, text }], worst first; no ids where it is about the whole process.
--matrix --json gives { nsPerPair, nsPerRestore, rows: [{ criu, kernel, outcome, creates, deletes, prctls,
error, errno, refusedCreate, strategy, peakTimers, seconds }, …] }; --kernel and --criu add a row and a column.
--emit json has the calls too (processes[].steps). --emit c takes one PATH and a plan that succeeds.

Exit codes: 0 planned, whatever the outcome · 1 a checkpoint cannot be read, or --fail-over tripped · 2 misuse.`;

/** Runs `idspace plan`. */
export async function plan(paths: readonly string[], flags: PlanFlags, terminal: Terminal): Promise<ExitCode> {
  const options = {
    ...(flags.nspp === undefined ? {} : { nsPerPair: flags.nspp }),
    ...(flags.sigpending === undefined ? {} : { sigpending: flags.sigpending }),
  };
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
  for (const note of newerThanKnown({ kernel, criu })) terminal.err.write(`idspace plan: ${note}\n`);
  const planned: Planned[] = [];
  for (const path of paths) {
    const checkpoint = await checkpointAt(resolve(terminal.folder, path));
    planned.push({ path, checkpoint, plan: planRestore(checkpoint, { ...options, kernel, criu }) });
  }
  if (flags.matrix) {
    terminal.out.write(matrixOutput(planned, { ...options, kernel, criu }, flags.json ? 'json' : 'text', terminal));
  } else if (flags.emit !== undefined) {
    terminal.out.write(emitted(flags.emit, planned));
  } else if (flags.json) {
    terminal.out.write(`${JSON.stringify(toJson(planned), null, 2)}\n`);
  } else {
    for (const [index, { path, checkpoint, plan }] of planned.entries()) {
      if (index > 0) terminal.out.write('\n');
      terminal.out.write(planText(path, plan));
      if (plan.totals.timers === 0) continue;
      const elsewhere = planPairings(checkpoint, neighbours({ kernel, criu }), options);
      const exhibit = comparisonExhibit('The same checkpoint elsewhere', elsewhere);
      terminal.out.write(`\n${forgottenText(plan)}\n${exhibitText(exhibit, terminal)}`);
    }
  }
  return flags.failOver === undefined ? 0 : gate(planned, flags.failOver, terminal);
}

function toJson(planned: readonly Planned[]): PlanJson | { checkpoints: { path: string; plan: PlanJson }[] } {
  if (planned.length === 1) return planToJson(planned[0]!.plan);
  return { checkpoints: planned.map(({ path, plan }) => ({ path, plan: planToJson(plan) })) };
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
