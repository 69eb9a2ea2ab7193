// Draws the kept results of benchmarks: a table for each package and machine, with one small drawing for each row.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type KeptResult, readResults } from '../../../scripts/bench/results.ts';

/** Pixels of a drawing, and of the margin inside it. */
const [WIDTH, HEIGHT, MARGIN] = [120, 36, 5];

/**
 * Writes the history of all packages as HTML without scripts, and without blank lines, which would end it in Markdown.
 *
 * @param root The folder of the repository.
 * @throws Error naming file and line of a result that is none.
 */
export function history(root: string): string {
  const tables = readdirSync(join(root, 'packages'))
    .sort()
    .flatMap((name) => {
      const results = readResults(join(root, 'packages', name, 'bench/results.jsonl'));
      const machines = grouped(results, ({ machine, node }) => `${machine} · Node ${node}`);
      return [...machines].map(([machine, kept]) => tableOf(name, machine, kept));
    });
  return tables.length > 0 ? tables.join('\n') : '<p>No results are kept yet.</p>';
}

/** Groups items by a key, in the order in which keys come first. */
function grouped<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

function tableOf(name: string, machine: string, results: readonly KeptResult[]): string {
  const heads = ['row', 'against', 'last', 'all results'];
  const rows = [...grouped(results, ({ row, peer }) => JSON.stringify([row, peer])).values()].map((kept) => {
    const { row, peer, ratio, revision, date } = kept.at(-1)!;
    const cells = [
      text(row),
      text(peer),
      `${digits(ratio.median)}<br>${digits(ratio.low)}–${digits(ratio.high)}`,
      `${drawing(kept)}<br><code>${revision.slice(0, 9)}</code> ${date}`,
    ];
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  const head = heads.map((head) => `<th>${head}</th>`).join('');
  return `<p v-pre><strong>${text(name)}</strong>: ${text(machine)}</p>
<table v-pre><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** Draws results as an SVG, the oldest at the left; ratios are logarithmic, so that a step of 3 % is as high everywhere. */
function drawing(results: readonly KeptResult[]): string {
  const bottom = Math.log(Math.min(...results.map(({ ratio }) => ratio.low)) / 1.03);
  const top = Math.log(Math.max(...results.map(({ ratio }) => ratio.high)) * 1.03);
  const step = (WIDTH - 2 * MARGIN) / Math.max(results.length - 1, 1);
  const x = (i: number): string => (MARGIN + i * step).toFixed(1);
  const y = (ratio: number): string =>
    (MARGIN + ((HEIGHT - 2 * MARGIN) * (top - Math.log(ratio))) / (top - bottom)).toFixed(1);
  const line = results.map(({ ratio }, i) => `${x(i)},${y(ratio.median)}`).join(' ');
  const points = results.map(({ ratio: { low, median, high }, revision, date }, i) => {
    const title = `${digits(median)} (${digits(low)}–${digits(high)}), ${revision.slice(0, 9)}, ${date}`;
    return `<g><title>${title}</title><path d="M${x(i)} ${y(low)}V${y(high)}"/><circle cx="${x(i)}" cy="${y(median)}" r="2.5"/></g>`;
  });
  const label = `${results.length} results, the last ${digits(results.at(-1)!.ratio.median)}`;
  return `<svg class="history" role="img" aria-label="${label}" width="${WIDTH}" viewBox="0 0 ${WIDTH} ${HEIGHT}"><polyline points="${line}"/>${points.join('')}</svg>`;
}

const digits = (ratio: number): string => ratio.toPrecision(3);

const text = (plain: string): string => plain.replace(/[&<>"\n]/g, (sign) => `&#${sign.codePointAt(0)};`);
