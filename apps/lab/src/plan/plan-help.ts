// What `idspace plan --help` teaches beside the flags.
import { TODAY } from './compare.ts';
import { kernelsHelp, reasonsHelp, restorersHelp, targetsHelp, warningsHelp } from './kinds-help.ts';

export const PLAN_HELP: string = `
Examples:
  idspace plan ./checkpoint  on Linux 6.18 with CRIU 4.2
  idspace plan web-1.tar.zst
      an archive of podman, CRI-O, containerd, the kubelet
  idspace plan /var/lib/kubelet/checkpoints
      a fleet: what needs attention first
  idspace plan --pid 1234 --tree --kernel 6.1
      a process not dumped yet, with its children
  ssh node1 cat web-1.tar.zst | idspace plan -
      from a pipe
  idspace plan ./checkpoint --kernel 6.1 --json
      the same on 6.1, for a script
  idspace plan ./checkpoint --kernel $(uname -r) --criu 4.2 --fail-over 30 \\
    --fail-on thread-cpu-clock
      a gate
  idspace plan ./checkpoint --kernel 6.1 --emit text
      the calls, a line for each run of equal ones
  idspace plan ./checkpoint --on node.json
      on a machine: are PIDs, terminals, … free there?
  idspace plan ./checkpoint --on live
      the same on this machine, as it is now
  idspace plan --on node.json
      what is known of that machine, and what is not
  idspace plan ./checkpoints --on nodes/
      a folder of such files: which can go where
  idspace plan ./checkpoint --matrix
      where will it restore, and where not?
  idspace plan ./checkpoint --emit c > restore.c
      a program that makes them, and verifies

What the output means:
  ∞          the restore never ends
  Strategy   restore-ids: CRIU asks the kernel for each ID (Linux 6.15+ with
             CRIU 4.2+) · create-at-id: each create names its ID · cursor: CRIU
             sets it before each create · dance: CRIU creates and deletes timers
             until the wanted ID comes · fill: it creates all timers up to the
             highest ID, then deletes those in between · none: the process has
             no timers
  Outcome    ok · depends: on what is not known of the target, or on the order
             in which processes make their creates · exceeds-limit:
             RLIMIT_SIGPENDING is hit · hangs: CRIU repeats the same calls
             forever · fails. Below the table is what CRIU prints then, with N
             for a number that varies. The outcome of timers is the worst of all
             processes. That of the restore is, with --on, the worst of its ID
             spaces; without, that of timers and of what fails on every machine
             (see Targets)
  Limit      CRIU creates the timers of all processes as one user, each under
             its own RLIMIT_SIGPENDING (--sigpending for all), beside what is
             already charged to that user (--sigq). If that is too little,
             creates are counted up to the refused one, as if the processes ran
             one after another
  Peak       most timers alive at the same time; Next ID is the ID that the
             process gets for its next timer
  Warnings   what fails, what succeeds but is wrong, and what no image holds;
             the table of a fleet counts those that are not true of every
             restore
  A fleet    first what could not be read, then what does not succeed, takes
             more than a second (or --fail-over) or has warnings; if there are
             more than five others, they share one row
  Time       of timers: deletes × --nspp + (creates − deletes) × 485 ns. Counts
             are exact. The rates are those of one machine, or of this one with
             --nspp measured; a target holds none. The first table adds up all
             IDs, and so does that of a fleet

Targets: --on takes a file that describes the machine to restore on, as
\`idspace probe --facts\` writes it there. With 'live' the facts of this machine
are taken (./live is a file of that name). The file is
  { "format": "idspace-target", "version": 1, … }
with any of these keys and no other. "taken" is [{ "number", "as": "pid" |
"zombie" | "tid" | "pgid" | "sid", "command", "pid", "kernelThread" }, …], the
last three where known; it and "ptysTaken" are complete if given.
${targetsHelp()}If a key that matters is missing, the outcome is "depends", with these
exceptions. kernel and criu stand for --kernel and --criu; without any of them,
${TODAY.kernel} and ${TODAY.criu} are assumed, and stderr says so. It is assumed silently that IDs
can be asked for (cannotAsk), that CRIU's own numbers are not needed (criuPid,
criuSid), that nothing is charged to its user yet (sigqOfCriuUser, userWatches),
and that no IPC namespace is joined. Without --on, the outcome is that of the
timers and of what fails on every machine with that kernel and CRIU. The first
line and the JSON name what depends on the machine; it does not count. With --on
or without, IDs whose images are not in the checkpoint are named and do not
count. Files, sockets and memory are not judged.

Several nodes: give --on more than once, or a folder, whose *.json files are
taken by name. A node has the name of its file. Two files of one name, a file
that is not a target, and a folder without targets are refused. Each checkpoint
is read once and planned for every node: how it ends there, why, and what it
would cost. It "can" go to a node where the outcome is ok, and "may" where it is
depends. Then each node is charged for all checkpoints that can or may go there,
as if all of them did: timers, inotify watches and files, AIO requests. If that
is too much, the node gets a reason of its own, and the number of checkpoints
that are sure to fit, the first in the order given. This changes no outcome and
trips no gate. It does not compare numbers that two checkpoints both want.
--shard i/n takes every n-th checkpoint. A Slurm array knows its part; a
Kubernetes indexed Job knows it with --shards n (see idspace sweep --help).
Merged, the parts are what one run prints, byte for byte:
  idspace plan ./checkpoints --on nodes/ --shard 2/4 --json > part-2.json
  idspace merge part-*.json --json > placement.json

Kernels: the ID that a create gives, and how to ask for a given one:
${kernelsHelp()}
Restorers:
${restorersHelp()}
The gate: --fail-over and --fail-on together pass a checkpoint only if its
outcome is ok, its calls for IDs take no longer than --fail-over says (a whole
restore takes longer), and it has none of the warnings that --fail-on names.
Every other outcome of the restore trips it, "depends" too, with or without a
time limit. stderr names what does not pass. IDs that do not count (see Targets)
do not trip it; stderr names what was passed without being judged. --fail-over
needs both --kernel and --criu, because the defaults are the fastest pair. On
several nodes, a checkpoint must pass on one. Warnings:
${warningsHelp()}
JSON: { checkpoints: [{ path, format, kernelRelease, criuVersion, containers: [{
name, id, pod }], pod, plan }, or { path, error: { code, message } } for one
that cannot be read, …] }, however many there are; what the input does not say
is null. A plan is { kernel, criu, nsPerPair, nsPerRestore, outcome, reasons: [{
space, code, outcome, ids, text, words, remedy }], spaces: [{ space, outcome,
asks, creates, deletes, seconds, left }], processes: […], totals }: outcome is
that of the restore, totals and processes are about timers alone; a process has
pid, timers, strategy, outcome, error, errno, creates, deletes, prctls,
peakTimers, nextId, seconds and warnings: [{ code, ids, text }], worst first,
with no ids where it is about the whole process; a timer has id, clock,
clockName, notify, signo, sival, interval and value: { sec, nsec }, overrun.
sival, sec and nsec are decimal strings, because JSON numbers lose bits above
2⁵³. Where outcome is "hangs", creates, deletes and seconds reach to the first
repetition only, after which CRIU goes on forever: test outcome before you read
them. --matrix --json adds rows: [{ criu, kernel, outcome, creates, deletes,
prctls, error, errno, refusedCreate, strategy, peakTimers, seconds }, …] beside
each plan; --kernel and --criu add a row and a column. For several nodes each
checkpoint has best (the node where it ends best, and is fastest), plan (for
that node), charges: { timers: [{ limit, timers }], watches, instances,
aioRequests } and nodes: [{ node, outcome, reason, asks, creates, deletes,
seconds }, …], where reason is the one that decides, or null if the outcome is
ok. Beside checkpoints there is placement: { idspace, shard, found, paths,
options, nodes: [{ node, kernel, criu, digest, limits, together: { ok, depends,
timers, watches, instances, aioRequests, outcome, reasons, fit } }, …] }, where
ok and depends count checkpoints and fit is how many are sure to fit; together
is null in a shard. The calls of --emit are those for timers alone; --emit text
says so where other IDs decide the outcome. --emit json adds them
(processes[].steps) to each plan. --emit c takes one PATH whose timers come or
may come back. Codes of reasons (docs/verdict.md of restore-planner says what
each means):
${reasonsHelp()}\`idspace rehearse\` makes the calls and verifies the results.

Exit codes: 0 planned, whatever the outcome, and passed where there is a gate ·
1 the gate tripped · 2 misuse · 3 a checkpoint or target cannot be read,
whatever the gate says of the others.`;
