// idspace rehearse: does the planned restore do what the plan says? Played on a model, or on the running kernel.

import type { ChildOptions } from '@idspace/live-kernel';
import { type ExecuteProgress, MATRIX_KERNELS, planRestore } from '@idspace/restore-planner';
import { CommandError, type ExitCode } from '../cli/failure.ts';
import { between, checkedBy, proposing } from '../cli/flag.ts';
import { startProgress } from '../cli/progress.ts';
import type { Shell } from '../cli/shell.ts';
import type { Terminal } from '../cli/terminal.ts';
import { jsonText } from '../format/json-text.ts';
import { count, counted } from '../format/number.ts';
import { checkpointAt, checkStandardInput } from '../plan/checkpoint-at.ts';
import { TODAY } from '../plan/compare.ts';
import { LIVE, targetAt } from '../plan/target-at.ts';
import { criuFlag, newerThanKnown } from '../plan/versions.ts';
import { rehearseIdsOnLive, rehearseIdsOnModel } from './ids/rehearse-ids.ts';
import { rehearseOnLive } from './on-live.ts';
import { rehearseOnModel } from './on-model.ts';
import { isRehearsed, isVerified, type Rehearsal } from './rehearsal.ts';
import { rehearsalText } from './rehearsal-text.ts';
import { type Target, targetName, targetOf } from './target.ts';
import { whatDiffers } from './verdict.ts';

export interface RehearseFlags {
  on: Target;
  criu: string;
  deprecated?: boolean;
  target?: string;
  maxSeconds: number;
  json?: boolean;
}

const DEFAULT_SECONDS = 10;
/** Of a timer of Node.js: 2³¹ − 1 ms. */
const MOST_BUDGET = 2_147_483;

/** Adds `idspace rehearse`. */
export function addRehearse(shell: Shell): void {
  shell
    .command('rehearse')
    .summary('play a planned restore on a model or on this kernel, and verify it; restores nothing')
    .description(
      'Plans the restore of a checkpoint, makes the planned system calls one by one, and verifies what comes: every ID, ' +
        'the listing in /proc, the times, the next ID. Then the other IDs: process and thread numbers, watch descriptors, ' +
        'SysV IDs, terminals, AIO rings. It is a rehearsal: no container is restored, and everything it makes is gone ' +
        'afterwards.',
    )
    .argument('<path>', 'a checkpoint, as for `idspace plan`; - is standard input')
    .requiredOption(
      '--on <where>',
      "'model:' and a kernel (see `idspace plan --help`), or 'live': this machine's kernel",
      proposing([LIVE, ...MATRIX_KERNELS.map((kernel) => `model:${kernel}`)], checkedBy(targetOf)),
    )
    .option('--criu <version>', 'CRIU to play', criuFlag, TODAY.criu)
    .option('--deprecated', 'CRIU is given --deprecated, and reads old images')
    .option(
      '--target <file>',
      "what the model has in use already: a target as for `idspace plan --on`, or 'live'",
      proposing([LIVE], (path: string) => path),
    )
    .option('--max-seconds <s>', 'budget: stop after this many seconds', between(0, MOST_BUDGET), DEFAULT_SECONDS)
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(shell.action((path: string, flags: RehearseFlags) => rehearse(path, flags, shell.terminal)));
}

const HELP = `
Examples:
  idspace rehearse ./checkpoint --on model:6.1 --criu 3.17
      the dance of 2013 on a model of Linux 6.1
  idspace rehearse ./checkpoint --on live  on this kernel, in a child process
  idspace rehearse ./checkpoint --on live --criu 4.1 --max-seconds 60
      the dance, for a minute at most
  idspace rehearse ./checkpoint --on model:6.18 --target node.json
      with what is in use on that node

First comes what \`idspace plan\` says of the same machine. The last line says
what becomes of the restore, and whether that went as planned.

What the output means: ✓ as planned · ✗ not as planned · ! in the way, as
planned · – could not be looked at · ~ replaced, or
open
  calls      each returned what the plan says, refusals included; IDs are
             compared one by one
  listing    /proc/PID/timers shows the planned timers, newest first
  settings   the timers take the times that CRIU sets at the end, and return
             them
  charges    RLIMIT_SIGPENDING: the number charged is the number of timers (on a
             model)
  next ID    one more timer gets the ID that the plan says
  clean-up   everything that was made is deleted
  sigevents  with --on live: the kernel accepts the signals that were replaced
  not seen   what the plan says but was not checked; the plan is then not
             verified
  played in  wall time of the calls, made from JavaScript; \`idspace plan\`
             estimates the time of CRIU
A plan that fails, hangs or exceeds a limit is played up to that point. It is
verified if it ends there as planned: verified means that the plan is right, not
that the restore works.

Other IDs, a line for each space:
  ids        each came as the plan says, or did not come where the plan says so
  target     the known facts of the target allow it: no PID is taken, every ring
             fits
  open       what is not known of the target, and was assumed to be free or
             large enough
They are verified if all of the plan was checked, and every ID came or did not
come as it says.

On a model the timers of all processes are charged to one user, as they are to
CRIU's. The model's other IDs are free, except those that --target says are in
use. --on live plans for this machine, as \`idspace plan --on live\` does. It
makes the timers in a child process, which has an ID space of its own, under the
RLIMIT_SIGPENDING of the checkpoint. Signals of timers would disturb the
runtime: such timers are made with SIGEV_NONE, CPU clocks of other processes
become the child's own, and the output says so. It asks for the other IDs in new
PID, IPC and mount namespaces (as root, or where unprivileged user namespaces
are allowed; x86-64), and checks what is in use on this machine. Ctrl-C and
--max-seconds stop it and clean up.

JSON: { on, kernel, criu, restoresContainer: false, outcome, verified,
stoppedBy: null | "max-seconds" | "interrupt", maxSeconds, processes: [{ pid,
timers, outcome, error, ending: "as-planned" | "differs" | "stopped", creates,
deletes, prctls, ofCalls, restored: [id], checks: [{ check, ok: true | false |
null, text }], substitutions: [{ ids, text }], unverified: [text], differences:
[{ step, call, expected, got }], seconds }], spaces: [{ space, container,
outcome, ids, restored, asks, creates, deletes, ending: as above | "not-played",
verified, checks: [{ check: "ids" | "target", ok, text }], open: [text],
unverified: [text], seconds }] }

Exit codes: 0 nothing differed from the plan, whether the restore works or fails
by it, or was not played · 1 something was not as planned, or --max-seconds or
Ctrl-C stopped it before all was played · 2 misuse · 3 the checkpoint cannot be
read, or the kernel cannot be called.`;

/** Runs `idspace rehearse`. @param child How the child process of a live rehearsal is started, for tests. */
export async function rehearse(
  path: string,
  { on, criu, deprecated = false, target: targetPath, maxSeconds, json }: RehearseFlags,
  terminal: Terminal,
  child: Pick<ChildOptions<ExecuteProgress>, 'execArgv'> = {},
): Promise<ExitCode> {
  checkStandardInput([path], terminal);
  if (on.kind === 'live' && targetPath !== undefined) {
    throw new CommandError('misuse', '--target: got it with --on live, which looks at this machine itself');
  }
  const where = on.kind === 'live' ? LIVE : targetPath;
  const target = where === undefined ? undefined : await targetAt(where, terminal.folder);
  const checkpoint = await checkpointAt(path, terminal);
  const { kernel } = on;
  for (const note of newerThanKnown({ kernel, criu })) terminal.err.write(`idspace rehearse: ${note}\n`);
  const plan = planRestore(checkpoint, {
    kernel,
    criu,
    deprecated,
    ...(target === undefined ? { sigq: 0 } : { target }),
  });
  const stop = stopper(maxSeconds);
  const bar = startProgress(terminal, 'calls');
  const onProgress = ({ done, total, lastId }: ExecuteProgress): void =>
    bar.update(done / total, `${count(done)} of ${counted(total, 'call')}, ID ${count(lastId)}`);
  try {
    const options = { signal: stop.signal, onProgress };
    const how = { kernel, criu, deprecated, signal: stop.signal };
    const [processes, spaces] =
      on.kind === 'live'
        ? [
            await rehearseOnLive(checkpoint, plan, target ?? {}, options, child),
            await rehearseIdsOnLive(checkpoint, { ...how, target: target! }, child),
          ]
        : [
            await rehearseOnModel(kernel, checkpoint, plan, options, target),
            await rehearseIdsOnModel(checkpoint, target, how),
          ];
    const ended =
      spaces.some(({ ending }) => ending === 'stopped') ||
      processes.some(({ ending }) => ending === 'stopped') ||
      processes.length < plan.processes.filter(isRehearsed).length;
    const stoppedBy = ended ? stop.reason() : null;
    const isPlayed = processes.length + spaces.length > 0 || plan.outcome === 'ok';
    const verified = stoppedBy === null && isPlayed && isVerified(processes) && spaces.every((space) => space.verified);
    const rehearsal: Rehearsal = {
      on: targetName(on),
      kernel,
      criu,
      restoresContainer: false,
      outcome: plan.outcome,
      verified,
      stoppedBy,
      maxSeconds,
      processes,
      spaces,
    };
    bar.stop();
    terminal.out.write(
      json ? jsonText(rehearsal) : rehearsalText(path, rehearsal, plan, target !== undefined, terminal),
    );
    return whatDiffers(rehearsal) !== null || stoppedBy !== null ? 1 : 0;
  } finally {
    bar.stop();
    stop.dispose();
  }
}

/** What ends a rehearsal early: its budget, or the first Ctrl-C; a second Ctrl-C ends the program as usual. */
function stopper(maxSeconds: number): {
  signal: AbortSignal;
  reason: () => 'max-seconds' | 'interrupt';
  dispose: () => void;
} {
  const controller = new AbortController();
  const interrupt = (): void => controller.abort('interrupt');
  const budget = setTimeout(() => controller.abort('max-seconds'), maxSeconds * 1000);
  process.once('SIGINT', interrupt);
  return {
    signal: controller.signal,
    reason: () => (controller.signal.reason === 'interrupt' ? 'interrupt' : 'max-seconds'),
    dispose: () => {
      clearTimeout(budget);
      process.off('SIGINT', interrupt);
    },
  };
}
