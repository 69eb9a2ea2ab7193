// Plays the scripts of a single process on the running kernel, in this one, by FFI.

import {
  CLOCK_MONOTONIC,
  errnoName,
  FAULT,
  type IdPointer,
  type Itimerspec,
  PR_TIMER_CREATE_RESTORE_IDS,
  SIGEV_NONE,
  type Sigevent,
} from '@idspace/posix-timers';
import { listedIds, normalizeListing, type Observation, type Step } from '@idspace/posix-timers/conformance';
import type { LiveProcess } from '../../src/live-process.ts';
import { INT_MAX } from '../../src/probe/int-max.ts';
import type { Oracle, Played } from './oracle.ts';

const NONE: Sigevent = { notify: SIGEV_NONE };
/** Where the value of every sigevent comes from: the form has one for all. */
const SIGVAL = 0x5a5a;
const POINTERS: Readonly<Record<string, IdPointer>> = {
  ok: 'ok',
  NULL: 'null',
  unmapped: 'unmapped',
  'read-only': 'read-only',
};
/** A thread of a process that is not this one: that of init. */
const FOREIGN_TID = 1;

/** This process as the oracle. While it plays, nothing else here may make timers. */
export class LiveOracle implements Oracle {
  private readonly live: LiveProcess;

  constructor(live: LiveProcess) {
    this.live = live;
  }

  play(steps: readonly Step[]): Promise<Played> {
    this.reset();
    const played: { step: Step; observation: Observation }[] = [];
    for (const step of steps) {
      const observation = this.playStep(step);
      if (observation !== null) played.push({ step, observation });
    }
    return Promise.resolve({
      steps: played.map(({ step }) => step),
      observed: played.map(({ observation }) => observation),
    });
  }

  close(): void {
    this.reset();
  }

  /** Deletes all timers; making the last ID and deleting it brings the next one back to 0. */
  private reset(): void {
    const { live } = this;
    for (const id of listedIds(live.procTimers())) live.timerDelete(id);
    live.prctl(PR_TIMER_CREATE_RESTORE_IDS, 1);
    live.timerDelete(live.timerCreate(CLOCK_MONOTONIC, NONE, INT_MAX));
    live.prctl(PR_TIMER_CREATE_RESTORE_IDS, 0);
  }

  /** Returns null for a step that cannot be made here: a signal would hit the runtime. */
  private playStep(step: Step): Observation | null {
    const { live } = this;
    const number = (field: string): number => (step[field] as number | undefined) ?? 0;
    switch (step.op) {
      case 'timer_create':
        return this.create(step);
      case 'timer_delete':
        return answer(live.timerDelete(number('id')));
      case 'timer_getoverrun':
        return answer(live.timerGetoverrun(number('id')));
      case 'timer_gettime':
        return this.gettime(number('id'));
      case 'timer_settime':
        return this.settime(number('id'), number('flags'), setting(number('value_ms'), number('interval_ms')));
      case 'create_delete_pairs':
        return this.pairs(number('count'));
      case 'prctl':
        return answer(
          live.prctl(PR_TIMER_CREATE_RESTORE_IDS, number('arg2'), number('arg3'), number('arg4'), number('arg5')),
        );
      case 'read': {
        const text = live.procTimers();
        const id_order = listedIds(text);
        return { pid: live.pid, text_normalized: normalizeListing(text, live.pid), id_order };
      }
      default:
        throw new Error(`the live oracle has no "${step.op}"`);
    }
  }

  private create(step: Step): Observation {
    const { live } = this;
    const buffer = { id: step.id_in as number, idPointer: POINTERS[step.id_ptr as string]! };
    const result = live.timerCreate(step.clockid as number, this.sigevent(step.sigevent), buffer);
    if (result >= 0) return { ret: 0, id: result };
    const written = live.lastWrittenId;
    return { ...answer(result), id_buf_after: written === -1 ? 'unchanged' : written };
  }

  private sigevent(value: unknown): Sigevent | null | typeof FAULT {
    if (value === null) return null;
    if (value === 'bad-pointer') return FAULT;
    const { notify, signo, tid } = value as { notify: number; signo: number; tid?: unknown };
    const { pid } = this.live; // The main thread's ID is the process's.
    const tids = new Map<unknown, number>([
      ['self', pid],
      ['leader', pid],
      ['other', FOREIGN_TID],
    ]);
    return { notify, signo, value: SIGVAL, tid: tids.get(tid) ?? 0 };
  }

  private gettime(id: number): Observation {
    const now: Itimerspec = { valueSec: 0, valueNsec: 0, intervalSec: 0, intervalNsec: 0 };
    const result = this.live.timerGettime(id, now);
    if (result < 0) return answer(result);
    const armed = now.valueSec !== 0 || now.valueNsec !== 0;
    return { ret: 0, armed, interval_ns: now.intervalSec * 1e9 + now.intervalNsec };
  }

  private settime(id: number, flags: number, setting: Itimerspec): Observation | null {
    try {
      return answer(this.live.timerSettime(id, flags, setting));
    } catch (error) {
      if (error instanceof RangeError) return null;
      throw error;
    }
  }

  private pairs(count: number): Observation {
    let last_id = -1;
    let failures = 0;
    for (let i = 0; i < count; i++) {
      const id = this.live.timerCreate(CLOCK_MONOTONIC, NONE);
      if (id < 0 || this.live.timerDelete(id) !== 0) failures++;
      else last_id = id;
    }
    return { last_id, failures };
  }
}

function answer(result: number): Observation {
  return result < 0 ? { ret: -1, errno: errnoName(result) } : { ret: result };
}

function setting(valueMs: number, intervalMs: number): Itimerspec {
  const sec = (ms: number): number => Math.trunc(ms / 1000);
  const nsec = (ms: number): number => (ms - sec(ms) * 1000) * 1e6;
  return {
    valueSec: sec(valueMs),
    valueNsec: nsec(valueMs),
    intervalSec: sec(intervalMs),
    intervalNsec: nsec(intervalMs),
  };
}
