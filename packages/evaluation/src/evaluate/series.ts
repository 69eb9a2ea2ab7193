// Series for charts: memory against the distance of IDs.
import { createTimerTable, DESIGNS, type DesignName } from '@idspace/posix-timers';
import type { Series } from './evaluation.ts';
import { bytesPerTimer, memoryOf } from './memory.ts';
import { addProcesses } from './processes.ts';

/** As many timers as in T. Gleixner's example: "2048 timers with a ID offset of 512". */
export const STRIDE_TIMERS = 2048;
const MAX_STRIDE = 4096;
const DEFAULT_CPUS = 64;

/**
 * Restores 2048 timers at IDs 0, s, 2s … in every design and returns bytes per timer (y) by stride s (x), 1, 2, 4 … 4096.
 *
 * The generational design has no points where two of the IDs want the same slot.
 */
export function strideSeries(designs: readonly DesignName[] = DESIGNS, cpus: number = DEFAULT_CPUS): Series[] {
  return designs.map((design) => {
    const points: Series['points'] = [];
    for (let x = 1; x <= MAX_STRIDE; x *= 2) {
      const y = bytesAtStride(design, x, cpus);
      if (y !== null) points.push({ x, y });
    }
    return { design, points };
  });
}

/** Returns bytes per timer, or null where the design refuses one of the IDs. */
function bytesAtStride(design: DesignName, stride: number, cpus: number): number | null {
  const table = createTimerTable(design, { cpus });
  const [process] = addProcesses(table, 1, 1);
  for (let i = 0; i < STRIDE_TIMERS; i++) {
    const timer = table.timers.allocate();
    if (table.add(process, timer, i * stride) < 0) return null;
    table.publish(process, timer);
  }
  return bytesPerTimer(memoryOf(table, design, cpus, STRIDE_TIMERS), STRIDE_TIMERS);
}
