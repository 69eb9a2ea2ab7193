// Every flag that takes numbers refuses what is none, and what is too large, in one line that names it.
import { expect, test } from 'vitest';
import { CHECKPOINTS, idspace } from './support/run.ts';

const COMMANDS = ['demo', 'plan', 'rehearse', 'evaluate', 'sweep', 'merge', 'claims', 'simulate', 'probe'];
/** What a command wants beside the flag. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  plan: ['sparse', '--kernel', '6.1', '--criu', '4.2'],
  rehearse: ['sparse', '--on', 'model:6.18'],
  simulate: ['nowhere'],
  merge: ['nowhere'],
};
// biome-ignore format: what belongs together stands in a row
const BAD = [
  '1e308', '1e400', '-1', 'NaN', 'Infinity', '-Infinity', '', ' ', '0x10', '0b1', '1_000', '1;5', '٣', '１', '1n',
  '--', '9'.repeat(400), '+1', '1 2', 'null', '[object Object]', '1e', '.', '1.2.3',
];

const flags: string[][] = [];
for (const command of COMMANDS) {
  const { out } = await idspace([command, '--help']);
  // A flag is one of numbers if its value is named after a number or a unit.
  for (const [, flag] of out.matchAll(/^ {2}(--[\w-]+) <(?:n|n,…|i\/n|ns|s|seconds|size,ways,line|bytes)>/gm)) {
    flags.push([command, flag!]);
  }
}

test('the flags are found', () => {
  const found = flags.map(([command, flag]) => `${command} ${flag}`);
  expect(found).toEqual(expect.arrayContaining(['plan --nspp', 'sweep --timers', 'simulate --d1', 'probe --interval']));
  expect(found.length).toBeGreaterThan(25);
});

test.each(flags)('%s %s', async (command, flag) => {
  for (const value of BAD) {
    const { exitCode, out, err } = await idspace([command!, ...(BESIDE[command!] ?? []), `${flag}=${value}`], {
      folder: CHECKPOINTS,
    });
    expect({ value, exitCode, out }).toEqual({ value, exitCode: 2, out: '' });
    expect(err).toMatch(new RegExp(`^idspace ${command}: ${flag}: got .*, expected `));
    expect(err.trimEnd().split('\n')).toHaveLength(2);
  }
});

test.each([
  ['the dearest pair', ['--nspp', '1000000000']],
  ['pairs for nothing', ['--nspp', '0']],
  ['no pending signals', ['--sigpending', '0']],
  ['all of them', ['--sigpending', '9007199254740991']],
])('at the ends: %s', async (_, args) => {
  for (const form of [[], ['--json'], ['--matrix'], ['--emit', 'text']]) {
    const { exitCode, out } = await idspace(['plan', 'int-max', '--kernel', '6.1', ...args, ...form], {
      folder: CHECKPOINTS,
    });
    expect(exitCode).toBe(0);
    expect(out).not.toMatch(/NaN|Infinity|undefined/);
  }
});
