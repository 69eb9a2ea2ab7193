// The terminal in the README is what the program prints today.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { recording } from '../scripts/record.ts';
import { ROOT } from './support/run.ts';

test('the recorded terminal is that of these runs, is small, and is a picture alone', async () => {
  const svg = await recording();
  expect(readFileSync(`${ROOT}docs/terminal.svg`, 'utf8'), 'pnpm record makes it again').toBe(svg);
  expect(svg.length).toBeLessThan(60_000);
  expect(svg).not.toMatch(/<script|\son\w+=|href=|url\(/);
  expect(svg).not.toContain('\u001b');
  expect(svg).toContain('prefers-color-scheme: dark');
  expect(svg).toContain('prefers-reduced-motion');
  expect(svg).toMatch(/<text [^>]*class="g">✓ Will restore<\/text>/);
  expect(svg).toMatch(/<text [^>]*class="r">✗ Will fail<\/text>/);
});
