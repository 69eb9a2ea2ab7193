// The table of docs/scaling.md is what the code does: it is computed again.
import { readFileSync } from 'node:fs';
import { BUDGET_SHARE } from '@idspace/testkit';
import { describe, expect, test } from 'vitest';
import { CORES, linesOf, rowOf } from '../bench/scaling/table.ts';
import { WORKLOADS } from '../bench/scaling/workloads.ts';

const page = readFileSync(new URL('../../../docs/scaling.md', import.meta.url), 'utf8');
const rows = new Map(
  page
    .slice(0, page.indexOf('## '))
    .split('\n')
    .filter((line) => /^\| \w+.*: /.test(line))
    .map((line) => [line.split(' | ')[0]!.slice(2), line]),
);

describe('docs/scaling.md', () => {
  test('has a row for each operation', () => {
    expect([...rows.keys()]).toEqual(Object.keys(WORKLOADS));
  });

  test.runIf(BUDGET_SHARE >= 1).each(Object.keys(WORKLOADS))('%s', (name) => {
    expect(rowOf(name)).toBe(rows.get(name));
  });

  // Of the quick budget: what was improved, and what costs nothing.
  test.each([
    ['SharedXArray: load', 16],
    ['SharedHashTable: find', 16],
    ['SharedHashTable: remove and insert', 2],
    ['SharedIdPool, lowest: free and allocate', 2],
    ['LockTable: lock and unlock a key of its own', 16],
    ['Roster: alive', 16],
  ])('%s, on %i cores', (name, cores) => {
    expect(linesOf(name, cores)).toBe(rows.get(name)!.split(' | ')[1 + CORES.indexOf(cores)]);
  });
});
