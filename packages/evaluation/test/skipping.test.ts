// Sampled phases cost what whole ones do: what operations that are skipped leave in the caches is what they would have left.
import { DESIGNS, type DesignName } from '@idspace/posix-timers';
import { withinBudget } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import type { LookupOrder, OperationCounts } from '../src/evaluate/evaluation.ts';
import { planEvaluation } from '../src/evaluate/options.ts';
import { startRun } from '../src/evaluate/run.ts';
import type { Hardware } from '../src/hardware/hardware.ts';
import { HARDWARE_NAMES, hardwareNamed } from '../src/hardware/presets.ts';
import { LINE } from '../src/layouts/sizes.ts';
import { RecordedTable } from './reference-log.ts';

/** Caches so small that some thousand timers are far too many for the last of them. */
const SMALL: Hardware = {
  ...hardwareNamed(HARDWARE_NAMES[0]),
  levels: [
    { name: 'L1d', size: 4096, ways: 4, line: LINE },
    { name: 'L2', size: 16_384, ways: 8, line: LINE },
    { name: 'LL', size: 262_144, ways: 16, line: LINE },
  ],
};

const PHASES = [
  ['create', 'creation'],
  ['lookup', 'creation'],
  ['lookup', 'random'],
  ['delete', 'creation'],
] as const;

type Cost = OperationCounts & { memoryNs: number };

/** Runs all phases on the small machine. @param recorded Operations to count of each. */
function run(design: DesignName, timers: number, threads: number, recorded: number): Record<string, Cost> {
  const plan = planEvaluation({ designs: [design], timers: timers / threads, threads, cpus: 4 });
  const small = { ...plan, machine: SMALL, workload: { ...plan.workload, recorded } };
  const { recording, phases } = startRun(design, small, [SMALL], () => {});
  const results = PHASES.map(([operation, order]: readonly [(typeof PHASES)[number][0], LookupOrder]) => {
    const { kernel, operations, work } = phases.run(operation, order);
    expect(operations).toBeGreaterThan(0.9 * recorded);
    return [`${operation} ${order}`, { ...kernel, memoryNs: work[0].memoryNs }] as const;
  });
  recording.stop();
  return Object.fromEntries(results);
}

const PHASED: [DesignName, number][] = [
  ...DESIGNS.map((design): [DesignName, number] => [design, 1]),
  ['hash-512', 4],
  ['hash-scaled-jhash', 4],
  ['xarray', 4],
];

test.each(withinBudget(PHASED, { least: 3 }))(
  '%s: counted in part, a phase of %i threads misses as often as counted whole',
  (design, threads) => {
    const timers = 4800;
    const whole = run(design, timers, threads, timers);
    const part = run(design, timers, threads, 256 * threads);
    for (const [phase, counts] of Object.entries(whole)) {
      const close = (what: string, some: number, all: number, share: number): void => {
        expect
          .soft(Math.abs(some - all), `${phase} ${what}: whole ${all}, part ${some}`)
          .toBeLessThan(share * all + 0.02);
      };
      close('refs', part[phase].refs, counts.refs, 0.08);
      close('ns', part[phase].memoryNs / part[phase].linesTouched, counts.memoryNs / counts.linesTouched, 0.08);
      // Chains differ from window to window, and with them all that is touched: what of it misses does not.
      for (const figure of ['d1Misses', 'llMisses'] as const) {
        close(figure, part[phase][figure] / part[phase].linesTouched, counts[figure] / counts.linesTouched, 0.05);
      }
    }
  },
);

describe.each(DESIGNS)('the footprint of %s', (design) => {
  const recorded = new RecordedTable(design, 1, 2);
  // Not a whole number of slabs: the first timer of one writes through it.
  for (let i = 0; i < 9003; i++) recorded.create(undefined, 1 + (i % 2));

  test.each(['create', 'lookup', 'delete'] as const)('of a %s has the lines that are recorded', (operation) => {
    for (const [i, process] of [40, 2000, 4300].flatMap(
      (i) =>
        [
          [i, 1],
          [i, 2],
        ] as const,
    )) {
      // In the one ID space of idr the processes have every other ID.
      const id = design === 'idr' ? 2 * i + process - 1 : i;
      const { footprint, lines } = recorded.footprint(operation, id, process);
      expect(footprint.size).toBeGreaterThan(0);
      expect([...footprint].filter((line) => !lines.has(line))).toEqual([]);
      // Locks and heads that all share, neighbours in a list, marks of a leaf that is no longer full.
      const left = [...lines].filter((line) => !footprint.has(line));
      expect(left.length).toBeLessThanOrEqual(operation === 'lookup' ? 0 : 5);
    }
  });
});
