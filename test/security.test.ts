// Each promise of SECURITY.md names a test that is there.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from './support/workspace.ts';

const page = readFileSync(join(ROOT, 'SECURITY.md'), 'utf8');
const proofs = [...page.matchAll(/^\| .* \| \[(.+)\]\((.+\.test\.ts)\) \|$/gm)].map(
  ([, title, file]) => [title!.replaceAll('`', ''), file!] as const,
);

test('the page has promises, and each names a test', () => {
  expect(proofs.length).toBeGreaterThan(20);
  const table = page.slice(page.indexOf('| promise'));
  expect(table.match(/^\| /gm)).toHaveLength(proofs.length + 1); // and its head
});

test.each(proofs)("the test '%s' is in %s", (title, file) => {
  const text = readFileSync(join(ROOT, file), 'utf8');
  expect(["'", '`', '"'].some((quote) => text.includes(`${quote}${title}`))).toBe(true);
});
