// Sinks for tests.
import type { Sink } from '../../src/index.ts';

/** A sink that writes each access down as 'R o.a 3'. */
export function accessLog(): { log: string[]; sink: Sink } {
  const log: string[] = [];
  return { log, sink: (array, element, isWrite) => log.push(`${isWrite ? 'W' : 'R'} ${array} ${element}`) };
}

/** A sink that counts reads and writes by array. */
export function accessCounts(): { take(): Record<string, number>; sink: Sink } {
  let counts: Record<string, number> = {};
  return {
    /** Returns the counts since the last call: { 'reads o.a': 3 }. */
    take: () => {
      const taken = counts;
      counts = {};
      return taken;
    },
    sink: (array, _element, isWrite) => {
      const key = `${isWrite ? 'writes' : 'reads'} ${array}`;
      counts[key] = (counts[key] ?? 0) + 1;
    },
  };
}
