// Counts as people write them, and values that are nearly right.
import { expect, test } from 'vitest';
import { exactCount } from '../src/cli/flag.ts';
import { CHECKPOINTS, idspace } from './support/run.ts';

test.each([
  ['0', 0],
  ['20000', 20_000],
  ['20k', 20_000],
  ['20K', 20_000],
  ['2M', 2_000_000],
  ['1e5', 100_000],
  ['1e+5', 100_000],
  ['2.5k', 2500],
  ['1.50e2', 150],
  ['1.0', 1],
  ['1e3k', 1_000_000],
  ['9007199254740991', Number.MAX_SAFE_INTEGER],
])('%s is %i', (text, value) => {
  expect(exactCount(text)).toBe(value);
});

test.each([
  '1.5',
  '1.2345k',
  '0.5',
  '1e-3',
  '9007199254740992',
  '1e16',
  '1e99',
  '20m',
  '20G',
  '20 k',
  'k',
  '1,000',
  '-1k',
  '',
  '0x1k',
  '1e',
])('%j is no count', (text) => {
  expect(exactCount(text)).toBeNaN();
});

const plan = (...args: string[]): ReturnType<typeof idspace> =>
  idspace(['plan', 'sparse', ...args], { folder: CHECKPOINTS });

test('a count gives what its digits give, in lists and in names of kernels, too', async () => {
  const same = async (a: string[], b: string[]): Promise<void> =>
    expect((await plan(...a)).out).toBe((await plan(...b)).out);
  await same(['--sigpending', '20k', '--json'], ['--sigpending', '20000', '--json']);
  await same(['--nspp', '1k'], ['--nspp', '1000']);
  await same(['--kernel', 'restricted:20k', '--json'], ['--kernel', 'restricted:20000', '--json']);
});

test.each([
  [['plan', 'sparse', '--sigpending', '1.5k5'], "--sigpending: got '1.5k5', expected a whole number, 0…"],
  [['evaluate', '--timers', '1.2345k'], "--timers: got '1.2345k', expected a whole number, 1…"],
  [['sweep', '--timers', '1k,2.5'], "--timers: got '2.5', expected a whole number, 1…"],
  [['plan', 'sparse', '--nspp', 'mesured'], '(did you mean measured?)'],
  [['plan', 'sparse', '--emit', 'jsn'], '(did you mean json?)'],
  [['plan', 'sparse', '--on', 'lve'], 'did you mean live?'],
  [['rehearse', 'sparse', '--on', 'lve'], '(did you mean live?)'],
  [['rehearse', 'sparse', '--on', '6.1'], '(did you mean model:6.1?)'],
  [['rehearse', 'sparse', '--on', 'modle:dense'], '(did you mean model:dense?)'],
  [['evaluate', '--designs', 'xaray'], '(did you mean xarray?)'],
  [['evaluate', '--machine', 'dekstop'], '(did you mean desktop?)'],
  [['evaluate', '--workload', 'thread-pol'], '(did you mean thread-pool?)'],
  [['sweep', '--order', 'randm'], '(did you mean random?)'],
  [['simulate', 'x', '--preset', 'zen4'], '(did you mean zen-4'],
  [['simulate', 'x', '--prefetch', 'l1'], 'expected'],
  [['claims', 'S111'], '(did you mean S11'],
])('%j is refused with what helps', async (args, words) => {
  const { exitCode, err } = await idspace(args, { folder: CHECKPOINTS });
  expect([2, 3]).toContain(exitCode);
  expect(err).toContain(words);
  expect(err).not.toMatch(/^\s+at /m);
});
