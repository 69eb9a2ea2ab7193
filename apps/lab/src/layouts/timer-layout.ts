// TimerLayout: struct k_itimer in its slab, its lock, and what allocating and freeing it touches.
import type { Category } from '../evaluate/evaluation.ts';
import type { Handler, Layout, ReferenceSink } from './reference-sink.ts';
import { LINE, POINTER, REGION, SIGQUEUE } from './sizes.ts';
import { Slab } from './slab.ts';
import type { TimerStruct } from './timer-struct.ts';

const RCU_HEAD = 16;

/** Places timers by handle, 1…. */
export class TimerLayout implements Layout {
  readonly struct: TimerStruct;
  readonly slab: Slab;
  private readonly sink: ReferenceSink;
  /** The highest timer in a slab that is known. */
  private covered = 0;
  private readonly sigqueues: Slab = new Slab(REGION.sigqueues, SIGQUEUE.stride, SIGQUEUE.perSlab, SIGQUEUE.slabBytes);

  constructor(struct: TimerStruct, sink: ReferenceSink) {
    this.struct = struct;
    this.sink = sink;
    this.slab = new Slab(REGION.timers, struct.stride, struct.perSlab, struct.slabBytes);
  }

  handler(_object: string, field: string): Handler | null {
    const { struct } = this;
    if (field === 'lock') return this.lockHandler();
    if (field === 'id') return this.fieldHandler(struct.id, 4);
    if (field === 'signal') return this.fieldHandler(struct.signal, POINTER);
    // The other fields are written once by timer_create, in lines that zeroing has just written, and no table reads them.
    return null;
  }

  read(timer: number, offset: number, bytes: number, category: Category): void {
    const base = this.slab.address(timer - 1);
    this.sink.read(base, base + offset, bytes, category);
  }

  write(timer: number, offset: number, bytes: number, category: Category): void {
    const base = this.slab.address(timer - 1);
    this.sink.write(base, base + offset, bytes, category);
  }

  /**
   * kmem_cache_zalloc: reads the free pointer (in the middle of the object), then zeroes it, a write per line. Until 6.12 a
   * sigqueue is taken as well and its list, flags and user are set.
   */
  allocate(timer: number): void {
    const { size } = this.struct;
    const base = this.slab.address(timer - 1);
    if (timer > this.covered) this.makeSlab(timer);
    this.sink.read(base, base + freePointer(size), POINTER, 'timer');
    for (let at = base; at < base + size; at += LINE - (at % LINE)) {
      this.sink.write(base, at, Math.min(LINE - (at % LINE), base + size - at), 'timer');
    }
    if (!this.struct.sigqueue) return;
    const queue = this.sigqueues.address(timer - 1);
    this.sink.read(queue, queue + freePointer(SIGQUEUE.stride), POINTER, 'timer');
    this.sink.write(queue, queue, 2 * POINTER, 'timer');
    this.sink.write(queue, queue + SIGQUEUE.flags, 4, 'timer');
    this.sink.write(queue, queue + SIGQUEUE.user, POINTER, 'timer');
  }

  /** kfree_rcu: writes the rcu_head now and the free pointer later. Until 6.12 the sigqueue goes too, after a look at its flags. */
  free(timer: number): void {
    const { size, rcu, sigqueue } = this.struct;
    const base = this.slab.address(timer - 1);
    if (sigqueue) {
      const queue = this.sigqueues.address(timer - 1);
      this.sink.read(queue, queue + SIGQUEUE.flags, 4, 'timer');
      this.sink.read(queue, queue + SIGQUEUE.user, POINTER, 'timer');
      this.sink.write(queue, queue + freePointer(SIGQUEUE.stride), POINTER, 'timer');
    }
    this.sink.write(base, base + rcu, RCU_HEAD, 'timer');
    this.sink.write(base, base + freePointer(size), POINTER, 'timer');
  }

  /** Returns the bytes of one timer: its share of the slab, and its sigqueue's. */
  static bytesPerTimer({ slabBytes, perSlab, sigqueue }: TimerStruct): number {
    return slabBytes / perSlab + (sigqueue ? SIGQUEUE.slabBytes / SIGQUEUE.perSlab : 0);
  }

  /** A new slab: the free list is written through all its objects. Slabs made while nothing was recorded are passed over. */
  private makeSlab(timer: number): void {
    const { size, perSlab } = this.struct;
    const first = Math.floor((timer - 1) / perSlab) * perSlab;
    this.covered = first + perSlab;
    for (let i = first; i < this.covered; i++) {
      const base = this.slab.address(i);
      this.sink.write(base, base + freePointer(size), POINTER, 'timer');
    }
  }

  private fieldHandler(offset: number, bytes: number): Handler {
    return (timer, isWrite) => {
      if (isWrite) this.write(timer, offset, bytes, 'timer');
      else this.read(timer, offset, bytes, 'timer');
    };
  }

  private lockHandler(): Handler {
    return lockPassages((timer, acquired) => {
      this.sink.lock('it_lock', this.slab.address(timer - 1) + this.struct.lock, acquired);
    });
  }
}

/**
 * Turns the accesses to a row of lock words that go up by one at each passage into passages: each write is one.
 *
 * Every word is even when recording begins.
 */
export function lockPassages(passage: (index: number, acquired: boolean) => void): Handler {
  const held = new Set<number>();
  return (index, isWrite) => {
    if (!isWrite) return;
    const acquired = !held.has(index);
    if (acquired) held.add(index);
    else held.delete(index);
    passage(index, acquired);
  };
}

/** Where SLUB keeps the free pointer of an object without constructor: in the middle (5.7 on; taken for older ones too). */
function freePointer(size: number): number {
  return Math.floor(size / 2 / POINTER) * POINTER;
}
