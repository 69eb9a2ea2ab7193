// What commands take at most, and what they say of more. docs/limits.md names these tests.
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUDGET_SHARE } from '@idspace/testkit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { linesOf } from '../src/cli/lines.ts';
import { OutputFile } from '../src/cli/output-file.ts';
import { CHECKPOINTS, idspace } from './support/run.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'idspace-limits-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const PLAN = ['plan', `${CHECKPOINTS}/sparse`];
const REHEARSE = ['rehearse', `${CHECKPOINTS}/sparse`, '--on', 'model:6.18'];

describe('flags', () => {
  test.each<[string, string[], string]>([
    ['plan --nspp', [...PLAN, '--nspp', '1000000001'], 'a number, 0…1000000000'],
    ['plan --fail-over', [...PLAN, '--fail-over', '1000000000001'], 'a number, 0…1000000000000'],
    ['plan --sigpending', [...PLAN, '--sigpending', '9007199254740992'], '0…9007199254740991'],
    ['plan --pid', ['plan', '--pid', '4194305'], '1…4194304'],
    ['plan --shards', [...PLAN, '--shards', '10001'], '1…10000'],
    ['probe --pid', ['probe', '--pid', '4194305'], '1…4194304'],
    ['probe --nspp', ['probe', '--nspp', '1000000001'], 'a number, 0…1000000000'],
    ['rehearse --max-seconds', [...REHEARSE, '--max-seconds', '2147484'], 'a number, 0…2147483'],
    ['sweep --jobs', ['sweep', '--jobs', '1025'], '1…1024'],
    ['sweep --shard', ['sweep', '--shard', '1/10001'], '10000/10000'],
    ['evaluate --stride', ['evaluate', '--workload', 'sparse', '--stride', '524288'], '1…524287'],
    ['simulate --cores', ['simulate', 'nowhere', '--cores', '1025'], '1…1024'],
    ['profile --lines', ['profile', 'a.mjs', '--lines', '10001'], '1…10000'],
  ])('%s', async (name, args, range) => {
    const { exitCode, out, err } = await idspace(args, { folder });
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toContain(`${name.split(' ')[1]}: got '${args.at(-1)}', expected `);
    expect(err).toContain(range);
  });
});

describe('files without an end', () => {
  test.each<[string, string[], string]>([
    ['a target', [...PLAN, '--on', '/dev/zero'], '--on: /dev/zero has more than 67108864 bytes'],
    ['regions', ['simulate', 'x.din', '--regions', '/dev/zero'], '/dev/zero: got more than 67108864 bytes'],
  ])('%s', async (_, args, message) => {
    writeFileSync(join(folder, 'x.din'), 'r 10 4\n');
    const { exitCode, err } = await idspace(args, { folder });
    expect(exitCode).toBe(3);
    expect(err).toContain(message);
  });

  test('lines of a log', async () => {
    const path = join(folder, 'lines');
    writeFileSync(path, 'x\nx\nx\n');
    const count = async (lines: number): Promise<number> => {
      let read = 0;
      for await (const _ of linesOf(path, 'log', { lines, line: 9 })) read++;
      return read;
    };
    expect(await count(3)).toBe(3);
    await expect(count(2)).rejects.toThrow('log: got more lines than 2, expected fewer');
  });
});

test('links to an output file', () => {
  const link = (count: number): string => {
    const names = Array.from({ length: count }, (_, i) => join(folder, `${count}-${i}`));
    for (const [i, name] of names.entries()) symlinkSync(names[i + 1] ?? join(folder, 'end'), name);
    return names[0]!;
  };
  expect(() => OutputFile.check(link(39), folder, [])).not.toThrow();
  expect(() => OutputFile.check(link(41), folder, [])).toThrow();
});

test.runIf(BUDGET_SHARE >= 1)('nodes of a run', async () => {
  const nodes = join(folder, 'nodes');
  mkdirSync(nodes);
  for (let i = 0; i <= 10_000; i++) writeFileSync(join(nodes, `${i}.json`), '');
  const { exitCode, err } = await idspace([...PLAN, '--on', nodes], { folder });
  expect(exitCode).toBe(2);
  expect(err).toContain('--on: got 10001 nodes, expected at most 10000 a run');
});

test.runIf(BUDGET_SHARE >= 1)('bytes of the files of all nodes', async () => {
  const nodes = join(folder, 'large-nodes');
  mkdirSync(nodes);
  const text = Buffer.alloc(60 * 2 ** 20, ' ');
  for (let i = 0; i < 5; i++) writeFileSync(join(nodes, `${i}.json`), text);
  const { exitCode, err } = await idspace([...PLAN, '--on', nodes], { folder });
  expect(exitCode).toBe(3);
  expect(err).toContain('--on: got more than 268435456 bytes of targets');
});
