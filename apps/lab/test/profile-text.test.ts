// The text of a profile on terminals of many widths: source beside counts that are narrow and wide.
import { expect, test } from 'vitest';
import { profileText } from '../src/profile/profile-text.ts';

const SOURCE = '    for (let row = 0; row < n; row++) sum += a[row * n + column];';

/** The annotated source of one line whose counts are all so wide. */
function annotated(count: number, columns: number, threads = 0): string[] {
  const cache = { Dr: count, D1mr: count, DLmr: count, Dw: count, D1mw: count, DLmw: count };
  const counts = { ...cache, coherenceMisses: count, invalidations: count };
  const walk = { array: 'a', step: 8, accesses: count, misses: 0 };
  const profile = {
    totals: counts,
    accesses: count,
    lines: [{ file: 'f', line: 7, ...counts, walk }],
    arrays: [],
    unseen: 0,
    threads: Array.from({ length: threads }, (_, thread) => ({ thread, accesses: count })),
    sharedLines: [],
    isCut: false,
  };
  const source = { nameOf: () => 'sum.js', count: () => 12, line: () => SOURCE };
  const view = { script: 'sum.js', title: 'a CPU', lines: 3, isAnnotated: true, source };
  const screen = { out: { isTTY: true, columns }, env: { NO_COLOR: '1' } };
  const text = profileText(profile as never, view as never, screen as never);
  return text.slice(text.lastIndexOf('sum.js\n\n')).split('\n').slice(2);
}

test.each([80, 100, 120, 200])('%i columns: a line of source is a line', (columns) => {
  const alone = [1, 1e3, 1e6, 1e9, 1e12].map((count) => [count, 0] as const);
  // Of threads, fewer accesses are kept.
  const together = [1, 1e3, 1e6, 1e9].map((count) => [count, 2] as const);
  for (const [count, threads] of [...alone, ...together]) {
    const lines = annotated(count, columns, threads);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(columns);
    expect(lines.filter((line) => line.includes('for (let row'))).toHaveLength(5);
    expect(lines.filter((line) => /^ *\d+ /.test(line))).toHaveLength(5);
  }
});

test('source takes what counts leave, and hides none of them', () => {
  expect(annotated(1e6, 100)[0]).toMatch(/line +Dr +D1mr +DLmr +Dw +D1mw +DLmw +source/);
  expect(annotated(1e6, 80)[0]).toMatch(/D1mr +Dw/);
  expect(annotated(1, 80)[2]).toContain('row++) sum');
});

test('source shows what threads do to each other, where there are several', () => {
  const [, head, , ...lines] = annotated(123, 120, 2);
  expect(head).toMatch(/^line +Dr +D1mr +DLmr +Dw +D1mw +DLmw +misses +dations +source$/);
  expect(lines[2]).toMatch(/^ +7( +123){8} +for/);
  expect(lines[0]).toMatch(/^ +5( +\.){8} +for/);
});
