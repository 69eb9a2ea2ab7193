// Says at the end of a run what its budget left out of lists and grids: one line for each process of vitest.
import { worker } from './worker.ts';

/** Items that were left out, by test file. */
const leftOut = new Map<string, number>();

/** Remembers that the test file that runs leaves out items. */
export function tellLeftOut(items: number): void {
  const process = worker();
  if (process === undefined || items === 0) return;
  if (leftOut.size === 0) process.onCleanup(async () => console.info(leftOutText(leftOut)));
  const file = process.filepath ?? 'a file';
  leftOut.set(file, (leftOut.get(file) ?? 0) + items);
}

/** What was left out, in words: the files with the most first. */
export function leftOutText(items: ReadonlyMap<string, number>): string {
  const rows = [...items].sort(([, a], [, b]) => b - a);
  const sum = rows.reduce((sum, [, count]) => sum + count, 0);
  const files = rows.map(([file, count]) => `${file.replace(/^.*\/|\.test\.ts$/g, '')} ${count}`).join(', ');
  return `Left out ${sum} items of lists and grids, which IDSPACE_TEST_BUDGET=full has: ${files}`;
}
