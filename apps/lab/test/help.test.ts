// Help that teaches: what it does, three examples, what the output means, exit codes.
import { expect, test } from 'vitest';
import { idspace } from './support/run.ts';

const COMMANDS = [
  'demo',
  'plan',
  'rehearse',
  'evaluate',
  'sweep',
  'merge',
  'claims',
  'simulate',
  'probe',
  'explore',
  'completion',
  'man',
];

test('idspace alone shows where to begin, and --help everything', async () => {
  const [alone, asked] = await Promise.all([idspace([]), idspace(['--help'])]);
  for (const one of [alone, asked]) {
    expect(one).toMatchObject({ exitCode: 0, err: '' });
    for (const command of COMMANDS) expect(one.out).toMatch(new RegExp(`^ {2}${command} .*[a-z]{4}`, 'm'));
  }
  expect(alone.out).toMatch(/^Begin with\n {2}idspace demo .*\n.* {2}idspace plan \.\/checkpoint /ms);
  expect(alone.out.split('\n').length).toBeLessThan(30);
  expect(asked.out).toContain('Exit codes:');
});

test.each(COMMANDS)('idspace %s --help teaches', async (command) => {
  const { exitCode, out, err } = await idspace([command, '--help']);
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  expect(out).toMatch(/^Usage: idspace /);
  const examples = out.split('Examples:\n')[1]!.split('\n\n')[0]!;
  expect(examples.match(new RegExp(`^ {2}idspace ${command}`, 'gm'))!.length).toBeGreaterThanOrEqual(3);
  expect(out).toContain('What the output means');
  expect(out).toMatch(/Exit codes: 0 .*· 2 misuse.*· 3 /s);
  expect(out).toContain('--json');
  expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
});

test('the help of evaluate names every key of its JSON', async () => {
  const { out: help } = await idspace(['evaluate', '--help']);
  const { out } = await idspace(['evaluate', '--designs', 'xarray', '--timers', '20', '--json']);
  const evaluation = JSON.parse(out);
  for (const [name, parameter] of Object.entries(evaluation.machine.parameters)) {
    evaluation.machine.parameters[name.length] = parameter; // the names are the machine's own
    delete evaluation.machine.parameters[name];
  }
  const keys = new Set([...JSON.stringify(evaluation).matchAll(/"([A-Za-z]\w*)":/g)].map(([, key]) => key!));
  expect(keys.size).toBeGreaterThan(40);
  expect([...keys].filter((key) => !new RegExp(`\\b${key}\\b`).test(help))).toEqual([]);
});

test.each(['--version', '-v', '-V'])('%s prints the version', async (flag) => {
  expect(await idspace([flag])).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});
