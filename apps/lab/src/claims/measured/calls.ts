// What single calls return: restore mode at its edges, and when an ID is used up. Made on the models, one after the other.

import {
  CLOCK_MONOTONIC,
  errnoName,
  FAULT,
  Kernel,
  PR_TIMER_CREATE_RESTORE_IDS,
  type Process,
  SIGEV_NONE,
} from '@idspace/posix-timers';
import { INT_MAX } from '../../int-max.ts';
import { type Claim, holdsIf } from '../claim.ts';

const INT_MIN = -(2 ** 31);
const [EFAULT, EBUSY, EINVAL] = [-14, -16, -22];
const NONE = { notify: SIGEV_NONE };

/** A call with what is said to come and what came: an ID, 0, or −errno. */
export interface CallResult {
  call: string;
  said: number;
  got: number;
}

export interface CallFigures {
  kernel: string;
  calls: CallResult[];
}

/** Makes calls on a process and keeps what they return. */
class Caller {
  readonly calls: CallResult[] = [];
  process: Process;

  constructor(release: string) {
    this.process = new Kernel({ release }).spawn();
  }

  create(said: number, id = -1): void {
    const call = id === -1 ? 'create' : `create ${id}`;
    this.note(call, said, this.process.timerCreate(CLOCK_MONOTONIC, NONE, id));
  }

  restoreMode(on: 0 | 1, said: number): void {
    this.note(on === 1 ? 'mode on' : 'mode off', said, this.process.prctl(PR_TIMER_CREATE_RESTORE_IDS, on));
  }

  note(call: string, said: number, got: number): void {
    this.calls.push({ call, said, got });
  }
}

export function restoreMode(): CallFigures {
  const caller = new Caller('6.18');
  caller.restoreMode(1, 0);
  caller.create(5, 5);
  caller.create(EBUSY, 5);
  caller.note('create −1', EINVAL, caller.process.timerCreate(CLOCK_MONOTONIC, NONE, { id: -1 }));
  caller.note('create −2147483648', EINVAL, caller.process.timerCreate(CLOCK_MONOTONIC, NONE, INT_MIN));
  const nowhere = caller.process.timerCreate(CLOCK_MONOTONIC, NONE, { idPointer: 'null' });
  caller.note('create, no buffer', EFAULT, nowhere);
  caller.create(INT_MAX, INT_MAX);
  caller.create(3, 3);
  caller.restoreMode(0, 0);
  for (const id of [4, 6, 7]) caller.create(id);
  const older = new Caller('6.14');
  caller.note('mode on, Linux 6.14', EINVAL, older.process.prctl(PR_TIMER_CREATE_RESTORE_IDS, 1));
  return { kernel: '6.18', calls: caller.calls };
}

export function usedUp(): CallFigures {
  const caller = new Caller('6.18');
  for (const id of [0, 1, 2]) caller.create(id);
  const bad = caller.process.timerCreate(CLOCK_MONOTONIC, { notify: 99 });
  caller.note('create, bad sigevent', EINVAL, bad);
  caller.create(4);
  caller.note('create, no sigevent', EFAULT, caller.process.timerCreate(CLOCK_MONOTONIC, FAULT));
  caller.process.exec();
  caller.create(5);
  caller.process = caller.process.fork();
  caller.note('create in a fork', 0, caller.process.timerCreate(CLOCK_MONOTONIC, NONE));
  return { kernel: '6.18', calls: caller.calls };
}

function resultOf(result: number): string {
  return result < 0 ? errnoName(result) : String(result);
}

function judge({ kernel, calls }: CallFigures): ReturnType<typeof holdsIf> {
  const wrong = calls.filter(({ said, got }) => got !== said);
  const told = calls.map(
    ({ call, said, got }) => `${call}: ${resultOf(got)}${got === said ? '' : ` (said: ${resultOf(said)})`}`,
  );
  const text = `Linux ${kernel}, ${calls.length - wrong.length} of ${calls.length} as said. ${told.join('; ')}.`;
  return holdsIf(wrong.length === 0, text);
}

export const CALL_CLAIMS: readonly Claim<CallFigures>[] = [
  {
    id: '14',
    claim:
      'Restore mode: a taken ID is EBUSY, one below 0 EINVAL, no buffer EFAULT; IDs go on after the last restored one',
    source: 'ec2d0c04624b, March 2025; seen on Linux 6.18.44',
    measure: (lab) => lab.once(restoreMode),
    judge,
  },
  {
    id: '15',
    claim: 'A create that fails late uses its ID up; the counter outlives exec and starts at 0 in a fork',
    source: 'kernel/time/posix-timers.c; seen on Linux 6.18.44',
    measure: (lab) => lab.once(usedUp),
    judge,
  },
];
