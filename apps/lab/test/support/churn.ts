// A process that makes a timer every few milliseconds and deletes the one before: the subject of tests that watch it.

import { openLiveProcess } from '@idspace/live-kernel';
import { CLOCK_MONOTONIC, SIGEV_NONE } from '@idspace/posix-timers';

const live = await openLiveProcess();
const step = Number(process.argv[2] ?? 1);
let last = live.timerCreate(CLOCK_MONOTONIC, { notify: SIGEV_NONE });
process.stdout.write('ready\n');
setInterval(() => {
  for (let i = 0; i < step; i++) {
    const next = live.timerCreate(CLOCK_MONOTONIC, { notify: SIGEV_NONE });
    live.timerDelete(last);
    last = next;
  }
}, 10);
