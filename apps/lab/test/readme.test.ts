// The README shows what the program prints.
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { EXAMPLE_CHECKPOINT } from '../src/installed.ts';
import { idspace } from './support/run.ts';

const README = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const folder = mkdtempSync(join(tmpdir(), 'idspace-readme-'));
symlinkSync(EXAMPLE_CHECKPOINT, join(folder, 'checkpoint'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const examples = [...README.matchAll(/^```console\n\$ idspace ([^\n]*)\n(.*?)^```$/gms)];

test('there is an example', () => {
  expect(examples.length).toBeGreaterThan(0);
});

test.each(examples.map(([, command, output]) => [command!, output!]))('$ idspace %s', async (command, output) => {
  const { out, exitCode } = await idspace(command.split(' '), { folder });
  expect(exitCode).toBe(0);
  const [shown, rest] = output.split(/^…\n/m); // an ellipsis stands for what follows
  expect(rest).toBe('');
  expect(out.slice(0, shown!.length)).toBe(shown);
  expect(out.length).toBeGreaterThan(shown!.length);
});

test.each(['demo', 'plan', 'rehearse', 'evaluate', 'sweep', 'merge', 'claims', 'simulate', 'probe'])(
  'the README has every flag of %s',
  async (command) => {
    const { out } = await idspace([command, '--help']);
    const row = README.split('\n').find((line) => line.startsWith(`| \`idspace ${command}`))!;
    const flags = [...out.matchAll(/^ {2}(--[\w-]+)/gm)].map(([, flag]) => flag!);
    expect(flags.filter((flag) => !row.includes(flag) && flag !== '--json')).toEqual([]);
  },
);
