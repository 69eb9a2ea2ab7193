// The table of docs/scaling.md, row by row.
import { simulate } from './simulate.ts';
import { WORKLOADS } from './workloads.ts';

export const CORES: readonly number[] = [2, 4, 16, 64];

/** The cells of a row that a number of cores decides; the last ones are those of the most cores. */
export function cellOf(name: string, cores: number): { lines: string; hottest: string; blamed: string } {
  const { lines, hottest, blamed } = simulate(WORKLOADS[name]!, cores);
  return { lines: lines.toFixed(2), hottest: hottest.toFixed(2), blamed: blamed === '' ? 'none' : blamed };
}

/** A row as Markdown. */
export function rowOf(name: string): string {
  const cells = CORES.map((cores) => cellOf(name, cores));
  const { hottest, blamed } = cells.at(-1)!;
  return `| ${name} | ${cells.map(({ lines }) => lines).join(' | ')} | ${hottest} | ${blamed} |`;
}
