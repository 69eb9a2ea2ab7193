// What a simulated cache counted, in cachegrind's words and order.
import type { CacheSim, CacheStats, CurvePoint, Level, LevelStats } from '@idspace/cache-sim';
import { bytes, count, counted, percent } from '../format/number.ts';
import { line } from '../format/paragraph.ts';
import { printable } from '../format/printable.ts';
import type { Screen } from '../format/screen.ts';
import { table } from '../format/table.ts';
import { cachesOf } from './flags.ts';

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
export function simulationText(
  stats: CacheStats,
  sim: CacheSim,
  screen: Screen,
  curve?: readonly CurvePoint[],
): string {
  const groups = [
    firstLevelRows(stats),
    lastLevelRows(stats),
    betweenRows(stats),
    classRows(stats),
    trafficRows(stats),
    usageRows(stats),
    tlbRows(stats),
    coherenceRows(stats),
  ];
  const shown = groups
    .filter((rows) => rows.length > 0)
    .map((rows) => rows.map((one) => alignedRow(one, screen)).join(''));
  const pictures = [
    regionsText(stats, screen),
    sharedLinesText(sim, screen),
    curve === undefined ? '' : curveText(curve),
  ];
  const cores = sim.cores > 1 ? `${count(sim.cores)} cores\n` : '';
  const caches = cachesOf(sim).map((level) => cacheLine(level, sim, screen));
  return [`${cores}${caches.join('')}`, ...shown, ...pictures.filter(Boolean)].join('\n');
}

type Row = [name: string, value: string, note: string];

const split = (rd: number, wr: number): string => `(${count(rd)} rd + ${count(wr)} wr)`;

function firstLevelRows(stats: CacheStats): Row[] {
  const rates = missRates(stats);
  return [
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
  ];
}

function lastLevelRows(stats: CacheStats): Row[] {
  const last = stats.levels[stats.levels.length - 1]!;
  return [
    ['LL refs', count(last.fetches + last.reads + last.writes), split(last.fetches + last.reads, last.writes)],
    ['LL misses', count(stats.ILmr + stats.DLmr + stats.DLmw), split(stats.ILmr + stats.DLmr, stats.DLmw)],
    ['LL miss rate', percent(missRates(stats).LL), 'of all refs'],
  ];
}

function betweenRows({ levels }: CacheStats): Row[] {
  return levels.slice(1, -1).map(({ name, reads, writes, readMisses, writeMisses }) => {
    return [`${name} misses`, count(readMisses + writeMisses), `of ${count(reads + writes)} data refs that came to it`];
  });
}

/** All caches, that of instructions first. */
const allOf = ({ levels, instruction }: CacheStats): readonly LevelStats[] =>
  instruction ? [instruction, ...levels] : levels;

/** Misses by cause, a row for each cache. */
function classRows(stats: CacheStats): Row[] {
  return allOf(stats).flatMap(({ name, classes }): Row[] => {
    if (classes === undefined) return [];
    const { compulsory, capacity, conflict } = classes;
    const parts = `(${count(compulsory)} compulsory + ${count(capacity)} capacity + ${count(conflict)} conflict)`;
    return [[`${name} causes`, count(compulsory + capacity + conflict), parts]];
  });
}

function trafficRows(stats: CacheStats): Row[] {
  return allOf(stats).flatMap(({ name, traffic }): Row[] => {
    if (traffic === undefined) return [];
    const { linesIn, writebacks, bytesIn, bytesOut, prefetches, prefetchHits, backInvalidations } = traffic;
    const early = prefetches > 0 ? `, ${count(prefetches)} of them prefetched (${count(prefetchHits)} used)` : '';
    const lost = backInvalidations > 0 ? `, ${counted(backInvalidations, 'line')} taken back` : '';
    return [
      [`${name} lines in`, count(linesIn), `${bytes(bytesIn)}${early}`],
      [`${name} written`, count(writebacks), `lines written back, ${bytes(bytesOut)} down${lost}`],
    ];
  });
}

function usageRows({ usage }: CacheStats): Row[] {
  if (usage === undefined) return [];
  return [['D1 line usage', percent(usage.share), `of the bytes of ${counted(usage.lines, 'line')}`]];
}

function tlbRows({ tlb }: CacheStats): Row[] {
  if (tlb === undefined) return [];
  const { data, instruction, walks } = tlb;
  const missed = ({ lookups, misses }: { lookups: number; misses: number }): [string, string] => [
    count(misses),
    `of ${count(lookups)} lookups`,
  ];
  const first: Row[] = instruction ? [['I TLB misses', ...missed(instruction)]] : [];
  return [...first, ['D TLB misses', ...missed(data)], ['walks', count(walks), 'of the page table']];
}

function coherenceRows({ coherence }: CacheStats): Row[] {
  if (coherence === undefined) return [];
  const { transfers, upgrades, invalidations, trueSharing, falseSharing } = coherence;
  return [
    ['transfers', count(transfers), 'lines from another core that had modified them'],
    ['upgrades', count(upgrades), 'writes to lines that other cores held too'],
    ['invalidations', count(invalidations), 'copies given up'],
    [
      'sharing misses',
      count(trueSharing + falseSharing),
      `(${count(trueSharing)} true + ${count(falseSharing)} false)`,
    ],
  ];
}

/** Accesses and misses by region and field. */
function regionsText({ regions, levels }: CacheStats, screen: Screen): string {
  if (regions === undefined) return '';
  const columns = [
    { head: 'region', align: 'left' as const },
    ...['fetches', 'reads', 'writes'].map((head) => ({ head })),
    ...levels.map(({ name }) => ({ head: `${name} misses` })),
  ];
  const rows = regions.map(({ region, field, fetches, reads, writes, misses }) => {
    const name = region === '' ? '(elsewhere)' : field === '' ? region : `${region}.${field}`;
    return [printable(name), ...[fetches, reads, writes, ...misses].map(count)];
  });
  return table(columns, rows, screen);
}

/** Lines that move most between cores, at most. */
const HOTTEST = 5;

function sharedLinesText(sim: CacheSim, screen: Screen): string {
  const lines = sim.cores > 1 ? sim.sharedLines(HOTTEST) : [];
  if (lines.length === 0) return '';
  const columns = [
    { head: 'line that moves', align: 'left' as const },
    ...['transfers', 'upgrades', 'true', 'false sharing'].map((head) => ({ head })),
    { head: 'on it', align: 'left' as const },
  ];
  const rows = lines.map(({ address, transfers, upgrades, trueSharing, falseSharing, fields }) => {
    return [
      `0x${address.toString(16)}`,
      ...[transfers, upgrades, trueSharing, falseSharing].map(count),
      printable(fields.join(', ')),
    ];
  });
  return table(columns, rows, screen);
}

/** Cells of the longest bar. */
const BAR = 40;

/** The miss-ratio curve, a bar for each size. */
function curveText(curve: readonly CurvePoint[]): string {
  const bars = curve.map(({ size, missRatio }) => {
    const bar = '█'.repeat(Math.round(missRatio * BAR)).padEnd(BAR);
    return `${bytes(size).padStart(10)}  ${bar}  ${percent(missRatio)}`;
  });
  return `Uses of lines by data that would miss in one LRU cache of this size\n(an access on two lines is two):\n${bars.join('\n')}\n`;
}

/** A cache's shape, and its habits where they are not the usual ones. */
function cacheLine(
  { name, size, ways, line: lineSize, policy, write, allocate, prefetch, shared }: Level,
  { cores }: CacheSim,
  screen: Screen,
): string {
  const habits = [
    ...(policy === undefined ? [] : [policy]),
    ...(write === 'through' ? ['write-through'] : []),
    ...(allocate === false ? ['write-around'] : []),
    ...(prefetch === undefined ? [] : ['next-line prefetch']),
    ...(cores > 1 && shared !== undefined ? [shared ? 'one for all cores' : 'one for each core'] : []),
  ];
  const shape = `${count(size)} B, ${count(lineSize)} B lines, ${count(ways)}-way associative`;
  return line([shape, ...habits].join(', '), screen, `${name} cache: `, '  ');
}

function alignedRow([name, value, note]: Row, screen: Screen): string {
  if (name === '') return '\n';
  const head = `${`${name}:`.padEnd(15)}${value.padStart(16)}`;
  return note === '' ? `${head}\n` : line(note, screen, `${head}  `, ' '.repeat(33));
}
