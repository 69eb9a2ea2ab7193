// TimerLayout: struct k_itimer in its slab, its lock, and what allocating and freeing it touches.
import type { Category } from '../evaluate/evaluation.ts';
import type { Field, Handler, Layout, ReferenceSink } from './reference-sink.ts';
import { LINE, POINTER, REGION, SIGQUEUE } from './sizes.ts';
import { Slab } from './slab.ts';
import type { TimerStruct } from './timer-struct.ts';
import type { Touched } from './touched.ts';

const RCU_HEAD = 16;

// Fields that timer_create writes once, in lines that zeroing has just written, and no table reads; and the slab's free list.
// biome-ignore format: fields of one value together
const IN_JAVASCRIPT: readonly string[] = [
  'clock', 'notify', 'signo', 'sigvalLo', 'sigvalHi', 'pid', 'overrun',
  'intervalSec', 'intervalNsec', 'valueSec', 'valueNsec', 'nextFree',
];

/**
 * Places timers by handle, 1….
 *
 * Each CPU takes objects from a slab of its own (SLUB), so what the threads create in turn lies apart.
 */
export class TimerLayout implements Layout {
  readonly struct: TimerStruct;
  readonly slab: Slab;
  /** Offsets, ascending, of what an operation uses of the timer it finds, whatever the table. */
  readonly used: Readonly<Record<'lookup' | 'delete', readonly number[]>>;
  private readonly sink: ReferenceSink;
  private readonly cpus: number;
  /** By timer, as far as asked for; 0 where not yet. */
  private addresses: Float64Array = new Float64Array(64);
  /** Slabs whose free list has been written, by number. */
  private readonly made: Set<number> = new Set();
  private readonly sigqueues: Slab = new Slab(REGION.sigqueues, SIGQUEUE.stride, SIGQUEUE.perSlab, SIGQUEUE.slabBytes);

  /** @param cpus CPUs that create timers in turn, a timer each. */
  constructor(struct: TimerStruct, cpus: number, sink: ReferenceSink) {
    this.struct = struct;
    this.cpus = cpus;
    this.sink = sink;
    const { lock, signal, rcu, size } = struct;
    const ascending = (...offsets: number[]): number[] => offsets.sort((a, b) => a - b);
    this.used = { lookup: ascending(lock, signal), delete: ascending(lock, signal, rcu, freePointer(size)) };
    this.slab = new Slab(REGION.timers, struct.stride, struct.perSlab, struct.slabBytes);
  }

  field(_object: string, field: string): Field | undefined {
    const { struct } = this;
    if (field === 'lock') return { category: 'lock', handler: this.lockHandler() };
    if (field === 'id') return { category: 'timer', handler: this.fieldHandler(struct.id, 4) };
    if (field === 'signal') return { category: 'timer', handler: this.fieldHandler(struct.signal, POINTER) };
    return IN_JAVASCRIPT.includes(field) ? { category: 'timer', handler: null } : undefined;
  }

  /** Returns where a timer lies. */
  address(timer: number): number {
    const known = this.addresses[timer];
    if (known > 0) return known;
    if (timer >= this.addresses.length) {
      const longer = new Float64Array(2 * timer);
      longer.set(this.addresses);
      this.addresses = longer;
    }
    return (this.addresses[timer] = this.slab.address(this.place(timer)));
  }

  read(timer: number, offset: number, bytes: number, category: Category): void {
    const base = this.address(timer);
    this.sink.read(base, base + offset, bytes, category);
  }

  write(timer: number, offset: number, bytes: number, category: Category): void {
    const base = this.address(timer);
    this.sink.write(base, base + offset, bytes, category);
  }

  /**
   * kmem_cache_zalloc: reads the free pointer (in the middle of the object), then zeroes it, a write per line. Until 6.12 a
   * sigqueue is taken as well and its list, flags and user are set.
   */
  allocate(timer: number): void {
    const { size } = this.struct;
    const base = this.address(timer);
    this.makeSlab(this.place(timer));
    this.sink.read(base, base + freePointer(size), POINTER, 'timer');
    const end = base + size;
    for (let at = base; at < end; ) {
      const next = Math.min((Math.floor(at / LINE) + 1) * LINE, end);
      this.sink.write(base, at, next - at, 'timer');
      at = next;
    }
    if (!this.struct.sigqueue) return;
    const queue = this.sigqueues.address(placeAmong(timer, this.cpus, SIGQUEUE.perSlab));
    this.sink.read(queue, queue + freePointer(SIGQUEUE.stride), POINTER, 'timer');
    this.sink.write(queue, queue, 2 * POINTER, 'timer');
    this.sink.write(queue, queue + SIGQUEUE.flags, 4, 'timer');
    this.sink.write(queue, queue + SIGQUEUE.user, POINTER, 'timer');
  }

  /** kfree_rcu: writes the rcu_head now and the free pointer later. Until 6.12 the sigqueue goes too, after a look at its flags. */
  free(timer: number): void {
    const { size, rcu, sigqueue } = this.struct;
    const base = this.address(timer);
    if (sigqueue) {
      const queue = this.sigqueues.address(placeAmong(timer, this.cpus, SIGQUEUE.perSlab));
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

  /** /proc/PID/timers prints a timer. Until 6.12 its signal is in the sigqueue. */
  show(timer: number): void {
    for (const [offset, bytes] of this.struct.shown) this.read(timer, offset, bytes, 'timer');
    if (!this.struct.sigqueue) return;
    const queue = this.sigqueues.address(placeAmong(timer, this.cpus, SIGQUEUE.perSlab));
    this.sink.read(queue, queue + SIGQUEUE.info, SIGQUEUE.infoBytes, 'timer');
  }

  /** Touches each line of a timer, and of its sigqueue where it has one. */
  touchAll(timer: number, touched: Touched): void {
    const base = this.address(timer);
    const last = Math.floor((base + this.struct.size - 1) / LINE);
    for (let line = Math.floor(base / LINE); line <= last; line++) touched.add(line);
    this.touchQueue(timer, touched);
  }

  /** Touches the lines of a timer's sigqueue, where it has one. */
  touchQueue(timer: number, touched: Touched): void {
    if (!this.struct.sigqueue) return;
    const queue = this.sigqueues.address(placeAmong(timer, this.cpus, SIGQUEUE.perSlab));
    touched.touch(queue + SIGQUEUE.flags);
    touched.touch(queue + SIGQUEUE.user);
  }

  /** Touches the lines of fields of a timer; once for neighbours in a line. @param offsets Ascending. */
  touchFields(timer: number, offsets: readonly number[], touched: Touched): void {
    const base = this.address(timer);
    let last = -1;
    for (let i = 0; i < offsets.length; i++) {
      const line = Math.floor((base + offsets[i]) / LINE);
      if (line !== last) touched.add(line);
      last = line;
    }
  }

  private place(timer: number): number {
    return placeAmong(timer, this.cpus, this.struct.perSlab);
  }

  /** A new slab, when its first object is taken: the free list is written through all its objects. */
  private makeSlab(place: number): void {
    const { size, perSlab } = this.struct;
    const slab = Math.floor(place / perSlab);
    if (place % perSlab !== 0 || this.made.has(slab)) return;
    this.made.add(slab);
    for (let i = place; i < place + perSlab; i++) {
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
      this.sink.lock('it_lock', this.address(timer) + this.struct.lock, acquired);
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

/** The number of a timer's object: handle n is the ⌊(n−1) / cpus⌋-th of CPU (n−1) % cpus, whose slabs are every cpus-th. */
function placeAmong(timer: number, cpus: number, perSlab: number): number {
  const turn = Math.floor((timer - 1) / cpus);
  const slab = Math.floor(turn / perSlab) * cpus + ((timer - 1) % cpus);
  return slab * perSlab + (turn % perSlab);
}

/** Where SLUB keeps the free pointer of an object without constructor: in the middle (5.7 on; taken for older ones too). */
function freePointer(size: number): number {
  return Math.floor(size / 2 / POINTER) * POINTER;
}
