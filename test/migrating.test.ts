// Every row of docs/migrating.md runs: the call of the other package, what takes its place, and what the page says they give.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FROM_SOURCES } from '@idspace/testkit/sources';
import { beforeAll, describe, expect, test } from 'vitest';
import { fences } from './support/readme-examples.ts';
import { ROOT } from './support/workspace.ts';

const page = readFileSync(join(ROOT, 'docs/migrating.md'), 'utf8');

interface Row {
  line: number;
  theirs: string;
  ours: string;
  /** As inspected; two where the answers differ. */
  gives: string[];
}

/** The rows of a part of a page that have three cells of code. @param first The part's first line. */
function rowsOf(part: string, first: number): Row[] {
  return part.split('\n').flatMap((text, i) => {
    const cells = text.match(/^\| `(.*)` \| `(.*)` \| `(.*)` \|$/);
    if (cells === null) return [];
    const [theirs, ours, gives] = cells.slice(1).map((cell) => cell.replaceAll('\\|', '|'));
    return [{ line: first + i, theirs: theirs!, ours: ours!, gives: gives!.split('` → `') }];
  });
}

interface Section {
  heading: string;
  /** What its fences do before the rows. */
  setUp: string;
  rows: Row[];
}

/** The sections of a page that come from a package. */
function sections(markdown: string): Section[] {
  const parts = markdown.split(/^(?=## From )/m).slice(1);
  let line = markdown.split(/^## From /m, 1)[0]!.split('\n').length;
  return parts.map((part) => {
    const first = line;
    line += part.split('\n').length - 1;
    return {
      heading: part.slice(3, part.indexOf('\n')),
      setUp: fences(part)
        .map(({ code }) => code)
        .join('\n'),
      rows: rowsOf(part, first),
    };
  });
}

/** Imports as they can stand in a block: a section's names are its own. */
const inBlock = (code: string): string =>
  code.replace(
    /^import (?:(\w+)|(\{.*\})) from ('.*');$/gm,
    (_, name, names, from) => `const ${names ?? `{ default: ${name} }`} = await import(${from});`,
  );

/** A program that prints what the rows of all sections give, a line of JSON each. */
function programOf(all: Section[]): string {
  const blocks = all.map(({ setUp, rows }) => {
    const calls = rows.map(({ theirs, ours }) => `show(${theirs}, ${ours});`);
    return `{\n${inBlock(setUp)}\n${calls.join('\n')}\n}`;
  });
  return `import { inspect } from 'node:util';
const text = (value) => inspect(value, { breakLength: Infinity });
const show = (...values) => console.log(JSON.stringify(values.map(text)));
${blocks.join('\n')}`;
}

describe('docs/migrating.md', () => {
  const all = sections(page);
  let printed: string[];
  beforeAll(() => {
    const flags = ['--conditions=@idspace/source', ...FROM_SOURCES, '--input-type=module', '--eval', programOf(all)];
    printed = execFileSync(process.execPath, flags, { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' }).trim().split('\n');
  });

  test.each(all)('$heading', ({ rows }) => {
    expect(rows.length).toBeGreaterThan(5);
    const before = all.flatMap((section) => section.rows).indexOf(rows[0]!);
    const got = rows.map((row, i) => {
      const [theirs, ours] = JSON.parse(printed[before + i]!) as [string, string];
      return { ...row, gives: theirs === ours ? [theirs] : [theirs, ours] };
    });
    expect(got).toEqual(rows);
  });
});

test('a row is read with its line, and every row of the page has code in all cells', () => {
  expect(rowsOf('| a | b | c |\n| `f(1 \\| 2)` | `g()` | `1` → `2` |', 7)).toEqual([
    { line: 8, theirs: 'f(1 | 2)', ours: 'g()', gives: ['1', '2'] },
  ]);
  const tables = page.split('\n').filter((line) => line.startsWith('|'));
  const all = sections(page).flatMap(({ rows }) => rows);
  // Each table has a head of two lines.
  expect(all.length).toBe(tables.length - 2 * sections(page).length);
  expect(all.map(({ line }) => page.split('\n')[line - 1]!.slice(0, 3))).toEqual(all.map(() => '| `'));
});
