// DesignLayout: turns all of a design's traced accesses into references of a kernel.
import { DESIGN, type Design, type DesignName } from '@idspace/posix-timers';
import { KERNEL_LAYOUTS, partOf } from './kernel-layouts.ts';
import type { MakeLayout, Shared } from './parts.ts';
import { ProcessLayout } from './process-layout.ts';
import type { Current, Field, IndexLayout, Layout, Operation, ReferenceSink } from './reference-sink.ts';
import { REGION, XA_NODE } from './sizes.ts';
import { Slab } from './slab.ts';
import { TimerLayout } from './timer-layout.ts';
import { NodePool } from './tree-layout.ts';

/** A table as its design's record says. */
export class DesignLayout implements Shared {
  readonly design: Design;
  readonly cpus: number;
  readonly timers: TimerLayout;
  readonly processes: ProcessLayout;
  readonly nodes: NodePool = new NodePool(new Slab(REGION.nodes, XA_NODE.stride, XA_NODE.perSlab, XA_NODE.slabBytes));
  readonly current: Current = { operation: 'create', number: 0, byPointer: false };
  readonly sink: ReferenceSink;
  /** The object that finds a timer by its ID. */
  readonly index: string;
  private readonly name: DesignName;
  /** By process. */
  private readonly layouts: Map<MakeLayout, Layout[]> = new Map();

  /**
   * @param cpus Possible CPUs: the size of a scaled table. @param sink Takes the references.
   * @param running CPUs that create timers in turn.
   */
  constructor(design: DesignName, cpus: number, sink: ReferenceSink, running = 1) {
    const { struct, index } = KERNEL_LAYOUTS[design];
    this.name = design;
    this.design = DESIGN[design];
    this.cpus = cpus;
    this.sink = sink;
    this.index = index;
    this.timers = new TimerLayout(struct, running, sink);
    this.processes = new ProcessLayout(this.timers, this.design.locks === 'bucket', this.current, sink);
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

  /**
   * Returns what a traced array, 'object.field', is.
   *
   * @throws Error for an object or a field that the layout does not know.
   */
  field(array: string): Field {
    const dot = array.lastIndexOf('.');
    const [object, name] = [array.slice(0, dot), array.slice(dot + 1)];
    const field = this.layoutAt(object).field(object, name);
    if (field !== undefined) return field;
    throw new Error(
      `layout of ${this.name}: got the field '${name}' of the object '${object}', which it does not know`,
    );
  }

  /** The layout of the object that finds a timer by its ID. @param process Whose it is; 0 for one of the system. */
  indexOf(process: number): IndexLayout {
    return this.layoutAt(process === 0 ? this.index : `${this.index}/${process}`) as IndexLayout;
  }

  layoutOf(make: MakeLayout, process: number): Layout {
    let made = this.layouts.get(make);
    if (made === undefined) {
      made = [];
      this.layouts.set(make, made);
    }
    return (made[process] ??= make(process, this));
  }

  private layoutAt(object: string): Layout {
    const { part, process } = partOf(this.name, object);
    return this.layoutOf(part.layout, process);
  }
}
