// The table of runtimes, as Markdown.
import type { Cell } from './cell.ts';

/** What a cell says: tests passed, failed, left out. */
function words({ passed, leftOut, failures }: Cell): string {
  const out = sum(leftOut);
  return [
    `${passed}`,
    ...(failures.length > 0 ? [`**${failures.length} failed**`] : []),
    ...(out > 0 ? [`${out} left out`] : []),
  ].join(', ');
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, count) => total + count, 0);

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

/** Tests passed by package and runtime. */
export function tableOf(cells: readonly Cell[]): string {
  const runtimes = unique(cells.map(({ runtime }) => runtime));
  const rows = unique(cells.map((cell) => cell.package)).map((name) => {
    const of = (runtime: string): Cell | undefined =>
      cells.find((cell) => cell.package === name && cell.runtime === runtime);
    return `| ${name} | ${runtimes.map((runtime) => (of(runtime) ? words(of(runtime)!) : '–')).join(' | ')} |`;
  });
  return [`| package | ${runtimes.join(' | ')} |`, `|---|${runtimes.map(() => '---').join('|')}|`, ...rows].join('\n');
}

/** Why tests were left out, by runtime. */
export function reasonsOf(cells: readonly Cell[]): string {
  return unique(cells.map(({ runtime }) => runtime))
    .map((runtime) => {
      const counts: Record<string, number> = {};
      for (const cell of cells.filter((cell) => cell.runtime === runtime)) {
        for (const [why, count] of Object.entries(cell.leftOut)) counts[why] = (counts[why] ?? 0) + count;
      }
      const parts = Object.entries(counts)
        .sort(([, a], [, b]) => b - a)
        .map(([why, count]) => `${why} (${count})`);
      return `- ${runtime}: ${parts.join(', ') || 'nothing'}`;
    })
    .join('\n');
}
