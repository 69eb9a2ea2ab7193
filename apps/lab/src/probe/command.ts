// idspace probe: what this machine's kernel does with timer IDs, how fast a process uses them up, and what a restore here depends on.

import { idDebts, measuredRates, probeKernel, probeSpaces, restoreDebt, watchProcess } from '@idspace/live-kernel';
import { NS_PER_PAIR } from '@idspace/restore-planner';
import { type ExitCode, misuse } from '../cli/failure.ts';
import { between, measuredOr, wholeNumber } from '../cli/flag.ts';
import { withProgress } from '../cli/progress.ts';
import type { Shell } from '../cli/shell.ts';
import type { Terminal } from '../cli/terminal.ts';
import { jsonText } from '../format/json-text.ts';
import { factsHere } from '../plan/facts-here.ts';
import { factsJson, unseenText } from '../plan/facts-text.ts';
import { MOST_NSPP } from '../plan/gate.ts';
import { debtText, kernelProbeText, policySeen } from './probe-text.ts';
import { type ShownSpace, spacesText } from './space-probe-text.ts';

export interface ProbeFlags {
  pid?: number;
  interval?: number;
  nspp?: number | 'measured';
  facts?: boolean;
  json?: boolean;
}

const MAX_PID = 4_194_304; // PID_MAX_LIMIT on 64 bits
const INTERVAL = 10; // seconds
const SHORTEST = 0.001; // seconds to watch
const DAY = 86_400;
/** Adding and removing a watch by /proc/self/fd, as CRIU does: thread CPU time, Linux 6.18. */
const NS_PER_WATCH_PAIR = 8000;

/** Adds `idspace probe`. */
export function addProbe(shell: Shell): void {
  shell
    .command('probe')
    .summary(
      "measure this machine's kernel, how fast a process uses up its IDs, or list what a restore here depends on",
    )
    .description(
      "Finds out how this machine's kernel hands out IDs, space by space, and how long its calls take. With --pid, watches a " +
        'running process instead: how fast it uses up timer IDs, watch descriptors and process numbers, and what that adds ' +
        'to its restore. With --facts, writes the file for `idspace plan --on`: the process numbers in use here, terminals, CPUs, limits.',
    )
    .option('--pid <n>', 'a running process to watch', wholeNumber(1, MAX_PID))
    .option(
      '--interval <seconds>',
      `how long to watch it (default: ${INTERVAL})`,
      between(SHORTEST, DAY, `more than 0 and at most ${DAY} seconds`),
    )
    .option(
      '--nspp <ns>',
      "time of one create+delete pair for --pid, ns, or 'measured' (default: 894)",
      measuredOr(between(0, MOST_NSPP)),
    )
    .option('--facts', 'write what a restore on this machine depends on, as JSON, for `idspace plan --on`')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(shell.action((flags: ProbeFlags) => probe(flags, shell.terminal)));
}

const HELP = `
Examples:
  idspace probe                      this kernel, in some seconds
  idspace plan ./checkpoint --nspp measured
      plan with what it measures
  idspace probe --pid 4711 --interval 60
      will this service restore in time, next month?
  idspace probe --facts > node.json  what a restore on this machine depends on
  ssh node1 idspace probe --facts > node1.json
      the same of another machine

What the output means:
  Next timer ID    found by making and deleting timers in a child process
  Create + delete  median wall time of a pair, as a C program would measure it;
                   the time that this program takes to reach the kernel is
                   measured, too, and subtracted
  Hash buckets     of the kernel's table of timers, which all processes share
  Each space       tried in namespaces of its own (as root, or where
                   unprivileged user namespaces are allowed). Costs are wall
                   time, which load makes larger: the minimum, the median and
                   the 90th percentile of 25 samples. If they spread by more
                   than half, or this program had the CPU for less than four
                   fifths of the time, a warning says not to trust them
  IDs used         between the newest timers seen at the first and the last
                   reading; the kernel does not show the next ID itself
  Restore debt     time to create and delete timers up to the highest ID, as
                   CRIU does before Linux 6.15
  Watches, PIDs    the same for watch descriptors, by the highest of each
                   inotify file; numbers that its threads and children were seen
                   to use. What came and went between two readings is not
                   counted

Facts: run it as the user that runs CRIU, usually root, in the PID and mount
namespaces that you restore into. It reads /proc and /sys, calls \`criu
--version\`, and changes nothing. A fact that it cannot see, or not completely,
is missing in the file: "unseen" has the reason for each key, and stderr says
the same in words. "assumed" has what is assumed. It lists all process numbers
in use: of processes, zombies and threads, and those that are in use only as a
group or session. It leaves out itself, but not the shell that started it. A
search through all processes ends after two seconds, and says so.

JSON: { release, arch, idPolicy, idsSeen, restoreCall, nsPerPair, nsPerRestore,
callingNsPerPair, rlimitSigpending, pendingSignals, buckets, bucketsUnknown,
listing, spaces: [{ space, policy, seen, canAsk, costs: [{ what, min, median,
p90, isNoisy }], unknown }] }, times in ns; or with --pid { pid, readings,
seconds, nsPerPair, timers, highestId, idsUsed, idsPerDay, secondsNow,
secondsPerDay, daysToIntMax, unknown, spaces: [{ space, ids, idsUsed, idsPerDay,
secondsNow, secondsPerDay, daysToWrap, unknown }] }. What is not known is null,
with the reason beside it. With --facts it is the file of a target, with or
without --json (\`idspace plan --help\` lists its keys), with unseen and
assumed: [{ key, why }].

Exit codes: 0 measured, or listed · 2 misuse · 3 the kernel cannot be called, or
there is no such process.`;

/** Runs `idspace probe`. */
export async function probe(flags: ProbeFlags, terminal: Terminal): Promise<ExitCode> {
  if (flags.facts) return facts(flags, terminal);
  if (flags.pid === undefined) {
    for (const name of ['interval', 'nspp'] as const) {
      if (flags[name] === undefined) continue;
      throw misuse(`--${name}`, `'${flags[name]}' without --pid`, 'a process to watch');
    }
    return kernel(flags, terminal);
  }
  const { interval = INTERVAL } = flags;
  return process(flags.pid, interval, flags, terminal);
}

function facts(flags: ProbeFlags, terminal: Terminal): ExitCode {
  for (const name of ['pid', 'interval', 'nspp'] as const) {
    if (flags[name] !== undefined) throw misuse(`--${name}`, 'it beside --facts', 'one of them');
  }
  const found = factsHere();
  terminal.out.write(factsJson(found));
  terminal.err.write(`idspace probe: ${unseenText(found, { out: terminal.err, env: terminal.env })}`);
  return 0;
}

async function kernel({ json }: ProbeFlags, terminal: Terminal): Promise<ExitCode> {
  const { costs, ...found } = await withProgress(terminal, 'measuring timers', probeKernel);
  const others = await withProgress(terminal, 'measuring the other IDs', probeSpaces);
  const { idPolicy, idsSeen, restoreCall } = found;
  // biome-ignore format: what belongs together stands in a row
  const timers: ShownSpace = {
    space: 'timers', policy: idPolicy, seen: policySeen(idsSeen), canAsk: restoreCall, costs, unknown: null,
  };
  const spaces = [timers, ...others];
  const text = (): string => kernelProbeText(found, terminal, costs) + spacesText(spaces, terminal);
  terminal.out.write(json ? jsonText({ ...found, spaces }) : text());
  return 0;
}

async function process(pid: number, interval: number, flags: ProbeFlags, terminal: Terminal): Promise<ExitCode> {
  const nsPerPair = flags.nspp === 'measured' ? (await measuredRates()).nsPerPair : (flags.nspp ?? NS_PER_PAIR);
  const sightings = await withProgress(terminal, `watching process ${pid}`, (update) => {
    return watchProcess(pid, interval, update);
  });
  const debt = restoreDebt(sightings, nsPerPair);
  const spaces = idDebts(sightings, NS_PER_WATCH_PAIR);
  const how = { pid, readings: sightings.length, seconds: sightings.at(-1)!.at - sightings[0]!.at, nsPerPair };
  terminal.out.write(flags.json ? jsonText({ ...how, ...debt, spaces }) : debtText(debt, how, terminal, spaces));
  return 0;
}
