// A table with what does not differ taken out: columns of zeros become a sentence, equal rows one.
import type { Exhibit } from './exhibit.ts';

type Table = Pick<Exhibit, 'columns' | 'rows'>;

/** What counts as nothing. */
const NOTHING = /^(0|0 s|–|none|)$/;

/** Leaves columns out that have nothing in any row, and puts rows together that differ in their first cell only; `nothing` names the columns. */
export function condense({ columns, rows }: Table): Table & { nothing: string[] } {
  if (rows.length < 2) return { columns, rows, nothing: [] };
  // A row without a name goes on with that of the row above it.
  let name = '';
  const named = rows.map(([first, ...cells]) => {
    name = first || name;
    return [name, ...cells];
  });
  const empty = columns.map((_, i) => i > 0 && named.every((row) => NOTHING.test(row[i]!)));
  const kept = <T>(cells: readonly T[]): T[] => cells.filter((_, i) => !empty[i]);
  const merged = new Map<string, string[]>();
  named.map(kept).forEach(([first, ...others], i) => {
    const key = others.length < 2 ? String(i) : JSON.stringify(others);
    const same = merged.get(key);
    if (same === undefined) merged.set(key, [first!, ...others]);
    else same[0] += `, ${first}`;
  });
  const nothing = columns.filter((_, i) => empty[i]).map(({ group, head }) => oneLine(group, head));
  return { columns: kept(columns), rows: [...merged.values()], nothing };
}

/** 'One create, table' of a group and its column. */
export function oneLine(group: string | undefined, head: string): string {
  return [group, head]
    .filter(Boolean)
    .map((text) => text!.trim().replaceAll('\n', ' '))
    .join(': ');
}
