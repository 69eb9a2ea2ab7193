// Machine: a kernel with one process on a CPU with caches, driven call by call.
import { CacheSim } from '@idspace/cache-sim';
import { hardwareNamed } from '@idspace/evaluation';
import {
  type Access,
  type CallCost,
  CallMeter,
  CallRecorder,
  type DesignLayout,
  type Operation as TableOperation,
} from '@idspace/evaluation/calls';
import {
  type DesignName,
  errnoName,
  Kernel,
  PR_TIMER_CREATE_RESTORE_IDS,
  type Process,
  SIGEV_NONE,
  type TimerTable,
} from '@idspace/posix-timers';
import { copyState } from './copy-state.ts';
import { grouped } from './grouped.ts';
import { LiveIds } from './live-ids.ts';
import type { Operation } from './operations.ts';
import type { Setup } from './setup.ts';

const CLOCK_MONOTONIC = 1;
const SIGEVENT = { notify: SIGEV_NONE };
/** The first process of a kernel, in its table. */
export const PROCESS = 1;

export type CallName = 'timer_create' | 'timer_delete' | 'timer_gettime' | 'prctl' | 'setrlimit';

/** A system call that was made. */
export interface Call {
  readonly name: CallName;
  /** The ID that it is about or asks for, prctl's switch, setrlimit's number; −1 where there is none. */
  readonly argument: number;
  /** What it returned: an ID, 0, or −errno. */
  readonly result: number;
  /** Its memory accesses in program order, each with the level that served it. Empty where it was not recorded or has none. */
  readonly accesses: readonly Access[];
  /** What it cost; null where it was not recorded or touches no table. */
  readonly cost: CallCost | null;
}

const TABLE_OPERATION: Readonly<Partial<Record<CallName, TableOperation>>> = {
  timer_create: 'create',
  timer_gettime: 'lookup',
  timer_delete: 'delete',
};

/** All that a call changes: what a copy of a moment holds. */
interface State {
  readonly kernel: Kernel;
  readonly process: Process;
  readonly meter: CallMeter;
  readonly layout: DesignLayout;
  readonly live: LiveIds;
  /** The ID that the last create of a pair or of churn got. */
  created: number;
}

export class Machine {
  readonly setup: Setup;
  private readonly state: State;
  private readonly recorder: CallRecorder;

  /** @throws RangeError for a setup out of range. */
  constructor(setup: Setup, state?: State) {
    this.setup = setup;
    const { release, cpus, seed } = setup;
    const kernel = state?.kernel ?? new Kernel({ release, cpus, seed });
    const meter = state?.meter ?? withPlainState(() => new CallMeter(hardwareNamed(setup.hardware)));
    this.recorder = new CallRecorder(kernel.table, cpus, meter, state?.layout);
    this.state = state ?? {
      kernel,
      process: kernel.spawn(),
      meter,
      layout: this.recorder.layout,
      live: new LiveIds(seed),
      created: -1,
    };
  }

  /** The kernel's table: what the pictures show is read from it. */
  get table(): TimerTable {
    return this.state.kernel.table;
  }

  get design(): DesignName {
    return this.table.design as DesignName;
  }

  get process(): Process {
    return this.state.process;
  }

  get live(): LiveIds {
    return this.state.live;
  }

  get meter(): CallMeter {
    return this.state.meter;
  }

  /** Copies it: both go on from here, each for itself. */
  copy(): Machine {
    this.recorder.detach();
    return new Machine(this.setup, copyState(this.state));
  }

  /** Makes call number `index` of an operation, recorded. */
  perform(run: Operation, index: number): Call {
    const { name, argument } = this.next(run, index);
    const operation = TABLE_OPERATION[name];
    if (operation === undefined) return { name, argument, result: this.make(name, argument), accesses: [], cost: null };
    const { meter, recorder } = this;
    meter.begin();
    const result = recorder.record(operation, () => this.make(name, argument));
    this.note(name, argument, result);
    const cost = meter.cost(operation, this.design, this.setup.cpus);
    return { name, argument, result, accesses: meter.accesses, cost };
  }

  /**
   * Makes the calls `from` … `to` − 1 of an operation unrecorded. The caches get the lines of the timers that are created.
   *
   * @returns The last call.
   */
  skip(run: Operation, from: number, to: number): Call {
    this.recorder.detach();
    let last: Call | undefined;
    for (let index = from; index < to; index++) {
      if (run.kind === 'pairs' && index % 2 === 0 && to - index >= 4) {
        const wanted = Math.floor((to - index) / 2) - 1;
        const { pairs, created } = this.process.createDeletePairs(CLOCK_MONOTONIC, SIGEVENT, wanted);
        index += 2 * pairs;
        if (pairs < wanted) {
          // The create after them has failed; its delete comes now.
          this.state.created = created;
          index++;
        }
      }
      const { name, argument } = this.next(run, index);
      const timer = this.table.timers.next;
      const result = this.make(name, argument);
      this.note(name, argument, result);
      // A pair's timer is gone again, and its memory is the next one's.
      if (name === 'timer_create' && result >= 0 && run.kind !== 'pairs') {
        this.recorder.passCreate(PROCESS, timer, this.treeIndex(result), (address) => this.meter.warm(address));
      }
      last = { name, argument, result, accesses: [], cost: null };
    }
    return last!;
  }

  /** What call number `index` of an operation is, now. */
  private next({ kind, count, first, step }: Operation, index: number): { name: CallName; argument: number } {
    const { state } = this;
    const id = first + index * step;
    switch (kind) {
      case 'create':
        return { name: 'timer_create', argument: -1 };
      case 'restore':
        if (index === 0 || index > count) return { name: 'prctl', argument: index === 0 ? 1 : 0 };
        return { name: 'timer_create', argument: id - step };
      case 'delete':
        return { name: 'timer_delete', argument: id };
      case 'delete-random':
        return { name: 'timer_delete', argument: state.live.pick() };
      case 'lookup':
        return { name: 'timer_gettime', argument: id };
      case 'lookup-random':
        return { name: 'timer_gettime', argument: state.live.pick() };
      case 'churn':
        if (index % 2 === 0) return { name: 'timer_delete', argument: state.live.pick() };
        return { name: 'timer_create', argument: -1 };
      case 'pairs':
        if (index % 2 === 0) return { name: 'timer_create', argument: -1 };
        return { name: 'timer_delete', argument: state.created };
      case 'limit':
        return { name: 'setrlimit', argument: first };
      case 'want':
        throw new RangeError('want: got a call of it; expected none');
    }
  }

  private make(name: CallName, argument: number): number {
    const { process } = this;
    switch (name) {
      case 'timer_create':
        return process.timerCreate(CLOCK_MONOTONIC, SIGEVENT, argument);
      case 'timer_delete':
        return process.timerDelete(argument);
      case 'timer_gettime':
        return process.timerGettime(argument);
      case 'prctl':
        return process.prctl(PR_TIMER_CREATE_RESTORE_IDS, argument);
      case 'setrlimit':
        return process.setrlimit(argument);
    }
  }

  private note(name: CallName, argument: number, result: number): void {
    const { state } = this;
    if (name === 'timer_create') state.created = result;
    if (name === 'timer_create' && result >= 0) state.live.add(result);
    if (name === 'timer_delete' && result === 0) state.live.remove(argument);
  }

  /** The index that a tree keeps an ID under: 'reversed' turns IDs round. */
  private treeIndex(id: number): number {
    return this.setup.release === 'reversed' ? 0x7fff_ffff - id : id;
  }
}

/** Writes a call as strace does, with digits grouped as everywhere on the page: 'timer_delete(41) = 0', 'timer_create() = −EAGAIN'. */
export function callText({ name, argument, result }: Pick<Call, 'name' | 'argument' | 'result'>): string {
  const inside =
    name === 'prctl' ? `restore IDs: ${argument === 1 ? 'on' : 'off'}` : argument < 0 ? '' : grouped(argument);
  return `${name}(${inside}) = ${result < 0 ? `−${errnoName(-result)}` : grouped(result)}`;
}

/** Makes simulations without generated code: state that such code holds cannot be copied. */
function withPlainState<T>(make: () => T): T {
  const usual = CacheSim.codegen;
  CacheSim.codegen = false;
  try {
    return make();
  } finally {
    CacheSim.codegen = usual;
  }
}
