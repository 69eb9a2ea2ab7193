// Help that teaches: what it does, three examples, what the output means, exit codes.
import { expect, test } from 'vitest';
import { idspace } from './support/run.ts';

const COMMANDS = ['demo', 'plan', 'evaluate', 'simulate'];

test('idspace alone, and with --help, prints help', async () => {
  const [alone, asked] = await Promise.all([idspace([]), idspace(['--help'])]);
  expect(alone).toEqual(asked);
  expect(alone).toMatchObject({ exitCode: 0, err: '' });
  for (const command of COMMANDS) expect(alone.out).toMatch(new RegExp(`^ {2}${command} .*[a-z]{4}`, 'm'));
});

test.each(COMMANDS)('idspace %s --help teaches', async (command) => {
  const { exitCode, out, err } = await idspace([command, '--help']);
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  expect(out).toMatch(/^Usage: idspace /);
  const examples = out.split('Examples:\n')[1]!.split('\n\n')[0]!;
  expect(examples.match(new RegExp(`^ {2}idspace ${command}`, 'gm'))!.length).toBeGreaterThanOrEqual(3);
  expect(out).toContain('What the output means');
  expect(out).toMatch(/Exit codes: 0 .* · 1 .* · 2 /s);
  expect(out).toContain('--json');
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(112);
});

test('--version prints the version', async () => {
  expect(await idspace(['--version'])).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});
