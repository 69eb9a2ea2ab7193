// A machine: its caches, and what each thing costs on it.
import type { Geometry } from '@idspace/cache-sim';

/** Where a value comes from: read in a document, measured on a real machine, fitted to measurements, or taken as plausible. */
export type Basis = 'documented' | 'measured' | 'calibrated' | 'assumed';

/** A value of the model, and where it comes from. */
export interface Parameter {
  value: number;
  unit: 'ns';
  basis: Basis;
  source: string;
  /** The true value is taken to lie between value / uncertainty and value × uncertainty; above 1. */
  uncertainty: number;
  /** Of a calibrated value: what it was before, from documents and other machines. */
  prior?: number;
}

/** What the model needs to know, all in nanoseconds. */
export interface HardwareParameters {
  /** A read served by level 1, 2, 3 … and by memory: one more than there are levels. */
  readNs: readonly Parameter[];
  /** A write: the store buffer takes it, wherever the line is. */
  writeNs: Parameter;
  /** What an atomic read-modify-write costs beyond reading its line. */
  atomicNs: Parameter;
  /** A line that another core wrote last comes over. */
  transferNs: Parameter;
  /** What a contended lock costs between one holder and the next. */
  handoverNs: Parameter;
  /** Into the kernel and out again. */
  syscallNs: Parameter;
  /** What timer_create does beside the table, the list, the locks and the allocation of the timer. */
  createNs: Parameter;
  /** What timer_gettime or timer_getoverrun does beside the lookup. */
  lookupNs: Parameter;
  /** What timer_delete does beside the lookup, the table, the list, the locks and the freeing. */
  deleteNs: Parameter;
}

/** A machine of the model. */
export interface Hardware {
  name: string;
  title: string;
  /** Its TLBs are those of this CPU in cache-sim. */
  cpu: string;
  levels: readonly Geometry[];
  parameters: HardwareParameters;
}
