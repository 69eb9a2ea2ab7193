// DesignLayout: which era's structures a design is laid out with, and which of its arrays are which of them.
import { type DesignName, scaledBuckets } from '@idspace/posix-timers';
import { ERAS } from './eras.ts';
import { HashLayout } from './hash-layout.ts';
import { ProcessLayout, signalAddress } from './process-layout.ts';
import type { Current, Handler, Layout, LockName, Operation, ReferenceSink } from './reference-sink.ts';
import { REGION, SIGNAL_STRUCT, XA_NODE, XARRAY } from './sizes.ts';
import { Slab } from './slab.ts';
import { SlotArrayLayout } from './slot-array-layout.ts';
import { lockPassages, TimerLayout } from './timer-layout.ts';
import type { TimerStruct } from './timer-struct.ts';
import { NodePool, TreeLayout } from './tree-layout.ts';

/** The timer's era by design. The 2025 comparison put newhash and xarray on the timer of the mainline before it, 6.14. */
const STRUCTS: Record<DesignName, TimerStruct> = {
  idr: ERAS['4.9'],
  'hash-512': ERAS['6.14'],
  'hash-512-precheck': ERAS['6.14'],
  'hash-scaled': ERAS['6.14'],
  'hash-scaled-jhash': ERAS['6.15'],
  xarray: ERAS['6.14'],
  'xarray-cyclic': ERAS['6.14'],
  generational: ERAS['6.14'],
};

/** What the table beside the timers is. */
const TABLES: Record<DesignName, string> = {
  idr: 'one tree of 64-slot xa_nodes (584 B stride)',
  'hash-512': '512 buckets × 8 B, one lock',
  'hash-512-precheck': '512 buckets × 8 B, one lock',
  'hash-scaled': '512 buckets per CPU × 16 B with a lock each',
  'hash-scaled-jhash': '512 buckets per CPU × 16 B with a lock each',
  xarray: 'a tree of 64-slot xa_nodes (584 B stride) per process',
  'xarray-cyclic': 'a tree of 64-slot xa_nodes (584 B stride) per process',
  generational: 'an array of 16 B slots and a bitmap per process (in no kernel)',
};

/** Returns the struct k_itimer a design is laid out with. */
export function timerStructOf(design: DesignName): TimerStruct {
  return STRUCTS[design];
}

/** Says in words what a design is laid out as. */
export function layoutName(design: DesignName): string {
  return `${STRUCTS[design].name}; ${TABLES[design]}`;
}

/** Returns the bytes of a design's table before there is any timer. */
export function fixedBytes(design: DesignName, cpus: number): number {
  if (design === 'hash-512' || design === 'hash-512-precheck') return 512 * 8;
  if (design === 'hash-scaled' || design === 'hash-scaled-jhash') return scaledBuckets(cpus) * 16;
  return 0;
}

/** An xa_node's share of its slab, bytes: 8192 / 14. */
export const NODE_BYTES: number = XA_NODE.slabBytes / XA_NODE.perSlab;

/** Turns all of a design's traced accesses into kernel references. */
export class DesignLayout {
  readonly timers: TimerLayout;
  private readonly sink: ReferenceSink;
  private readonly current: Current = { operation: 'create', number: 0, byPointer: false };
  readonly processes: ProcessLayout;
  readonly hash: HashLayout;
  private readonly nodes: NodePool = new NodePool(
    new Slab(REGION.nodes, XA_NODE.stride, XA_NODE.perSlab, XA_NODE.slabBytes),
  );
  /** The parts that are met while recording, by the name of their object. */
  private readonly parts: Map<string, Layout> = new Map();

  /**
   * @param cpus Possible CPUs: the size of a scaled table. @param sink Takes the references.
   * @param running CPUs that create timers in turn.
   */
  constructor(design: DesignName, cpus: number, sink: ReferenceSink, running = 1) {
    const scaled = design === 'hash-scaled' || design === 'hash-scaled-jhash';
    this.sink = sink;
    this.timers = new TimerLayout(STRUCTS[design], running, sink);
    this.processes = new ProcessLayout(this.timers, scaled, this.current, sink);
    this.hash = new HashLayout(this.timers, scaled ? scaledBuckets(cpus) : 512, scaled, this.current, sink);
  }

  /** Tells that an operation begins; everything until the next one belongs to it. */
  begin(operation: Operation): void {
    this.current.operation = operation;
    this.current.number++;
  }

  /** Whether the deletes that follow know their timer by its pointer: at exit. Each is an operation as far as its walk goes. */
  set byPointer(known: boolean) {
    this.current.byPointer = known;
    this.current.number++;
  }

  /** Returns what accesses to a traced array, 'object.field', mean; null for what only JavaScript needs. */
  handler(array: string): Handler | null {
    const dot = array.lastIndexOf('.');
    const object = array.slice(0, dot);
    if (object === 'xaLock') return this.treeLock('xa_lock', (process) => `xarray/${process}`);
    if (object === 'idrLock') return this.treeLock('idr_lock', () => 'idr');
    if (object === 'slotLock') {
      return lockPassages((process, acquired) => this.sink.lock('slot lock', xarrayAddress(process), acquired));
    }
    return this.part(object.replace(/^(slots|ids|pool)\//, 'generational/')).handler(object, array.slice(dot + 1));
  }

  /** The tree of a process; 0 for the one of the machine. */
  tree(process: number): TreeLayout {
    return this.part(process === 0 ? 'idr' : `xarray/${process}`) as TreeLayout;
  }

  /** The slots of a process. */
  slots(process: number): SlotArrayLayout {
    return this.part(`generational/${process}`) as SlotArrayLayout;
  }

  private part(object: string): Layout {
    let part = this.parts.get(object);
    if (part === undefined) {
      part = this.makePart(object);
      this.parts.set(object, part);
    }
    return part;
  }

  private makePart(object: string): Layout {
    const process = Number(object.slice(object.indexOf('/') + 1));
    if (object === 'timers') return this.timers;
    if (object === 'hash') return this.hash;
    if (object === 'idr') return new TreeLayout(REGION.idr, this.nodes, this.current, this.sink);
    if (object.startsWith('xarray/'))
      return new TreeLayout(xarrayAddress(process), this.nodes, this.current, this.sink);
    if (object.startsWith('generational/')) return new SlotArrayLayout(process, this.current, this.sink);
    return this.processes;
  }

  private treeLock(name: LockName, treeOf: (index: number) => string): Handler {
    return lockPassages((index, acquired) => {
      const tree = this.part(treeOf(index)) as TreeLayout;
      tree.passLock(acquired);
      const anchor = name === 'idr_lock' ? REGION.idr : xarrayAddress(index);
      this.sink.lock(name, anchor + XARRAY.lock, acquired);
    });
  }
}

/** The proposed tree takes the place of signal_struct's list of timers. */
function xarrayAddress(process: number): number {
  return signalAddress(process) + SIGNAL_STRUCT.timers;
}
