// What `idspace plan --help` teaches beside the flags.
import { TODAY } from './compare.ts';
import { kernelsHelp, reasonsHelp, restorersHelp, targetsHelp, warningsHelp } from './kinds-help.ts';

export const PLAN_HELP: string = `
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
  idspace plan ./checkpoints --on nodes/                   a folder of such files: which can go where
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
  Peak       most timers alive at the same time; Next ID is what the process gets for its next timer
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

Several nodes: --on given more than once, or with a folder, of which the files *.json are taken by name. A
node is called like its file. Two of one name, a file that is no target and a folder without any are
refused. Each checkpoint is read once, and planned for every node: how it ends there, why, and what it would
cost. It "can" go to a node where the outcome is ok, and "may" where that is depends. Each node is then
charged for all that can or may go there, as if all of them did: timers, inotify watches and files, AIO
requests. What is too much is told of the node, by a reason of its own, with how many are sure to fit, the
first in the order given. It changes the outcome of no pair and trips no gate. Numbers that two checkpoints
both want on one node are not compared.
--shard i/n takes every n-th checkpoint. A Slurm array tells its part itself, a Kubernetes indexed Job with
--shards n (see idspace sweep --help). Merged, the parts are what one run prints, byte for byte:
  idspace plan ./checkpoints --on nodes/ --shard 2/4 --json > part-2.json
  idspace merge part-*.json --json > placement.json

Kernels, by the ID a create gives, and how one can be asked for:
${kernelsHelp()}
Restorers:
${restorersHelp()}
The gate: --fail-over and --fail-on together pass a checkpoint only if its outcome is ok, its restore takes no
longer than --fail-over says, and it has none of the warnings that --fail-on names; all other outcomes trip
it, with or without a limit of time. What does not pass stands on stderr. --fail-over wants both --kernel and
--criu, as the defaults are the fastest pair there is. On several nodes, a checkpoint must pass on one.
Warnings:
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
For several nodes each checkpoint has best (the node where it ends best, and is fastest), plan (for that node),
charges: { timers: [{ limit, timers }], watches, instances, aioRequests } and nodes: [{ node, outcome, reason,
asks, creates, deletes, seconds }, …], reason being the one that decides, null where the outcome is ok. Beside
checkpoints stands placement: { idspace, shard, found, paths, options, nodes: [{ node, kernel, criu, digest,
limits, together: { ok, depends, timers, watches, instances, aioRequests, outcome, reasons, fit } }, …] }, where
ok and depends count checkpoints and fit is how many are sure to fit; together is null in a shard.
--emit json adds the calls (processes[].steps) to each plan. --emit c takes one PATH and a plan that succeeds
or may.
Codes of reasons (the README of restore-planner says what each means):
${reasonsHelp()}\`idspace rehearse\` makes the calls and verifies what comes.

Exit codes: 0 planned, whatever the outcome, and passed where there is a gate · 1 the gate tripped · 2 misuse
· 3 a checkpoint or target cannot be read, whatever the gate says of the others.`;
