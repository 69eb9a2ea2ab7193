// A machine of a few CPUs that create and delete timers of one process, a step at a time. Small enough that all its
// states can be visited: the ID space has a few IDs, and a step is what no other CPU can come between.
// Source: posix_timer_add, kernel/time/posix-timers.c of the releases named in release.ts: order of steps, as described.
import type { Allocation } from '../release-traits.ts';

/** The rule of one release, on a small ID space. */
export interface Rule {
  readonly allocation: Allocation;
  /** IDs 0…ids−1 stand for 0…INT_MAX. */
  readonly ids: number;
}

/** A k_itimer, as a search for a free ID sees it. */
export interface Timer {
  /** In the hash table or tree. */
  readonly hashed: boolean;
  readonly id: number;
  /** it_signal: no process's yet, the process's but not yet valid, or the process's. */
  readonly signal: 'null' | 'reserved' | 'valid';
}

/** What a CPU does and holds in its registers. */
export interface Cpu {
  /** The step it makes next. */
  readonly at:
    | 'start'
    | 'take'
    | 'lock'
    | 'probe'
    | 'count'
    | 'wrap'
    | 'leave'
    | 'name'
    | 'publish'
    | 'delete'
    | 'done';
  /** Creates to be done, the one going on included; each but the last is followed by a delete. */
  readonly creates: number;
  readonly first: number;
  readonly candidate: number;
  readonly found: boolean;
  /** Probes of this search; not counted under `unlocked-start`. */
  readonly probes: number;
  /** What the last create returned: the ID, or −1 for EAGAIN. */
  readonly result: number;
}

/** All that the two CPUs share, and where each of them is. Plain data that never changes. */
export interface State {
  /** The process's next ID; −ids where the real one, a signed 32-bit number, has just overflowed. */
  readonly next: number;
  /** Holder of each lock, −1 if free. The hash before 6.15 and the trees have one, later ones one per bucket, here per ID. */
  readonly locks: readonly number[];
  /** The timer of each CPU, then those that stay. */
  readonly timers: readonly Timer[];
  readonly cpus: readonly Cpu[];
}

/** What a step changes, and how a schedule tells it. */
interface Step {
  cpu?: Partial<Cpu>;
  timer?: Partial<Timer>;
  next?: number;
  lock?: 'take' | 'give';
  text: string;
}

const NO_TIMER: Timer = { hashed: false, id: 0, signal: 'null' };

/** The machine before its first step: CPU i is to make so many creates, and the IDs in `busy` are in use. */
export function boot(rule: Rule, creates: readonly number[], busy: readonly number[]): State {
  const idle = { first: 0, candidate: 0, found: false, probes: 0, result: -1 };
  return {
    next: 0,
    locks: Array<number>(rule.ids).fill(-1),
    timers: [...creates.map(() => NO_TIMER), ...busy.map((id): Timer => ({ hashed: true, id, signal: 'valid' }))],
    cpus: creates.map((count) => ({ at: firstStep(rule), creates: count, ...idle })),
  };
}

/** Makes the next step of a CPU. Returns the new state and what was done, or null if it has ended or must wait. */
export function advance(rule: Rule, state: State, index: number): { state: State; text: string } | null {
  const cpu = state.cpus[index];
  const lock = rule.allocation === 'reserved' ? cpu.candidate : 0;
  if (cpu.at === 'done' || (cpu.at === 'lock' && state.locks[lock] >= 0)) return null;
  const step = stepOf(rule, state, cpu, state.timers[index]);
  return {
    text: `CPU ${index} ${step.text}`,
    state: {
      next: step.next ?? state.next,
      locks: step.lock === undefined ? state.locks : state.locks.with(lock, step.lock === 'take' ? index : -1),
      timers:
        step.timer === undefined ? state.timers : state.timers.with(index, { ...state.timers[index], ...step.timer }),
      cpus: state.cpus.with(index, { ...cpu, ...step.cpu }),
    },
  };
}

function firstStep({ allocation }: Rule): Cpu['at'] {
  return allocation === 'unlocked-start' ? 'start' : allocation === 'reserved' ? 'take' : 'lock';
}

function stepOf(rule: Rule, state: State, cpu: Cpu, timer: Timer): Step {
  const { next } = state;
  switch (cpu.at) {
    case 'start':
      return { cpu: { at: 'lock', first: next }, text: `reads where its search begins, without the lock: ${next}` };
    case 'take': {
      const then = (next + 1) % rule.ids;
      return { cpu: { at: 'lock', candidate: next }, next: then, text: `takes ${next} off the counter` };
    }
    case 'lock':
      return { cpu: { at: 'probe' }, lock: 'take', text: 'takes the lock' };
    case 'probe':
      return probe(rule, state, cpu);
    case 'count': {
      const counted = next + 1 === rule.ids ? -rule.ids : next + 1;
      return { cpu: { at: 'wrap' }, next: counted, text: `increments the counter to ${counted}` };
    }
    case 'wrap':
      return {
        cpu: { at: 'leave' },
        next: Math.max(next, 0),
        text: `finds the counter ${next < 0 ? 'negative, sets it to 0' : 'in range'}`,
      };
    case 'leave':
      return leave(rule, state, cpu);
    case 'name':
      return {
        cpu: { at: 'publish' },
        timer: { id: cpu.candidate },
        text: `writes the ID into its timer: ${cpu.candidate}`,
      };
    case 'publish': {
      const at = cpu.creates > 1 ? 'delete' : 'done';
      return {
        cpu: { at, result: cpu.candidate },
        timer: { signal: 'valid' },
        text: `publishes its timer; timer_create returns ${cpu.candidate}`,
      };
    }
    default:
      return {
        cpu: { at: firstStep(rule), creates: cpu.creates - 1, first: 0, candidate: 0, found: false, probes: 0 },
        timer: NO_TIMER,
        text: `deletes timer ${timer.id}`,
      };
  }
}

/** Looks a candidate up and takes it if it is free, under the lock. */
function probe(rule: Rule, state: State, cpu: Cpu): Step {
  const { allocation, ids } = rule;
  // Not where nothing depends on it: an endless search would have endlessly many states.
  const probes = allocation === 'unlocked-start' ? 0 : cpu.probes + 1;
  if (isLocked(rule)) {
    const candidate = freeInTree(rule, state);
    if (candidate < 0) return { cpu: { at: 'leave', probes }, text: 'finds no free ID' };
    const registers = { at: 'leave', candidate, found: true, probes } as const;
    const timer = { hashed: true, id: candidate, signal: 'null' } as const;
    return { cpu: registers, timer, next: (candidate + 1) % ids, text: `takes ID ${candidate}` };
  }
  const candidate = allocation === 'reserved' ? cpu.candidate : state.next;
  const at = allocation === 'unlocked-start' ? 'count' : 'leave';
  const next = allocation === 'counted' ? (candidate + 1) % ids : state.next;
  const found = !isBusy(state, candidate);
  const cpuAfter = { at, candidate, found, probes } as const;
  if (!found) return { cpu: cpuAfter, next, text: `finds ID ${candidate} busy` };
  // Before 6.15 the timer goes into the table blank: neither its ID nor its process can be seen there yet.
  const timer: Timer =
    allocation === 'reserved'
      ? { hashed: true, id: candidate, signal: 'reserved' }
      : { hashed: true, id: 0, signal: 'null' };
  const how = allocation === 'reserved' ? 'reserved' : 'still blank';
  return { cpu: cpuAfter, timer, next, text: `finds ID ${candidate} free, hashes its timer, ${how}` };
}

/** Leaves the lock: with an ID, for another probe, or with EAGAIN. */
function leave(rule: Rule, state: State, cpu: Cpu): Step {
  const { allocation, ids } = rule;
  const unlocks = { lock: 'give' } as const;
  if (cpu.found) {
    const at = allocation === 'unlocked-start' || allocation === 'counted' ? 'name' : 'publish';
    return { ...unlocks, cpu: { at }, text: 'gives the lock back' };
  }
  const isOver = allocation === 'unlocked-start' ? state.next === cpu.first : isLocked(rule) || cpu.probes === ids;
  if (isOver) return { ...unlocks, cpu: { at: 'done', result: -1 }, text: 'gives up: timer_create returns -EAGAIN' };
  const again = allocation === 'reserved' ? 'take' : 'lock';
  const why = allocation === 'unlocked-start' ? `; ${state.next} is not where it began` : '';
  return { ...unlocks, cpu: { at: again }, text: `gives the lock back for another try${why}` };
}

/** Says whether the hash table shows a timer of the process with this ID. */
function isBusy({ timers }: State, id: number): boolean {
  return timers.some((timer) => timer.hashed && timer.signal !== 'null' && timer.id === id);
}

/** Whether an ID is found and taken within one lock. */
function isLocked({ allocation }: Rule): boolean {
  return allocation === 'locked' || allocation === 'locked-next';
}

/** The ID that a tree hands out; −1 if it is full. A tree knows its IDs by their place, whatever the timers say. */
function freeInTree({ ids, allocation }: Rule, { next, timers }: State): number {
  const from = allocation === 'locked-next' ? next : 0;
  for (let i = 0; i < ids; i++) {
    const id = (from + i) % ids;
    if (!timers.some((timer) => timer.hashed && timer.id === id)) return id;
  }
  return -1;
}
