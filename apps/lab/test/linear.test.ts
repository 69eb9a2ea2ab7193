// Text of any length is taken apart in time linear in it: where that were quadratic, these would take hours.
import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { straceLine, straceWorkload } from '@idspace/evaluation';
import { budget, withinBudget } from '@idspace/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHECKPOINTS, idspace } from './support/run.ts';

const MANY = 2 ** 20;
/** Of a line: enough that what is quadratic in it takes a minute for each. */
const LONG = budget(MANY, 2 ** 18);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'idspace-linear-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Parts of a line of strace, repeated, between what lets a pattern begin and what makes it fail at the end. */
const LINES = [
  ' ',
  '\t',
  ') = ',
  ')',
  ' = ',
  '<',
  '<unfinished ...>',
  '<unfinished ...> ',
  '0',
  '0 ',
  '1.',
  '[',
  '[1]',
  '+++ ',
  '(+ 1.',
].flatMap((part) =>
  ['', '7 ', '[pid 7] ', 'timer_create(', '7 timer_settime(1, ', '<... timer_create resumed>', '+++ exited with '].map(
    (head): [string, string] => [head, part],
  ),
);

test.each(withinBudget(LINES, { least: 15 }))(`a line of %j and ${LONG} characters of %j`, (head, part) => {
  const middle = part.repeat(LONG / part.length);
  for (const tail of ['', 'x', ' <unfinished ...', ' = 0', ' +++']) {
    expect(straceLine(`${head}${middle}${tail}`)).not.toBeUndefined();
  }
});

test('a first half that ends in spaces is the same call', () => {
  // biome-ignore format: what belongs together stands in a row
  expect(straceLine(`7 timer_create(1, NULL,${' '.repeat(MANY)}<unfinished ...>`)).toEqual({
    kind: 'call', tid: 7, name: 'timer_create', args: '1, NULL,', result: null, half: 'first',
  });
});

test('many clones that give one number', () => {
  const clones = Array.from({ length: 300_000 }, () => '1 clone(flags=SIGCHLD) = 2');
  const scenario = straceWorkload([...clones, '1 timer_create(1, NULL, [0]) = 0'], 'log');
  expect(scenario).toMatchObject({ processes: 2, timers: 1 });
});

test('a log of one line without end is refused', async () => {
  const { exitCode, err } = await idspace(['evaluate', '--workload', 'strace:/dev/zero']);
  expect(exitCode).toBe(3);
  expect(err).toMatch(/^idspace evaluate: \/dev\/zero:1: got a line of more than 1048576 bytes, expected shorter ones/);
});

test.each([
  [
    'a timer past INT_MAX',
    '1 timer_create(1, NULL, [2147483648]) = 0',
    /log:1: got '.*', expected an ID, 0…2147483647/,
  ],
  ['a timer past any number', `1 timer_delete(${'9'.repeat(400)}) = 0`, /expected an ID, 0…2147483647/],
])('%s is refused', (_, line, message) => {
  expect(() => straceWorkload([line], 'log')).toThrow(message);
});

test('a shard without end is refused', async () => {
  const { exitCode, err } = await idspace(['merge', '/dev/zero']);
  expect({ exitCode, err }).toEqual({
    exitCode: 3,
    err: 'idspace merge: /dev/zero: got more than 268435456 bytes, expected a shard of idspace sweep, or of idspace plan --json for several nodes\n',
  });
});

test.each<[string, string[], RegExp]>([
  ['slashes', ['plan', `${'/'.repeat(MANY)}x`], /got /],
  ['slashes after a fleet', ['plan', `.${'/'.repeat(MANY)}.`], /./],
  ['reasons', ['plan', 'sparse', '--kernel', `): ${'): '.repeat(MANY / 3)}; expected `], /--kernel: got /],
  ['quotes', ['plan', 'sparse', '--criu', "' is invalid. '".repeat(MANY / 16)], /--criu: got /],
  ['digits', ['plan', 'sparse', '--nspp', `${'0'.repeat(MANY)}x`], /--nspp: got /],
  ['values', ['sweep', '--timers', Array.from({ length: 100_000 }, (_, i) => i + 1).join(',')], /--timers/],
  ['a command', ['x'.repeat(MANY)], /unknown command/],
  ['an option', ['plan', `--${'x'.repeat(MANY)}`], /unknown option/],
  ['a claim', ['claims', 'x'.repeat(MANY)], /claim: got/],
  ['a warning', ['plan', 'sparse', '--fail-on', 'mode-los'.repeat(MANY / 8)], /--fail-on: got/],
])('an argument of a megabyte: %s', async (_, args, message) => {
  const { out, err } = await idspace(args, { folder: CHECKPOINTS });
  expect(err.length).toBeLessThan(20_000);
  expect(out + err).toMatch(message);
});

test('a value nested past the stack is an input that cannot be read', async () => {
  const deep = (what: string): string => `${what}${'['.repeat(MANY)}`;
  writeFileSync(join(folder, 'deep.json'), deep('{"magic":"CORE","entries":'));
  writeFileSync(join(folder, 'shard.json'), deep('{"idspace":"1.0.0","grid":'));
  writeFileSync(join(folder, 'closed.json'), `{"magic":"CORE","entries":${'['.repeat(MANY)}${']'.repeat(MANY)}}`);
  for (const args of [
    ['plan', 'deep.json'],
    ['plan', 'closed.json'],
    ['rehearse', 'closed.json', '--on', 'model:6.18'],
    ['merge', 'shard.json'],
  ]) {
    const { exitCode, out } = await idspace(args, { folder });
    expect({ args, exitCode, out }).toEqual({ args, exitCode: 3, out: '' });
  }
});
