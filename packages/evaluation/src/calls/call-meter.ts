// CallMeter: the references of single calls, each with the level that served it, counted as evaluate() counts them.

import type { DesignName } from '@idspace/posix-timers';
import { CostMeter } from '../evaluate/cost-meter.ts';
import type { Category } from '../evaluate/evaluation.ts';
import type { Hardware } from '../hardware/hardware.ts';
import { eventTime } from '../hardware/operation-time.ts';
import { bucketsOf } from '../layouts/kernel-layouts.ts';
import type { LockName, Operation, ReferenceSink } from '../layouts/reference-sink.ts';
import { SPINLOCK } from '../layouts/sizes.ts';

/** One reference of a call. */
export interface Access {
  /** An `atomic` and the two of a lock are writes to the caches. */
  readonly kind: 'read' | 'write' | 'atomic' | 'lock' | 'unlock';
  /** First byte, in the kernel's layout. */
  readonly address: number;
  readonly bytes: number;
  /** What served it: 0 for the first cache … the number of caches for memory. */
  readonly level: number;
  /** The part of the design. */
  readonly category: Category;
  /** Which lock; '' for none. */
  readonly lock: LockName | '';
}

/** What a call cost. Counts are exact, `ns` is the machine model's. */
export interface CallCost {
  readonly refs: number;
  /** Distinct lines. */
  readonly linesTouched: number;
  /** References by the level that served them, memory last. */
  readonly servedBy: readonly number[];
  /** The call on an idle machine. */
  readonly ns: number;
}

const KIND = 'call';

/** Sends the references of calls on one core through the caches of a machine. */
export class CallMeter implements ReferenceSink {
  readonly hardware: Hardware;
  /** The references of the last call, in program order. A new array for each call. */
  accesses: Access[] = [];
  private readonly meter: CostMeter;

  constructor(hardware: Hardware) {
    this.hardware = hardware;
    this.meter = new CostMeter([hardware], 1);
  }

  /** A call begins: what is counted from now on is its own. */
  begin(): void {
    this.accesses = [];
    this.meter.reset();
    this.meter.begin(0, KIND);
  }

  read(object: number, address: number, bytes: number, category: Category): void {
    this.meter.read(object, address, bytes, category);
    this.add('read', address, bytes, category);
  }

  write(object: number, address: number, bytes: number, category: Category): void {
    this.meter.write(object, address, bytes, category);
    this.add('write', address, bytes, category);
  }

  atomic(address: number, bytes: number, category: Category): void {
    this.meter.atomic(address, bytes, category);
    this.add('atomic', address, bytes, category);
  }

  lock(name: LockName, address: number, acquired: boolean): void {
    this.meter.lock(name, address, acquired);
    this.add(acquired ? 'lock' : 'unlock', address, SPINLOCK, 'lock', name);
  }

  /** Brings a line in that a call used which was not recorded. */
  warm(address: number): void {
    this.meter.passedBy(0, true).touch(address);
  }

  /** Returns the lines that the first cache holds: Float64Array, shape [sets × ways], address / line; −1 where there is none. */
  lines(): Float64Array {
    return this.meter.linesHeld(0);
  }

  /** Returns what the last call cost. @param design Of the table. @param cpus Possible CPUs. */
  cost(operation: Operation, design: DesignName, cpus: number): CallCost {
    const tally = this.meter.tally(KIND);
    const { refs, linesTouched } = tally.means();
    const load = { processes: 1, threads: 1, cpus, buckets: bucketsOf(design, cpus) };
    const { nsPerOp } = eventTime(operation, 1, tally.work()[0], load, this.hardware);
    return { refs, linesTouched, servedBy: [...tally.served.slice(0, -1)], ns: nsPerOp };
  }

  private add(
    kind: Access['kind'],
    address: number,
    bytes: number,
    category: Category,
    lock: LockName | '' = '',
  ): void {
    this.accesses.push({ kind, address, bytes, level: this.meter.level, category, lock });
  }
}
