// Programs from the sources, as processes and threads: what they import, where they are, and that what changed is seen.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { FROM_SOURCES, kept } from '../src/sources/index.ts';

// Within the package, which thus can import itself.
const folder = mkdtempSync(join(import.meta.dirname, 'sources-'));
const path = (name: string): string => join(folder, name);
afterAll(() => rmSync(folder, { recursive: true }));

beforeAll(() => {
  mkdirSync(path('inner'));
  writeFileSync(
    path('program.ts'),
    `#!/usr/bin/env node
import { random } from '@idspace/testkit';
import { place } from './inner/part.ts';
class Named { static readonly self: Named = new Named(); }
const lazy: string = (await import('./inner/lazy.ts')).lazy;
console.log(JSON.stringify([import.meta.url, place, lazy, Named.self.constructor.name, random(1).seed, process.argv.slice(2)]));
`,
  );
  writeFileSync(path('inner/part.ts'), 'export const place: string = import.meta.url;\n');
  writeFileSync(path('inner/lazy.ts'), "export const lazy: string = 'first';\n");
});

const url = (name: string): string => pathToFileURL(path(name)).href;
const run = (): unknown =>
  JSON.parse(execFileSync(process.execPath, [...FROM_SOURCES, path('program.ts'), 'a'], { encoding: 'utf8' }));

test('each file knows where it is, classes keep their names, and a change is seen', () => {
  const expected = [url('program.ts'), url('inner/part.ts'), 'first', 'Named', expect.any(Number), ['a']];
  expect(run()).toEqual(expected);
  expect(run()).toEqual(expected);
  writeFileSync(path('inner/lazy.ts'), "export const lazy: string = 'second';\n");
  expect(run()).toEqual(expected.with(2, 'second'));
});

test('a thread runs them as well', async () => {
  writeFileSync(
    path('thread.ts'),
    `import { parentPort } from 'node:worker_threads';
import { place } from './inner/part.ts';
parentPort!.postMessage(place satisfies string);
`,
  );
  const worker = new Worker(path('thread.ts'), { execArgv: [...FROM_SOURCES] });
  const message = await new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
  expect(message).toBe(url('inner/part.ts'));
});

test('what is wrong in a file is said', () => {
  writeFileSync(path('wrong.ts'), 'const = 1;\n');
  const program = [...FROM_SOURCES, path('wrong.ts')];
  expect(() => execFileSync(process.execPath, program, { stdio: 'pipe' })).toThrow(/wrong\.ts:1:6: ERROR/);
});

test('what is made is kept until an input changes; what cannot be made leaves nothing', async () => {
  const input = path('input');
  mkdirSync(input);
  writeFileSync(join(input, 'a'), 'first');
  let made = 0;
  const make = (): Promise<string> =>
    kept(`test-${process.pid}`, [input], async (folder) => {
      made++;
      writeFileSync(join(folder, 'made'), readFileSync(join(input, 'a'), 'utf8').toUpperCase());
    });
  const [first] = await Promise.all([make(), make()]);
  const all = dirname(first);
  onTestFinished(() => rmSync(all, { recursive: true }));
  expect([await make(), made, readFileSync(join(first, 'made'), 'utf8')]).toEqual([first, 1, 'FIRST']);
  writeFileSync(join(input, 'a'), 'second');
  const second = await make();
  expect([made, readFileSync(join(second, 'made'), 'utf8'), readdirSync(all)]).toEqual([
    2,
    'SECOND',
    [basename(second)],
  ]);
  // Left by a process that was ended.
  symlinkSync('99999999', `${second}-making`);
  rmSync(second, { recursive: true });
  expect([await make(), made]).toEqual([second, 3]);
  rmSync(join(input, 'a'));
  await expect(make()).rejects.toThrow(/no such file/);
  expect(readdirSync(all)).toEqual([]);
});
