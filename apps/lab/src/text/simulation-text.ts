// What a simulated cache counted, in cachegrind's words and order.
import type { CacheStats, Geometry } from '@idspace/cache-sim';
import { count, percent } from './number.ts';

/** Miss rates as cachegrind defines them: the last level's is over all references. */
export interface MissRates {
  I1: number;
  LLi: number;
  D1: number;
  LLd: number;
  LL: number;
}

/** Computes the miss rates; a rate of nothing is 0. */
export function missRates(stats: CacheStats): MissRates {
  const dataRefs = stats.Dr + stats.Dw;
  const share = (part: number, of: number): number => (of === 0 ? 0 : part / of);
  return {
    I1: share(stats.I1mr, stats.Ir),
    LLi: share(stats.ILmr, stats.Ir),
    D1: share(stats.D1mr + stats.D1mw, dataRefs),
    LLd: share(stats.DLmr + stats.DLmw, dataRefs),
    LL: share(stats.ILmr + stats.DLmr + stats.DLmw, stats.Ir + dataRefs),
  };
}

/** Writes geometry, counts and rates out. */
export function simulationText(stats: CacheStats, caches: readonly Geometry[]): string {
  const rates = missRates(stats);
  const split = (rd: number, wr: number): string => `(${count(rd)} rd + ${count(wr)} wr)`;
  const rows: [string, string, string][] = [
    ['I refs', count(stats.Ir), ''],
    ['I1 misses', count(stats.I1mr), ''],
    ['LLi misses', count(stats.ILmr), ''],
    ['I1 miss rate', percent(rates.I1), ''],
    ['LLi miss rate', percent(rates.LLi), ''],
    ['', '', ''],
    ['D refs', count(stats.Dr + stats.Dw), split(stats.Dr, stats.Dw)],
    ['D1 misses', count(stats.D1mr + stats.D1mw), split(stats.D1mr, stats.D1mw)],
    ['LLd misses', count(stats.DLmr + stats.DLmw), split(stats.DLmr, stats.DLmw)],
    ['D1 miss rate', percent(rates.D1), ''],
    ['LLd miss rate', percent(rates.LLd), ''],
    ['', '', ''],
    ['LL refs', count(stats.I1mr + stats.D1mr + stats.D1mw), split(stats.I1mr + stats.D1mr, stats.D1mw)],
    ['LL misses', count(stats.ILmr + stats.DLmr + stats.DLmw), split(stats.ILmr + stats.DLmr, stats.DLmw)],
    ['LL miss rate', percent(rates.LL), 'of all refs'],
  ];
  return `${caches.map(cacheLine).join('')}\n${rows.map(alignedRow).join('')}`;
}

function cacheLine({ name, size, ways, line }: Geometry): string {
  return `${name} cache: ${count(size)} B, ${count(line)} B lines, ${count(ways)}-way associative\n`;
}

function alignedRow([name, value, note]: [string, string, string]): string {
  return `${name === '' ? '' : `${`${name}:`.padEnd(15)}${value.padStart(16)}  ${note}`}`.trimEnd().concat('\n');
}
