// The list of the kernel's scenarios is true: the files it names have tests of these names.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const here = new URL('./', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, here), 'utf8');
const rows = read('kernel-scenarios.md')
  .split('\n')
  .map((line) => line.split('|').map((cell) => cell.trim()))
  .filter(([, scenario]) => scenario?.startsWith('check_'));

/** Names in a test's title: `check_a_1, _2` is check_a_1 and check_a_2. */
function named(source: string): Set<string> {
  const names = new Set<string>();
  for (const [, name, more] of source.matchAll(/\b(check_\w+)((?:, _\d)*)/g)) {
    names.add(name!);
    for (const [ending] of more!.matchAll(/_\d/g)) names.add(name!.replace(/_\d$/, ending));
  }
  return names;
}

test.each(rows)('%s%s: %s', (_, scenario, files) => {
  if (files === '–') return;
  for (const file of files!.split(', ')) expect([...named(read(file))], file).toContain(scenario);
});

test('every scenario with a test is in the list', () => {
  const listed = rows.map(([, scenario]) => scenario);
  for (const file of readdirSync(here).filter(
    (name) => name.endsWith('.test.ts') && name !== 'kernel-scenarios.test.ts',
  )) {
    for (const name of named(read(file))) {
      // check_create_range stands for all that begin so.
      expect(
        listed.some((scenario) => scenario!.startsWith(name)),
        `${file}: ${name}`,
      ).toBe(true);
    }
  }
});
