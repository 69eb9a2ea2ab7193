// The README shows what the program prints.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { EXAMPLE_CHECKPOINT } from '../src/installed.ts';
import { idspace } from './support/run.ts';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const COMMANDS = readFileSync(new URL('../docs/commands.md', import.meta.url), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'idspace-readme-'));
symlinkSync(EXAMPLE_CHECKPOINT, join(folder, 'checkpoint'));
symlinkSync(join(EXAMPLE_CHECKPOINT, '..', 'node.json'), join(folder, 'node.json'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const PLACEMENT = readFileSync(new URL('../docs/placement.md', import.meta.url), 'utf8');
const target = { format: 'idspace-target', version: 1, criu: '4.2', pidMax: 4_194_304, taken: [] as object[] };
const NODES = {
  busy: { ...target, kernel: '6.18', taken: [{ number: 12_010, as: 'pid', command: 'postgres', pid: 12_010 }] },
  new: { ...target, kernel: '6.18' },
  old: { ...target, kernel: '6.1' },
};
mkdirSync(join(folder, 'nodes'));
for (const [name, facts] of Object.entries(NODES)) {
  writeFileSync(join(folder, 'nodes', `${name}.json`), JSON.stringify(facts));
}

const examples = [...`${README}\n${PLACEMENT}`.matchAll(/^```console\n\$ idspace ([^\n]*)\n(.*?)^```$/gms)];

test('there is an example', () => {
  expect(examples.length).toBeGreaterThan(0);
});

test.each(examples.map(([, command, output]) => [command!, output!]))('$ idspace %s', async (command, output) => {
  const { out, exitCode } = await idspace(command.split(' '), { folder });
  const [shown, rest] = output.split(/^…\n/m); // an ellipsis stands for what follows
  expect(rest).toBe(exitCode === 0 ? '' : `$ echo $?\n${exitCode}\n`);
  expect(out.slice(0, shown!.length)).toBe(shown);
  expect(out.length).toBeGreaterThan(shown!.length);
});

test.each([
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
])('the list of commands has every flag of %s, and the README the command', async (command) => {
  const { out } = await idspace([command, '--help']);
  expect(README).toContain(`\`idspace ${command}`);
  const row = COMMANDS.split('\n').find((line) => line.startsWith(`| \`idspace ${command}`))!;
  const flags = [...out.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, flag]) => flag!);
  expect(flags.filter((flag) => !row.includes(flag) && flag !== '--json')).toEqual([]);
});

test('every flag that the docs show is one of its command', async () => {
  const text = ['README.md', 'docs/planning.md', 'docs/placement.md']
    .map((name) => readFileSync(new URL(`../${name}`, import.meta.url), 'utf8'))
    .join('\n');
  const calls = [...text.matchAll(/^(?:\$ |.*\| )?idspace ([a-z]+) ([^\n#|>]*)/gm)];
  expect(calls.length).toBeGreaterThan(6);
  for (const [, command, rest] of calls) {
    const { out } = await idspace([command!, '--help']);
    for (const [flag] of rest!.matchAll(/--[a-z-]+/g)) expect(out, `${command} ${flag}`).toContain(flag);
  }
});
