// Logs of strace: a workload with timers, or a refusal that names the line.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type FuzzTargets, lines } from '@idspace/testkit/fuzz';
import { straceWorkload } from '../src/workloads/strace.ts';
import { StraceError } from '../src/workloads/strace-calls.ts';

const LOG = join(import.meta.dirname, '..', 'test', 'data', 'thread-pool.strace');

/** Calls of each kind that matters. */
const CALLS = `7 timer_create(CLOCK_MONOTONIC, {sigev_notify=SIGEV_NONE}, [0]) = 0
7 clone(child_stack=0x1, flags=CLONE_VM|CLONE_THREAD) = 8
7 timer_settime(0, 0, {it_value={tv_sec=1}}, NULL <unfinished ...>
8 timer_create(CLOCK_REALTIME, NULL, [1]) = 0
7 <... timer_settime resumed>) = 0
7 fork() = 9
9 execve("/bin/x", ["x"], 0x1 /* 3 vars */) = 0
8 timer_delete(1) = 0
8 +++ exited with 0 +++
7 --- SIGALRM {si_signo=SIGALRM} ---
7 timer_create(CLOCK_REALTIME, NULL, 0x5) = -1 EINVAL (Invalid argument)
7 +++ exited with 0 +++
`;

export const TARGETS: FuzzTargets = {
  strace: {
    seeds: () => {
      const log = readFileSync(LOG, 'latin1').split('\n');
      return [CALLS, log.slice(0, 60).join('\n'), log.slice(60, 120).join('\n'), log.slice(-40).join('\n')].map(
        (text) => new Uint8Array(Buffer.from(text)),
      );
    },
    structures: [lines],
    run: (input) => {
      try {
        const workload = straceWorkload(Buffer.from(input).toString('utf8').split('\n'), 'log');
        const live = new Set<number>();
        for (const event of workload.events()) {
          if (event.do !== 'create') continue;
          if (!(event.timer >= 0 && event.timer < workload.timers))
            throw new Error(`timer ${event.timer} of ${workload.timers}`);
          live.add(event.timer);
        }
        if (live.size !== workload.timers) throw new Error(`${live.size} timers, expected ${workload.timers}`);
      } catch (error) {
        if (!(error instanceof StraceError)) throw error;
      }
    },
  },
};
