// The text of a profile on terminals of many widths: source beside counts that are narrow and wide.
import { expect, test } from 'vitest';
import { profileText } from '../src/profile/profile-text.ts';

const SOURCE = '    for (let row = 0; row < n; row++) sum += a[row * n + column];';

/** The annotated source of one line whose counts are all so wide. */
function annotated(count: number, columns: number): string[] {
  const counts = { Dr: count, D1mr: count, DLmr: count, Dw: count, D1mw: count, DLmw: count };
  const walk = { array: 'a', step: 8, accesses: count, misses: 0 };
  const profile = {
    totals: counts,
    accesses: count,
    lines: [{ file: 'f', line: 7, ...counts, walk }],
    arrays: [],
    unseen: 0,
    threads: [],
    sharedLines: [],
    isCut: false,
  };
  const source = { nameOf: () => 'sum.js', count: () => 12, line: () => SOURCE };
  const view = { script: 'sum.js', title: 'a CPU', lines: 3, isAnnotated: true, source };
  const screen = { out: { isTTY: true, columns }, env: { NO_COLOR: '1' } };
  const text = profileText(profile as never, view as never, screen as never);
  return text.slice(text.indexOf('sum.js\n\nline ')).split('\n').slice(2);
}

test.each([80, 100, 120, 200])('%i columns: a line of source is a line', (columns) => {
  for (const count of [1, 1e3, 1e6, 1e9, 1e12]) {
    const lines = annotated(count, columns);
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
