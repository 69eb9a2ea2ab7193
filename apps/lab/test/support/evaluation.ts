// An evaluation with made-up numbers of a plausible size, for tests of how it is shown.

import type {
  DesignEvaluation,
  Evaluation,
  OperationCost,
  OperationCounts,
  Series,
  Situation,
} from '@idspace/evaluation';
import { random } from '@idspace/testkit';

const DESIGNS = [
  { design: 'idr', weight: 4, node: 9 },
  { design: 'hash-512', weight: 60, node: 0 },
  { design: 'hash-512-precheck', weight: 61, node: 0 },
  { design: 'hash-scaled', weight: 5, node: 0 },
  { design: 'hash-scaled-jhash', weight: 5.5, node: 0 },
  { design: 'xarray', weight: 3, node: 9 },
  { design: 'xarray-cyclic', weight: 3, node: 9 },
  { design: 'generational', weight: 2, node: 8 },
] as const;

/** Makes an evaluation of all designs, or of the named ones. */
export function madeUpEvaluation(names?: readonly string[]): Evaluation {
  const chosen = DESIGNS.filter(({ design }) => names?.includes(design) ?? true);
  return {
    workload: {
      processes: 1,
      threads: 1,
      timers: 20_000,
      totalTimers: 20_000,
      seed: 1,
      orders: ['creation', 'random'],
      recorded: 20_000,
      churn: 40_000,
    },
    machine: {
      name: 'server',
      title: 'A server <2025>',
      cpus: 64,
      running: 1,
      levels: [
        { name: 'D1', size: 49_152, ways: 12, line: 64 },
        { name: 'LL', size: 33_554_432, ways: 16, line: 64 },
      ],
      parameters: {
        d1Ns: { value: 1.5, unit: 'ns', basis: 'documented', source: "the vendor's manual", uncertainty: 1.1 },
        lockNs: { value: 20, unit: 'ns', basis: 'assumed', source: 'one atomic exchange', uncertainty: 2 },
      },
    },
    designs: chosen.map(({ design, weight, node }) => madeUpDesign(design, weight, node)),
  };
}

/** Makes situations: a win, a tie and a loss of the tree against both others. */
export function madeUpSituations(): Situation[] {
  const of = (old: number, today: number, tree: number): Situation['ns'] => {
    return { 'hash-512': old, 'hash-scaled-jhash': today, xarray: tree };
  };
  return [
    { name: 'a win', flags: '--timers 9', ns: of(300, 250, 200) },
    { name: 'a tie', flags: '--workload threads-random', ns: of(209, 220, 200) },
    { name: 'a loss', flags: '--workload sparse', ns: of(180, 150, 200) },
  ];
}

/** Makes the series of the memory chart: flat for hashes, rising to a node per timer for trees. */
export function madeUpMemory(names?: readonly string[]): Series[] {
  return DESIGNS.filter(({ design }) => names?.includes(design) ?? true).map(({ design, node }) => ({
    design,
    points: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512].map((x) => ({
      x,
      y: 256 + (node > 0 ? Math.min(node * x, 584) : 0.5 * (design.length % 3)),
    })),
  }));
}

function madeUpDesign(design: DesignEvaluation['design'], weight: number, node: number): DesignEvaluation {
  const rng = random(design.length);
  const cost = (factor: number): OperationCost => ({
    counted: 20_000,
    ...counts(weight * factor, rng.below(100) / 100),
    servedBy: { D1: 0.9 * weight * factor, LL: 0.5 * weight * factor, memory: 0.1 * weight * factor, 'other core': 0 },
    transfers: 0,
    tlbMisses: 0.02 * weight,
    usefulBytesPerLine: 24,
    nsPerOp: 40 * weight * factor,
    cpuWaitNs: 0,
    lockAcquisitions: 2,
    locks: [{ name: 'hash_lock', acquired: 1, holdNs: 30 * weight, waitNs: 10 * weight }],
  });
  const phases = { create: cost(1), lookup: cost(0.8), lookupRandom: cost(0.9), delete: cost(1.5) };
  return {
    design,
    layout: `Linux 6.18 & <${design}>`,
    ...phases,
    bytesPerTimer: 384 + node,
    memory: { timer: 384, table: node, fixed: node > 0 ? 0 : 8192 },
    churn: { live: 20_000, highestId: 60_000, holes: 40_000, recoverable: 0, lost: 40_000, tableBytesPerTimer: node },
    restore: {
      dance: { creates: 60_001, deletes: 40_001, peakTimers: 20_000, seconds: 0.0455 },
      byId: { creates: 20_000, seconds: 0.0097 },
    },
    js: { ...phases, bytesPerTimer: 100 },
  };
}

function counts(lines: number, jitter: number): OperationCounts {
  const part = (share: number): { refs: number; linesTouched: number } => ({
    refs: share * lines * 1.5,
    linesTouched: share * lines,
  });
  return {
    refs: lines * 1.5,
    reads: lines,
    writes: lines * 0.5,
    d1Misses: lines * 0.6 + jitter,
    llMisses: lines * 0.05,
    linesTouched: lines,
    by: { table: part(0.6), list: part(0.1), lock: part(0.1), timer: part(0.2) },
  };
}
