// SharedTree: one thread's view of the tree in shared memory, for the thread that holds the lock. All of XArray's code works on
// it, once `enter` has fetched what other threads have changed; `leave` shows them what this one has.
//
// Why a reader needs no lock: every change of what a load passes is one store of a slot, of ROOT or of HEAD; a node is
// zero before a slot leads to it; and SEQUENCE is counted up after a node was given up and before it can be used again.
// A reader that finds SEQUENCE as it was before has met, all the way, nodes of this tree in their places. It reads in order,
// and SEQUENCE is written with a fence: what is in a node that is used again is seen only after it. It is even, but while all entries
// go: then readers neither use nor remember what they know of leaves.
import { writeFenced, writeOrdered } from '@idspace/lock';
import { lower } from '../growth.ts';
import {
  ANCHOR,
  CHUNK_SHIFT,
  FIRST_NODE,
  HEAD_SLOT,
  MAX_HEIGHT,
  META_SHIFT,
  NULL_NODE,
  PRESENT,
} from '../node-layout.ts';
import { emptyState, hasMarks, isChild, type TreeState } from '../tree.ts';
import { XArray } from '../xarray.ts';
import {
  COUNT,
  DAMAGED,
  ENTRIES,
  FREE_COUNT,
  FREE_HINT,
  FREE_NODE,
  HEAD,
  HEAD_RESERVED,
  LEVELS_MASK,
  NODES,
  OWNERS,
  ROOT,
  ROOT_SHIFT,
  SEATED,
  SEQUENCE,
  SLOTS,
  seatOf,
  TOP,
  TURN,
} from './layout.ts';
import { repair } from './repair.ts';
import { SharedXArrayError } from './shared-xarray-error.ts';

/** The tree under SharedXArray. Nothing of it may be called without the lock, between `enter` and `leave`. */
export class SharedTree extends XArray {
  private readonly header: Int32Array;
  /** Nodes there can be, as the header said when it was inspected. */
  private readonly nodes: number;
  /** SEQUENCE when this thread had the lock last: another one may have given up the leaves met then. */
  private seen = 0;
  /** The version that the header and ROOT show. */
  private shown = 0;
  /** TURN when this thread had the lock last; at first, that of no thread. */
  private turn = -1;

  constructor(handle: SharedArrayBuffer, alloc: 'from0' | 'from1' | undefined) {
    super({ alloc, capacity: 0 }, 'SharedXArray');
    this.header = new Int32Array(handle, 0, SLOTS);
    const nodes = this.header[NODES];
    this.nodes = nodes;
    const slots = new Int32Array(handle, SLOTS * 4, nodes << CHUNK_SHIFT);
    const meta = new Int32Array(handle, SLOTS * 4 + slots.byteLength, nodes << META_SHIFT);
    this.adopt({ ...emptyState(0), slots, meta });
  }

  /** Here, `held` is without what the seats have. */
  override get size(): number {
    return this.held + countInSeats(this.header);
  }

  /** Fetches what other threads have changed, if one had the lock since this one did. */
  enter(): void {
    const { header } = this;
    if (header[TURN] === this.turn) return;
    header[TURN]++;
    this.turn = header[TURN];
    this.fetch();
    if (!this.isSound()) this.repair();
  }

  /** Says whether what was fetched can be that of a tree. What is in nodes is looked at where they are met. */
  private isSound(): boolean {
    const { meta, root, levels, top, freeCount } = this;
    const areCounts = top >= FIRST_NODE && top <= this.nodes && freeCount >= 0 && freeCount <= top - FIRST_NODE;
    if (!areCounts || levels > MAX_HEIGHT) return false;
    return levels === 0 || isChild(meta, root, ANCHOR, (levels - 1) * CHUNK_SHIFT, 0);
  }

  /**
   * The array is put in order by the next call that takes the lock.
   *
   * @internal
   */
  override damaged(): SharedXArrayError {
    this.header[DAMAGED] = 1;
    return new SharedXArrayError(
      'damaged',
      'memory: got a node that is not where its words say, expected a sound tree',
    );
  }

  /**
   * As that of other arrays, but slots may lead out of the memory. What was met there is forgotten by the repair.
   *
   * @internal
   */
  override leafFar(index: number): number {
    const node = super.leafFar(index);
    if (node === NULL_NODE || this.levels === 0 || (node > ANCHOR && node < this.nodes)) return node;
    throw this.damaged();
  }

  /** For the thread that has the lock; the array's own `load` needs none. */
  override load(index: number): number {
    return this.met(index);
  }

  /**
   * Other threads reserve indices, and seats have part of the count: there is no telling that there are no reservations.
   *
   * @internal
   */
  override adopt(state: TreeState): void {
    super.adopt(state);
    this.reserved = 1;
  }

  private fetch(): void {
    const { header, slots } = this;
    this.levels = slots[ROOT] & LEVELS_MASK;
    this.root = slots[ROOT] >>> ROOT_SHIFT;
    this.held = header[COUNT];
    this.top = header[TOP] === 0 ? FIRST_NODE : header[TOP];
    this.freeNode = header[FREE_NODE];
    this.freeCount = header[FREE_COUNT];
    this.free.fromWord(header[FREE_HINT]);
    this.marksUsed = hasMarks(this.meta);
    if (slots[SEQUENCE] !== this.seen) {
      this.leafKey = -1;
      this.leafKey2 = -1;
      this.seen = slots[SEQUENCE];
    }
    this.shown = this.version;
  }

  /** Shows other threads what this one has changed. */
  leave(): void {
    const { header, slots } = this;
    header[COUNT] = this.held;
    header[FREE_HINT] = this.free.toWord();
    if (this.levels === 0) this.publishHead();
    if (this.version !== this.shown) {
      header[TOP] = this.top;
      header[FREE_NODE] = this.freeNode;
      header[FREE_COUNT] = this.freeCount;
      this.publishRoot();
      this.shown = this.version;
      this.seen = slots[SEQUENCE];
    }
  }

  override clear(): void {
    const { slots, top } = this;
    this.adopt({ ...emptyState(0), slots, meta: this.meta, held: -countInSeats(this.header) });
    slots[HEAD] = 0;
    // Odd: no leaf is known, so that all readers, of all indices, lose their entries by one store, that of ROOT.
    writeFenced(slots, SEQUENCE, slots[SEQUENCE] | 1);
    this.publishRoot();
    // Readers from here on begin at the empty root.
    slots.fill(0, FIRST_NODE << CHUNK_SHIFT, top << CHUNK_SHIFT);
    slots[HEAD_SLOT] = 0;
    this.meta.fill(0, 0, top << META_SHIFT);
  }

  /** One by one, as readers without a lock may pass at any time: each removal is one store of a slot for them. */
  override eraseRange(first: number, last: number): number {
    this.checkRange('eraseRange', first, last);
    const before = this.held;
    for (let index = this.seek(first, PRESENT); index >= 0 && index <= last; index = this.seekAfter(index, PRESENT)) {
      this.remove(index);
    }
    return before - this.held;
  }

  /** Puts in order what a thread left that died amid a change. */
  repair(): void {
    const { header, slots, meta } = this;
    const head = slots[HEAD];
    const top = header[TOP] === 0 ? FIRST_NODE : header[TOP];
    this.adopt(repair({ slots, meta, root: slots[ROOT] >>> ROOT_SHIFT, levels: slots[ROOT] & LEVELS_MASK, head, top }));
    lower(this);
    this.shown = this.version - 1;
    this.held -= countInSeats(header);
    this.leave();
    header[DAMAGED] = 0;
  }

  /**
   * A snapshot has no words for readers in its anchor, nor seats.
   *
   * @internal
   */
  override state(): TreeState {
    const state = super.state();
    const held = this.size;
    const slots = state.slots.slice(0, state.top << CHUNK_SHIFT);
    slots.fill(0, ROOT, HEAD + 1);
    return { ...state, slots, held };
  }

  /**
   * Goes on with what a snapshot holds; this array is empty, and no other thread has seen it.
   *
   * @internal
   */
  take(state: TreeState): void {
    const { slots, meta, nodes } = this;
    if (state.top > nodes) throw noRoom(nodes);
    slots.set(state.slots.subarray(0, state.top << CHUNK_SHIFT));
    meta.set(state.meta.subarray(0, state.top << META_SHIFT));
    this.adopt({ ...state, slots, meta });
    this.shown = this.version - 1;
  }

  /**
   * All nodes there can be are there from the beginning.
   *
   * @internal
   */
  override makeRoom(need: number): void {
    const { nodes } = this;
    if (this.top - this.freeCount + need <= nodes) return;
    throw noRoom(nodes);
  }

  /** @internal */
  override rootMoved(): void {
    if (this.levels === 0) this.publishHead();
    this.publishRoot();
  }

  private publishHead(): void {
    const entry = this.slots[HEAD_SLOT];
    const reserved = entry === 0 && (this.meta[(ANCHOR << META_SHIFT) | PRESENT] & 1) !== 0;
    this.slots[HEAD] = reserved ? HEAD_RESERVED : entry;
  }

  private publishRoot(): void {
    const { slots } = this;
    writeOrdered(slots, ROOT, ((this.levels === 0 ? NULL_NODE : this.root) << ROOT_SHIFT) | this.levels);
    writeFenced(slots, SEQUENCE, ((slots[SEQUENCE] | 1) + 1) | 0);
  }
}

function noRoom(nodes: number): SharedXArrayError {
  return new SharedXArrayError(
    'full',
    `content: got more than ${nodes - FIRST_NODE} nodes, expected at most ${nodes - FIRST_NODE}, the capacity`,
  );
}

/** The highest owner there has been. */
export function seatedIn(header: Int32Array): number {
  return Math.min(header[SEATED] >>> 0, OWNERS);
}

/** Adds up what the seats have in ENTRIES. */
export function countInSeats(header: Int32Array): number {
  let count = 0;
  for (let owner = seatedIn(header); owner > 0; owner--) count += header[seatOf(owner) | ENTRIES];
  return count;
}
