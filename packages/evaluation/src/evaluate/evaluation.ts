// Evaluation: the options and the result of `evaluate`. Plain data, ready for JSON.
import type { DesignName } from '@idspace/posix-timers';
import type { Parameter } from '../hardware/hardware.ts';

/** What to evaluate; everything has a default. */
export interface EvaluateOptions {
  /** Designs to compare, each once. Default: all, oldest first. */
  designs?: readonly DesignName[] | undefined;
  /** Processes, 1…4096. Default 1. */
  processes?: number | undefined;
  /** Threads of each process, 1…1024. Default 1. */
  threads?: number | undefined;
  /** Timers that each thread creates; at most 2²² = 4,194,304 over all threads. Default 20,000. */
  timers?: number | undefined;
  /** CPUs of the machine, 1…8192: sizes the scaled hash table and bounds how many threads run at the same time. Default 64. */
  cpus?: number | undefined;
  /** Decides the addresses of the processes and the order of the churn, u32. Default 1. */
  seed?: number | undefined;
  /** Name of a machine preset. Default: the first of `HARDWARE_NAMES`. */
  machine?: string | undefined;
  /**
   * The most operations of each phase that are recorded, 1,000…1,000,000: a longer phase is recorded in windows spread over
   * it. Fewer from a quarter of a million timers on, where the chains of a 512-bucket table get long. Default 20,000.
   */
  sample?: number | undefined;
  /** Orders in which all timers are looked up, each once. Creation order is always counted: deletes go by it. Default: both. */
  orders?: readonly LookupOrder[] | undefined;
  /** Called about a hundred times for each design. */
  onProgress?: ((progress: Progress) => void) | undefined;
}

/** How far an evaluation is. */
export interface Progress {
  design: DesignName;
  /** Operations done over all designs, 0…`of`. */
  done: number;
  total: number;
}

/** In which order timers are looked up: as they were created, or each thread its own at random. */
export type LookupOrder = 'creation' | 'random';

/** The parts of a design that an access can belong to. */
export type Category = 'table' | 'list' | 'lock' | 'timer';

/** References and lines of one category, means per operation. */
export interface CategoryCost {
  refs: number;
  linesTouched: number;
}

/** The mean cost of one operation, as counted. */
export interface OperationCounts {
  /** Data references, reads and writes. */
  refs: number;
  reads: number;
  writes: number;
  /** References that missed the first level. */
  d1Misses: number;
  /** References that missed the last level. */
  llMisses: number;
  /** Distinct cache lines. */
  linesTouched: number;
  /** The same by part; the lines of the parts add up to `linesTouched`: a shared line belongs to the part that came first. */
  by: Record<Category, CategoryCost>;
}

/** As counted where it lies in JavaScript. */
export type JsCounts = Omit<OperationCounts, 'llMisses'> & {
  /** Null where not all operations are recorded: what the others leave in the last level is not followed there. */
  llMisses: number | null;
};

/** Where the references of one operation were served, means. */
export interface Served {
  /** By the levels by name, 'memory', 'other core'; together all references. */
  servedBy: Record<string, number>;
  /** Lines that came from another core. */
  transfers: number;
  /** References whose page of 2 MiB the first TLB did not know. */
  tlbMisses: number;
}

/** The mean cost of one operation on the kernel's layout. */
export interface OperationCost extends OperationCounts, Served {
  /** Operations that the means are over. */
  counted: number;
  /** Bytes used of a line that came into the first level while it was there, mean over the phase; 0 when none came. */
  usefulBytesPerLine: number;
  /** One thread's time per operation on a CPU in ns, waiting for locks included, from the machine model. */
  nsPerOp: number;
  /** How long it waits for a CPU meanwhile, ns: 0 unless there are more threads than CPUs. The two together are the wall time. */
  cpuWaitNs: number;
  /** Lock acquisitions by lock, and all together. */
  locks: LockUse[];
  lockAcquisitions: number;
  /** The user's count of pending signals (RLIMIT_SIGPENDING), one atomic for all threads: not a lock, but waited for. Not in lookups. */
  pendingSignals?: LockUse;
}

/** What one lock costs an operation. */
export interface LockUse {
  name: string;
  /** Acquisitions per operation. */
  acquired: number;
  /** How long one acquisition holds it, ns without waiting, from the machine model. */
  holdNs: number;
  /** How long one acquisition waits for it, ns, from the machine model. */
  waitNs: number;
}

/** Means over a phase, or over the windows of it that are recorded. */
export interface PhaseCosts<Cost> {
  /** While the table fills. */
  create: Cost;
  /** Of the full table, in creation order. */
  lookup: Cost;
  /** Of the full table, in random order; only where it was asked for. */
  lookupRandom?: Cost;
  /** In creation order: what it contains is `lookup`. */
  delete: Cost;
}

/** Memory at the end of the fill, bytes. */
export interface Memory {
  /** One timer: its struct with its share of the slab page, and its sigqueue where that is an object of its own. */
  timer: number;
  /** What the table needs for one timer beyond it, mean: nodes. */
  table: number;
  /** The part that is there without a single timer, all of it: buckets. */
  fixed: number;
}

/** What random deletes and creates leave behind. */
export interface Churn {
  /** Live timers at the end. */
  live: number;
  /** The highest live ID of any process. */
  highestId: number;
  /** IDs below the highest that are free: holes. */
  holes: number;
  /** Holes that the next creates fill. */
  recoverable: number;
  /** Holes that stay until the ID space has been used up once. */
  lost: number;
  /** Bytes of the table per live timer after it. */
  tableBytesPerTimer: number;
}

/** What restoring the timers that are live after the churn costs. */
export interface RestoreCost {
  /** By creating and deleting until each ID comes, as CRIU did. */
  dance: { creates: number; deletes: number; peakTimers: number; seconds: number };
  /** By asking for the ID (the prctl of 6.15). */
  byId: { creates: number; seconds: number };
}

/** What one design costs, means per operation. */
export interface DesignEvaluation extends PhaseCosts<OperationCost> {
  design: DesignName;
  /** Which kernel's structures the layout is taken from. */
  layout: string;
  /** timer + table + fixed / timers. */
  bytesPerTimer: number;
  memory: Memory;
  churn: Churn;
  restore: RestoreCost;
  /** The same code as it lies in JavaScript's typed arrays. */
  js: PhaseCosts<JsCounts> & { bytesPerTimer: number };
}

/** The workload of `evaluate`: every thread creates its timers, looks them up and deletes them. */
export interface FillWorkload {
  processes: number;
  threads: number;
  /** Per thread. */
  timers: number;
  /** All together. */
  totalTimers: number;
  seed: number;
  orders: readonly LookupOrder[];
  /** Operations recorded of each phase; fewer than `totalTimers` means sampled windows. */
  recorded: number;
  /** Replacements (a random delete, then a create) of the churn; after them half of the timers are deleted. */
  churn: number;
}

/** What `evaluate` returns. Plain data, ready for JSON. */
export interface Evaluation {
  workload: FillWorkload;
  machine: HardwareSummary;
  designs: DesignEvaluation[];
}

/** The machine of the model, as printed beside the results. */
export interface HardwareSummary {
  name: string;
  title: string;
  cpus: number;
  /** Threads that run at the same time. */
  running: number;
  levels: { name: string; size: number; ways: number; line: number }[];
  /** The model's parameters: value, unit, and whether it is documented, measured, calibrated or assumed. */
  parameters: Record<string, Parameter>;
}

/** A line of a chart: one value against another, by design. */
export interface Series {
  design: DesignName;
  points: { x: number; y: number }[];
}
