// What a simulated cache counted, in cachegrind's words and order.
import type { CacheStats, CurvePoint, Geometry } from '@idspace/cache-sim';
import { bytes, count, percent } from './number.ts';

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

/** Writes geometry, counts and rates out, and whatever else was watched. */
export function simulationText(stats: CacheStats, caches: readonly Geometry[], curve?: readonly CurvePoint[]): string {
  const rates = missRates(stats);
  const last = stats.levels[stats.levels.length - 1];
  const split = (rd: number, wr: number): string => `(${count(rd)} rd + ${count(wr)} wr)`;
  const rows: Row[] = [
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
    ['LL refs', count(last.fetches + last.reads + last.writes), split(last.fetches + last.reads, last.writes)],
    ['LL misses', count(stats.ILmr + stats.DLmr + stats.DLmw), split(stats.ILmr + stats.DLmr, stats.DLmw)],
    ['LL miss rate', percent(rates.LL), 'of all refs'],
  ];
  const between = stats.levels.slice(1, -1).map(({ name, reads, writes, readMisses, writeMisses }): Row => {
    return [`${name} misses`, count(readMisses + writeMisses), `of ${count(reads + writes)} data refs that came to it`];
  });
  if (between.length > 0) rows.push(['', '', ''], ...between);
  rows.push(...classRows(stats), ...tlbRows(stats));
  const picture = curve === undefined ? '' : `\n${curveText(curve)}`;
  return `${caches.map(cacheLine).join('')}\n${rows.map(alignedRow).join('')}${picture}`;
}

type Row = [name: string, value: string, note: string];

/** Misses by cause, a row for each cache. */
function classRows({ levels, instruction }: CacheStats): Row[] {
  const caches = [...(instruction ? [instruction] : []), ...levels];
  const rows = caches.flatMap(({ name, classes }): Row[] => {
    if (classes === undefined) return [];
    const { compulsory, capacity, conflict } = classes;
    const parts = `(${count(compulsory)} compulsory + ${count(capacity)} capacity + ${count(conflict)} conflict)`;
    return [[`${name} causes`, count(compulsory + capacity + conflict), parts]];
  });
  return rows.length === 0 ? [] : [['', '', ''], ...rows];
}

function tlbRows({ tlb }: CacheStats): Row[] {
  if (tlb === undefined) return [];
  const { data, instruction, walks } = tlb;
  const missed = ({ lookups, misses }: { lookups: number; misses: number }): [string, string] => [
    count(misses),
    `of ${count(lookups)} lookups`,
  ];
  const first: Row[] = instruction ? [['I TLB misses', ...missed(instruction)]] : [];
  return [['', '', ''], ...first, ['D TLB misses', ...missed(data)], ['walks', count(walks), 'of the page table']];
}

/** Cells of the longest bar. */
const BAR = 40;

/** The miss-ratio curve, a bar for each size. */
function curveText(curve: readonly CurvePoint[]): string {
  const lines = curve.map(({ size, missRatio }) => {
    const bar = '█'.repeat(Math.round(missRatio * BAR)).padEnd(BAR);
    return `${bytes(size).padStart(10)}  ${bar}  ${percent(missRatio)}`;
  });
  return `Data refs that would miss in one LRU cache of this size:\n${lines.join('\n')}\n`;
}

function cacheLine({ name, size, ways, line }: Geometry): string {
  return `${name} cache: ${count(size)} B, ${count(line)} B lines, ${count(ways)}-way associative\n`;
}

function alignedRow([name, value, note]: Row): string {
  return `${name === '' ? '' : `${`${name}:`.padEnd(15)}${value.padStart(16)}  ${note}`}`.trimEnd().concat('\n');
}
