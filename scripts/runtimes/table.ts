// The table of runtimes, as Markdown.
import { type Cell, PACKAGES } from './cell.ts';

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
  const names = PACKAGES.filter((name) => cells.some((cell) => cell.package === name));
  const rows = names.map((name) => {
    const of = (runtime: string): Cell | undefined =>
      cells.find((cell) => cell.package === name && cell.runtime === runtime);
    return `| ${name} | ${runtimes.map((runtime) => (of(runtime) ? words(of(runtime)!) : '–')).join(' | ')} |`;
  });
  return [`| package | ${runtimes.join(' | ')} |`, `|---|${runtimes.map(() => '---').join('|')}|`, ...rows].join('\n');
}

/** Why tests were left out: how many in each runtime for each reason. */
export function reasonsOf(cells: readonly Cell[]): string {
  const runtimes = unique(cells.map(({ runtime }) => runtime));
  const leftOut = (why: string, runtime: string): number =>
    sum(
      Object.fromEntries(
        cells.filter((cell) => cell.runtime === runtime).map((cell, i) => [i, cell.leftOut[why] ?? 0]),
      ),
    );
  const most = (why: string): number => Math.max(...runtimes.map((runtime) => leftOut(why, runtime)));
  const reasons = unique(cells.flatMap((cell) => Object.keys(cell.leftOut))).sort((a, b) => most(b) - most(a));
  const rows = reasons.map((why) => `| ${why} | ${runtimes.map((runtime) => leftOut(why, runtime)).join(' | ')} |`);
  return [`| left out for | ${runtimes.join(' | ')} |`, `|---|${runtimes.map(() => '---').join('|')}|`, ...rows].join(
    '\n',
  );
}
