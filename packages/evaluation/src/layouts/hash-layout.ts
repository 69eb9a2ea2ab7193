// HashLayout: posix_timers_hashtable. The chain runs through the timers themselves.
import type { Current, Field, IndexLayout, LockName, Operation, Owner, ReferenceSink } from './reference-sink.ts';
import { NEW_BUCKET, NEW_BUCKET_HEAD, OLD_BUCKET, POINTER, REGION } from './sizes.ts';
import type { TimerLayout } from './timer-layout.ts';
import { Touched } from './touched.ts';

/** What a walk reads of a HashTable. */
export interface Chains {
  readonly heads: Int32Array;
  readonly next: Int32Array;
  readonly ownerLo: Int32Array;
  bucketOf(ownerLo: number, ownerHi: number, id: number): number;
}

/** Places buckets, and maps entries to timers: both slabs hand out their handles in the same order, so entry n is timer n. */
export class HashLayout implements IndexLayout {
  /** Timers of the same owner that a walk passes: their lines, for each timer of the table. */
  readonly passed: number;
  private readonly sink: ReferenceSink;
  private readonly timers: TimerLayout;
  private readonly perBucketLock: boolean;
  private readonly bucketBytes: number;
  private readonly headOffset: number;
  private readonly lockName: LockName;
  private readonly current: Current;
  /** Offsets, ascending, of what a walk reads of a timer of its owner that it passes, and of another's. */
  private readonly passedBy: { owner: readonly number[]; other: readonly number[] };
  private locked = false;
  /** The entry whose link was read or written last, and that link. */
  private entry = 0;
  private link = 0;
  /** The last delete that has unlinked its entry: what it does to links after that is the free list. */
  private unlinkedIn = -1;

  /** @param perBucketLock 16-byte buckets with a lock each (the 2025 series), or 8-byte heads and one lock elsewhere. */
  constructor(timers: TimerLayout, buckets: number, perBucketLock: boolean, current: Current, sink: ReferenceSink) {
    this.current = current;
    this.timers = timers;
    this.sink = sink;
    this.perBucketLock = perBucketLock;
    this.bucketBytes = perBucketLock ? NEW_BUCKET : OLD_BUCKET;
    this.headOffset = perBucketLock ? NEW_BUCKET_HEAD : 0;
    this.lockName = perBucketLock ? 'bucket lock' : 'hash_lock';
    const { hash, signal, id } = timers.struct;
    const ascending = (...offsets: number[]): number[] => offsets.sort((a, b) => a - b);
    this.passedBy = { owner: ascending(signal, hash, id), other: ascending(signal, hash) };
    this.passed = this.linesPassed() / buckets;
  }

  field(_object: string, field: string): Field | undefined {
    const { struct } = this.timers;
    const category = 'table';
    switch (field) {
      case 'lockWords':
        return { category: 'lock', handler: (index, isWrite, raw) => isWrite && this.lock(index, raw[index] === 1) };
      case 'heads':
        return { category, handler: (bucket, isWrite, raw) => this.head(bucket, isWrite, raw[bucket] as number) };
      case 'next':
        return { category, handler: (entry, isWrite, raw) => this.next(entry, isWrite, raw[entry] as number) };
      case 'ownerLo':
        return { category, handler: (entry, isWrite) => this.owner(entry, isWrite, struct.signal) };
      case 'ids':
        return { category, handler: (entry, isWrite) => !isWrite && this.compare(entry, struct.id, 4) };
      case 'handles':
        return { category, handler: (entry, isWrite, raw) => isWrite && checkHandle(entry, raw[entry] as number) };
      case 'ownerHi':
        return { category, handler: null }; // the other half of a pointer
      default:
        return undefined;
    }
  }

  touch(_operation: Operation, chains: object, { low, high }: Owner, id: number, touched: Touched): void {
    touched.touch(this.headAddress((chains as Chains).bucketOf(low, high, id)));
  }

  /** The lines of a walk: to a timer, or along the whole chain before one is added at its head. @param timer Is in the chain. */
  touchPassed(
    operation: Operation,
    chains: object,
    { low, high }: Owner,
    id: number,
    timer: number,
    touched: Touched,
  ): void {
    const { timers, passedBy } = this;
    const { heads, next, ownerLo } = chains as Chains;
    const bucket = (chains as Chains).bucketOf(low, high, id);
    const { struct } = timers;
    const owner = ownerLo[timer];
    let entry = heads[bucket];
    for (; entry !== 0 && (entry !== timer || operation === 'create'); entry = next[entry]) {
      timers.touchFields(entry, ownerLo[entry] === owner ? passedBy.owner : passedBy.other, touched);
    }
    if (operation === 'create') return;
    timers.touchFields(timer, operation === 'lookup' ? [struct.signal, struct.id] : passedBy.owner, touched);
    if (operation === 'delete' && next[timer] !== 0) timers.touchFields(next[timer], [struct.hash + POINTER], touched);
  }

  /** Lines that a walk uses of a timer of the same owner that it passes, mean. */
  private linesPassed(): number {
    const { slab } = this.timers;
    const touched = new Touched();
    for (let i = 1; i <= slab.perSlab; i++) this.timers.touchFields(i, this.passedBy.owner, touched);
    return touched.length / slab.perSlab;
  }

  private lock(index: number, acquired: boolean): void {
    this.locked = acquired;
    const at = this.perBucketLock ? REGION.buckets + index * NEW_BUCKET : REGION.locks;
    this.sink.lock(this.lockName, at, acquired);
  }

  /** In a delete JavaScript walks the chain, under the lock, for the entry before; the kernel has pprev. At exit it has the timer, too. */
  private get walksAgain(): boolean {
    return this.current.operation === 'delete' && (this.locked || this.current.byPointer);
  }

  private headAddress(bucket: number): number {
    return REGION.buckets + bucket * this.bucketBytes + this.headOffset;
  }

  private head(bucket: number, isWrite: boolean, entry: number): void {
    if (isWrite) this.writeHead(bucket, entry);
    else this.readHead(bucket);
  }

  private readHead(bucket: number): void {
    if (!this.walksAgain) this.sink.read(0, this.headAddress(bucket), POINTER, 'table');
  }

  private compare(entry: number, offset: number, bytes: number): void {
    if (!this.walksAgain) this.timers.read(entry, offset, bytes, 'table');
  }

  /** it_signal: compared in a walk, and written when it is added where the 2025 series marks an owner that is not valid yet. */
  private owner(entry: number, isWrite: boolean, offset: number): void {
    if (!isWrite) this.compare(entry, offset, POINTER);
    else if (this.perBucketLock) this.timers.write(entry, offset, POINTER, 'table');
  }

  private next(entry: number, isWrite: boolean, link: number): void {
    const { timers } = this;
    if (isWrite && this.current.operation === 'delete') {
      if (this.unlinkedIn !== this.current.number)
        this.unlink(() => timers.write(entry, timers.struct.hash, POINTER, 'table'));
      return;
    }
    this.entry = entry;
    this.link = link;
    if (isWrite) {
      timers.write(entry, timers.struct.hash, POINTER, 'table');
      timers.write(entry, timers.struct.hash + POINTER, POINTER, 'table');
    } else {
      this.compare(entry, timers.struct.hash, POINTER);
    }
  }

  /** hlist_add_head_rcu: the first entry before gets a pprev; or the removal of the first. */
  private writeHead(bucket: number, entry: number): void {
    const write = (): void => this.sink.write(0, this.headAddress(bucket), POINTER, 'table');
    if (this.current.operation === 'delete') {
      this.unlink(write);
      return;
    }
    write();
    const first = entry === this.entry ? this.link : 0;
    if (first !== 0) this.timers.write(first, this.timers.struct.hash + POINTER, POINTER, 'table');
  }

  /** hlist_del_rcu: reads both links, writes what points here, the next one's pprev, and poisons its own. */
  private unlink(writeBefore: () => void): void {
    const { timers, entry, link } = this;
    const { hash } = timers.struct;
    timers.read(entry, hash, POINTER, 'table');
    timers.read(entry, hash + POINTER, POINTER, 'table');
    writeBefore();
    if (link !== 0) timers.write(link, hash + POINTER, POINTER, 'table');
    timers.write(entry, hash + POINTER, POINTER, 'table');
    this.unlinkedIn = this.current.number;
  }
}

function checkHandle(entry: number, handle: number): void {
  if (handle !== 0 && handle !== entry) {
    throw new Error(`entry ${entry} of the hash table holds timer ${handle}: the two slabs are out of step`);
  }
}
