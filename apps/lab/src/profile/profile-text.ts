// A profile as people read it: the hottest lines, the arrays behind them, and the source around.

import {
  type ArrayProfile,
  type CacheCounts,
  type LineProfile,
  missesOf,
  type Profile,
  type SharedLineProfile,
  type SharingPlace,
} from '@idspace/cache-profile';
import type { Column } from '../format/exhibit.ts';
import { heading } from '../format/exhibit-text.ts';
import { count, counted, percent } from '../format/number.ts';
import { paragraph } from '../format/paragraph.ts';
import { printable } from '../format/printable.ts';
import { columnsOf, hasMarks, isBounded, type Screen, widthOf } from '../format/screen.ts';
import { table } from '../format/table.ts';
import type { SourceLines } from './source-lines.ts';

export interface ProfileView {
  script: string;
  /** The CPU. */
  title: string;
  /** Rows to show. */
  lines: number;
  isAnnotated: boolean;
  source: SourceLines;
}

/** Bytes of a cache line. */
const LINE = 64;
/** Places of a cache line that are shown. */
const MOST_PLACES = 4;
/** Accesses of which nothing follows. */
const FEW = 64;
const LONGEST_SOURCE = 48;
/** Columns between two of a table, and source that is shown beside the counts of an annotated line at least. */
const [GAP, LEAST_SOURCE] = [2, 24];
/** Lines of source before and after a hot one. */
const AROUND = 2;

export function profileText(profile: Profile, view: ProfileView, screen: Screen): string {
  const { totals, accesses, lines, arrays, unseen } = profile;
  const refs = totals.Dr + totals.Dw;
  const misses = missesOf(totals);
  const summary =
    `${view.script}: ${counted(accesses, 'access', 'accesses')} to elements of typed arrays, ${count(misses)} missed the first-level data ` +
    `cache (${percent(misses / refs)}) and ${count(totals.DLmr + totals.DLmw)} all caches of a simulated ${view.title}.`;
  const parts = [
    paragraph(summary, screen),
    `${heading('Lines that miss most', screen)}\n\n${table(lineColumns(profile), lineRows(profile, view), screen)}`,
    `${heading('Arrays', screen)}\n\n${table(arrayColumns(screen), arrayRows(arrays, view, screen), screen)}`,
    ...sharing(profile, view, screen),
    ...advice(lines, view).map((text) => paragraph(text, screen)),
    ...(view.isAnnotated ? [annotated(profile, view, screen)] : []),
    ...(unseen > 0
      ? [
          paragraph(
            `${counted(unseen, 'place')} in the source could not be instrumented and ${unseen === 1 ? 'is' : 'are'} not counted.`,
            screen,
          ),
        ]
      : []),
  ];
  return parts.join('\n');
}

const COUNTS: readonly Column[] = [
  { head: 'Dr', drop: 3 },
  { head: 'D1mr' },
  { head: 'DLmr', drop: 2 },
  { head: 'Dw', drop: 3 },
  { head: 'D1mw' },
  { head: 'DLmw', drop: 2 },
];

/** Only where there are several threads. */
const THREAD_COUNTS: readonly Column[] = [{ head: 'coherence\nmisses' }, { head: 'invali-\ndations', drop: 2 }];

/** The columns of a line's counts. */
function countColumns({ threads }: Profile): readonly Column[] {
  return threads.length > 1 ? [...COUNTS, ...THREAD_COUNTS] : COUNTS;
}

/** Its counts, a cell for each of these columns. */
function lineCells(line: LineProfile, { threads }: Profile): string[] {
  return [...countCells(line), ...(threads.length > 1 ? [count(line.coherenceMisses), count(line.invalidations)] : [])];
}

function lineColumns(profile: Profile): readonly Column[] {
  return [
    { head: 'line', align: 'left', isPath: true, isKey: true },
    ...countColumns(profile),
    { head: 'of all\nD1 misses' },
    { head: 'step', drop: 4 },
    { head: 'source', align: 'left', drop: 1 },
  ];
}

function lineRows(profile: Profile, { source, lines: most }: ProfileView): string[][] {
  const { lines, totals } = profile;
  const all = missesOf(totals);
  return lines
    .slice(0, most)
    .map((line) => [
      printable(`${source.nameOf(line.file)}:${line.line}`),
      ...lineCells(line, profile),
      all === 0 ? '–' : percent(missesOf(line) / all),
      line.walk === null ? '' : count(line.walk.step),
      printable(source.line(line.file, line.line).trim(), LONGEST_SOURCE),
    ]);
}

const BARS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const PLAIN_BARS = [' ', '.', ':', '-', '=', '+', '*', '#', '@'];

function arrayColumns(screen: Screen): readonly Column[] {
  return [
    { head: 'array', align: 'left', isKey: true },
    { head: 'largest', drop: 2 },
    ...COUNTS,
    ...(widthOf(screen) >= 80 ? [{ head: 'misses in it', align: 'left', drop: 1 } as const] : []),
  ];
}

function arrayRows(arrays: readonly ArrayProfile[], { lines: most, source }: ProfileView, screen: Screen): string[][] {
  const shown = arrays.slice(0, most);
  const isTwice = (name: string): boolean => shown.filter((other) => other.name === name).length > 1;
  return shown.map((array) => [
    printable(isTwice(array.name) ? `${array.name} (${source.nameOf(array.file)})` : array.name),
    array.bytes === 0 ? '' : `${count(array.bytes)} B`,
    ...countCells(array),
    ...(widthOf(screen) >= 80 ? [picture(array.places, screen)] : []),
  ]);
}

/** Misses from the beginning to the end of an array, in 32 characters. */
function picture(places: readonly number[], screen: Screen): string {
  const bars = hasMarks(screen) || widthOf(screen) >= 100 ? BARS : PLAIN_BARS;
  const halves = Array.from({ length: places.length / 2 }, (_, i) => places[2 * i]! + places[2 * i + 1]!);
  const most = Math.max(0, ...halves);
  return halves.map((misses) => bars[misses === 0 ? 0 : Math.max(1, Math.round((8 * misses) / most))]).join('');
}

function countCells({ Dr, D1mr, DLmr, Dw, D1mw, DLmw }: CacheCounts): string[] {
  return [Dr, D1mr, DLmr, Dw, D1mw, DLmw].map(count);
}

const SHARED_COLUMNS: readonly Column[] = [
  { head: 'array', align: 'left', isKey: true },
  { head: 'line', align: 'left', isPath: true },
  { head: 'thread' },
  { head: 'bytes in\nthe array' },
  ...THREAD_COUNTS,
];

/** Which cache lines go from thread to thread, between which lines of source. */
function sharing({ threads, sharedLines, isCut }: Profile, view: ProfileView, screen: Screen): string[] {
  if (threads.length < 2) return [];
  const rows = sharedLines
    .slice(0, view.lines)
    .flatMap(({ array, offset, places }) =>
      places
        .slice(0, MOST_PLACES)
        .map((place, i) => [
          i === 0 ? printable(array) : '',
          placeName(place, view),
          count(place.thread),
          `${count(offset + place.from)}–${count(offset + place.to - 1)}`,
          count(place.coherenceMisses),
          count(place.invalidations),
        ]),
    );
  const order =
    `Of ${counted(threads.length, 'thread')}, each makes one access in turn on a core of its own. In truth their order differs from run to run, ` +
    'so what they do to each other is an example.';
  return [
    ...(rows.length > 0
      ? [
          `${heading('Cache lines that threads take from each other', screen)}\n\n${table(SHARED_COLUMNS, rows, screen)}`,
          ...falseSharing(sharedLines, view).map((text) => paragraph(text, screen)),
        ]
      : []),
    paragraph(isCut ? `${order} They made more accesses than are kept; the rest is not counted.` : order, screen),
  ];
}

/** What to do about the line that moves most for nothing. */
function falseSharing(lines: readonly SharedLineProfile[], view: ProfileView): string[] {
  const line = lines.find((one) => one.falseSharing > one.trueSharing);
  if (line === undefined) return [];
  const [one] = line.places;
  const other = line.places.find(({ thread }) => thread !== one!.thread);
  if (one === undefined || other === undefined) return [];
  return [
    `False sharing: ${placeName(one, view)} in thread ${one.thread} and ${placeName(other, view)} in thread ${other.thread} use different bytes of ` +
      `one cache line of ${printable(line.array)}. ${count(line.falseSharing)} times a thread had to fetch the line again, though what it used had ` +
      `not changed. Put what different threads write ${LINE} bytes apart.`,
  ];
}

function placeName({ file, line }: SharingPlace, { source }: ProfileView): string {
  return printable(`${source.nameOf(file)}:${line}`);
}

/** What the step of the hottest line says. */
function advice([hottest]: readonly LineProfile[], { source }: ProfileView): string[] {
  if (hottest === undefined || hottest.walk === null) return [];
  const { array, step, accesses, misses } = hottest.walk;
  if (Math.abs(step) < LINE || accesses < FEW) return [];
  return [
    `${printable(source.nameOf(hottest.file))}:${hottest.line} goes through ${printable(array)} in steps of ${count(Math.abs(step))} bytes, so each ` +
      `access is on another cache line of ${LINE} bytes: ${percent(misses / accesses)} of these accesses miss. In the order in which the ` +
      'elements lie, a line would be fetched one time for all the elements on it: exchange the loops, or store the data in the order of the walk.',
  ];
}

/** The source around the hottest lines. */
function annotated(profile: Profile, { source, lines: most }: ProfileView, screen: Screen): string {
  const { lines } = profile;
  const heads = countColumns(profile);
  const hot = lines.slice(0, most);
  const files = [...new Set(hot.map(({ file }) => file))];
  return files
    .map((file) => {
      const own = new Map(lines.filter((line) => line.file === file).map((line) => [line.line, line]));
      const shown = new Set<number>();
      for (const { line } of hot.filter((one) => one.file === file))
        for (let at = Math.max(1, line - AROUND); at <= Math.min(source.count(file), line + AROUND); at++)
          shown.add(at);
      const numbers = [...shown].sort((a, b) => a - b);
      const counts: Column[] = [{ head: 'line', isKey: true }, ...heads];
      const cells = numbers.map((number) => {
        const line = own.get(number);
        return [String(number), ...(line ? lineCells(line, profile) : heads.map(() => '.'))];
      });
      // What the counts leave, or wide source would push some of them out.
      const taken = counts.reduce(
        (sum, { head }, at) =>
          sum + GAP + Math.max(...[...head.split('\n'), ...cells.map((row) => row[at]!)].map(columnsOf)),
        0,
      );
      const room = isBounded(screen) ? Math.max(LEAST_SOURCE, widthOf(screen) - taken) : undefined;
      const rows = numbers.flatMap((number, i) => {
        const row = [...cells[i]!, printable(source.line(file, number).replaceAll('\t', '  '), room)];
        return i > 0 && numbers[i - 1] !== number - 1 ? [['', ...heads.map(() => ''), '…'], row] : [row];
      });
      const columns: Column[] = [...counts, { head: 'source', align: 'left' }];
      return `${heading(printable(source.nameOf(file)), screen)}\n\n${table(columns, rows, screen)}`;
    })
    .join('\n');
}
