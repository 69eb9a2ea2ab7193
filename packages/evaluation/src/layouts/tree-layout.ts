// TreeLayout: struct xarray and its xa_nodes.
//
// JavaScript's XArray takes short cuts that the kernel has not: it remembers the leaf it met last and where the lowest free
// index is. So a change is told by its writes: at the first write below a lock stands the walk that the kernel makes to get
// there, and the reads that JavaScript made instead mean nothing. A load takes no short cut and is told read by read.
// Source: xa_load, xas_find_marked, xas_store, xas_expand, xas_delete_node, lib/xarray.c, 5.17.
import type { TypedArray } from '@idspace/mem-trace';
import type { XArray } from '@idspace/xarray';
import type { Current, Field, IndexLayout, LockName, Operation, Owner, ReferenceSink } from './reference-sink.ts';
import { POINTER, XA_NODE, XARRAY } from './sizes.ts';
import type { Slab } from './slab.ts';
import { Touched } from './touched.ts';

/** How XArray numbers its nodes and words (packages/xarray/src/node-layout.ts). */
const CHUNK_SHIFT = 6;
const CHUNK_MASK = 63;
const META_SHIFT = 4;
const META_MASK = 15;
const ANCHOR = 1;
const PRESENT = 0;
const FULL = 2;
const PARENT = 12;
const PLACE = 13;
const SHIFT_MASK = 0xff;
const PLACE_OFFSET = 8;

/** What `settle` has no use for. */
const SETTLED = new Touched();

/** Numbers the nodes of all trees in the order they are first used: they share one slab cache. */
export class NodePool {
  readonly slab: Slab;
  private used = 0;

  constructor(slab: Slab) {
    this.slab = slab;
  }

  /** Returns the address of a node that was never used before. */
  take(): number {
    return this.slab.address(this.used++);
  }
}

/** Places one tree: its anchor, and its nodes by handle. */
export class TreeLayout implements IndexLayout {
  private readonly anchor: number;
  private readonly pool: NodePool;
  private readonly sink: ReferenceSink;
  /** Addresses by node handle. */
  private readonly addresses: number[] = [];
  /** The operation that made a node last: its walk did not meet the node. */
  private readonly madeIn: number[] = [];
  /** The array's words as they are now. */
  private meta: TypedArray = new Int32Array(0);
  private readonly current: Current;
  private locked = false;
  /** The last operation whose walk has been told. */
  private walkedIn = -1;

  /** @param anchor Address of the struct xarray. */
  constructor(anchor: number, pool: NodePool, current: Current, sink: ReferenceSink) {
    this.current = current;
    this.anchor = anchor;
    this.pool = pool;
    this.sink = sink;
  }

  /** Tells that the tree's lock is taken or given back. */
  passLock(name: LockName, acquired: boolean): void {
    this.locked = acquired;
    this.sink.lock(name, this.anchor + XARRAY.lock, acquired);
  }

  field(_object: string, field: string): Field | undefined {
    if (field === 'slots') return { category: 'table', handler: (element, isWrite) => this.slot(element, isWrite) };
    if (field === 'meta')
      return { category: 'table', handler: (element, isWrite, raw) => this.word(element, isWrite, raw) };
    return undefined;
  }

  /** Gives the nodes above a new index their addresses, which the kernel does in the order in which it makes them. */
  settle(tree: object, index: number): void {
    SETTLED.length = 0;
    this.touchWay('create', tree as XArray, index, SETTLED);
  }

  touch(operation: Operation, tree: object, _owner: Owner, index: number, touched: Touched): void {
    this.touchWay(operation, tree as XArray, index, touched);
  }

  private touchWay(operation: Operation, tree: XArray, index: number, touched: Touched): void {
    const { slots, meta } = tree as unknown as { slots: Int32Array; meta: Int32Array };
    this.meta = meta; // It may have grown, and a load that is recorded next reads none of it.
    touched.touch(this.anchor + XARRAY.head);
    let node = slots[ANCHOR << CHUNK_SHIFT];
    for (let shift = CHUNK_SHIFT * (tree.height - 1); shift >= 0; shift -= CHUNK_SHIFT) {
      const offset = (index >>> shift) & CHUNK_MASK;
      const at = this.address(node);
      touched.touch(at + XA_NODE.shift);
      touched.touch(at + XA_NODE.slots + offset * POINTER);
      // To create looks for a free mark in each node; to delete changes the leaf's.
      if (operation === 'create' || (operation === 'delete' && shift === 0)) touched.touch(at + XA_NODE.marks);
      node = slots[(node << CHUNK_SHIFT) | offset];
    }
  }

  private address(node: number): number {
    return (this.addresses[node] ??= this.pool.take());
  }

  private slot(element: number, isWrite: boolean): void {
    const node = element >>> CHUNK_SHIFT;
    const offset = element & CHUNK_MASK;
    if (isWrite) this.writeSlot(node, offset);
    else if (!this.locked && !this.current.byPointer) this.readSlot(node, offset);
  }

  /** One step of xa_load: the node's shift says which bits of the index are the offset, then the slot is read. */
  private readSlot(node: number, offset: number): void {
    if (node === ANCHOR || this.parent(node) === ANCHOR) this.readHead();
    if (node <= ANCHOR) return;
    this.readShift(node);
    this.sink.read(0, this.address(node) + XA_NODE.slots + offset * POINTER, POINTER, 'table');
  }

  private writeSlot(node: number, offset: number): void {
    if (node === ANCHOR) {
      this.sink.write(0, this.anchor + XARRAY.head, POINTER, 'table');
      return;
    }
    if (this.walkedIn !== this.current.number && this.isLeaf(node)) this.walkTo(node, offset);
    const at = this.address(node);
    this.sink.write(at, at + XA_NODE.slots + offset * POINTER, POINTER, 'table');
    this.sink.write(at, at + XA_NODE.count, 1, 'table');
  }

  /** The kernel's way from the head to a leaf before it stores there: by free marks to allocate, by index to erase. */
  private walkTo(leaf: number, offset: number): void {
    this.walkedIn = this.current.number;
    const path: [node: number, offset: number][] = [];
    for (let node = leaf, at = offset; node !== ANCHOR; node = this.parent(node)) {
      path.unshift([node, at]);
      at = this.valueOf(node, PLACE) >>> PLACE_OFFSET;
    }
    // xas_find_marked asks first whether anything is free at all.
    if (this.current.operation === 'create') this.sink.read(this.anchor, this.anchor + XARRAY.flags, 4, 'table');
    this.readHead();
    for (const [node, at] of path) {
      if (this.madeIn[node] === this.current.number) continue;
      this.readShift(node);
      const base = this.address(node);
      if (this.current.operation === 'create') this.sink.read(base, base + XA_NODE.marks, POINTER, 'table');
      this.sink.read(0, base + XA_NODE.slots + at * POINTER, POINTER, 'table');
    }
  }

  private word(element: number, isWrite: boolean, raw: TypedArray): void {
    this.meta = raw;
    if (!isWrite) return;
    const node = element >>> META_SHIFT;
    const word = element & META_MASK;
    if (word === PLACE) this.place(node);
    else if (word === PARENT) this.link(node);
    else if (word === PRESENT || word === PRESENT + 1 || word === FULL || word === FULL + 1) this.mark(node, word);
  }

  /** Mark 0 says what is free: in a leaf the complement of PRESENT, above it that of FULL. */
  private mark(node: number, word: number): void {
    if (node === ANCHOR) {
      if (word >= FULL) this.sink.write(this.anchor, this.anchor + XARRAY.flags, 4, 'table');
      return;
    }
    if (this.isLeaf(node) !== word < FULL) return; // the kernel has no bitmap of what is present above the leaves
    const at = this.address(node);
    this.sink.write(at, at + XA_NODE.marks, POINTER, 'table');
  }

  /** PLACE is written when a node is made, which only a create does, and when it is given back, which only a delete does. */
  private place(node: number): void {
    const at = this.address(node);
    if (this.current.operation === 'delete') {
      this.sink.write(at, at + XA_NODE.array, POINTER, 'table');
      this.sink.write(at, at + XA_NODE.rcu, 2 * POINTER, 'table');
      return;
    }
    this.madeIn[node] = this.current.number;
    this.sink.read(at, at + XA_NODE.stride - POINTER, POINTER, 'table'); // the slab's free pointer
    this.sink.write(at, at + XA_NODE.shift, 4, 'table');
    this.sink.write(at, at + XA_NODE.parent, POINTER, 'table');
    this.sink.write(at, at + XA_NODE.array, POINTER, 'table');
    this.sink.write(at, at + XA_NODE.marks, POINTER, 'table');
  }

  /** A node with something in it gets another parent: the tree grows or shrinks above it. An empty one is made or freed. */
  private link(node: number): void {
    if ((this.valueOf(node, PRESENT) | this.valueOf(node, PRESENT + 1)) === 0) return;
    const at = this.address(node);
    this.sink.write(at, at + XA_NODE.parent, POINTER, 'table');
  }

  private readHead(): void {
    this.sink.read(this.anchor, this.anchor + XARRAY.head, POINTER, 'table');
  }

  private readShift(node: number): void {
    this.sink.read(0, this.address(node) + XA_NODE.shift, 1, 'table');
  }

  private parent(node: number): number {
    return this.valueOf(node, PARENT);
  }

  private isLeaf(node: number): boolean {
    return this.valueOf(node, PLACE) % (SHIFT_MASK + 1) === 0;
  }

  private valueOf(node: number, word: number): number {
    return this.meta[(node << META_SHIFT) | word] as number;
  }
}
