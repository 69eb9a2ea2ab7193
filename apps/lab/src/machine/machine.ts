// A machine: caches, and what things cost on it.
import type { Geometry } from '@idspace/cache-sim';

/** Where a value comes from: read in a document, measured on a real machine, or taken as plausible. */
export type Basis = 'documented' | 'measured' | 'assumed';

export interface Parameter {
  value: number;
  unit: 'ns';
  basis: Basis;
  source: string;
}

/** What the model needs to know, all in nanoseconds. */
export interface MachineParameters {
  /** A read served by level 1, 2, 3 … and by memory: one more than there are levels. */
  readNs: readonly Parameter[];
  /** A write: the store buffer takes it, wherever the line is. */
  writeNs: Parameter;
  /** What an atomic read-modify-write costs beyond reading its line. */
  atomicNs: Parameter;
  /** A line that another core wrote last comes over. */
  transferNs: Parameter;
  /** Into the kernel and out again. */
  syscallNs: Parameter;
  /** What timer_create does beside the table, the list, the locks and the allocation of the timer. */
  createNs: Parameter;
  /** What timer_gettime or timer_getoverrun does beside the lookup. */
  lookupNs: Parameter;
  /** What timer_delete does beside the lookup, the table, the list, the locks and the freeing. */
  deleteNs: Parameter;
}

export interface Machine {
  name: string;
  title: string;
  levels: readonly Geometry[];
  parameters: MachineParameters;
}
