// The table of docs/scaling.md, row by row.
import { simulate } from './simulate.ts';
import { WORKLOADS } from './workloads.ts';

export const CORES: readonly number[] = [2, 4, 16, 64];

/** The lines of an operation, as a cell. */
export function linesOf(name: string, cores: number): string {
  return simulate(WORKLOADS[name]!, cores).lines.toFixed(2);
}

/** A row as Markdown. All cells behind those of the lines are of the most cores. */
export function rowOf(name: string): string {
  const all = CORES.map((cores) => simulate(WORKLOADS[name]!, cores));
  const { lines, hottest, hottestAt, blamed } = all.at(-1)!;
  const most = CORES.at(-1)!;
  const cores = lines / hottest;
  const stops = hottest === 0 ? 'never' : cores > most ? `past ${most}` : cores.toFixed(0);
  const cells = [...all.map((one) => one.lines.toFixed(2)), hottest.toFixed(2), hottestAt || 'none', stops];
  return `| ${name} | ${cells.join(' | ')} | ${blamed || 'none'} |`;
}
