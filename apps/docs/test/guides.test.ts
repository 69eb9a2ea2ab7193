// Guides show commands with what they print. Programs are run by test/packed.test.ts, where the packages are installed.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { withinBudget } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { GUIDES } from '../build/pages.ts';

const ROOT = join(import.meta.dirname, '../../..');
/** What a block may be: a program that is run, a command that is run, or the headers of an answer. */
const LANGUAGES = ['js', 'console', 'http'];

const blocks = GUIDES.flatMap((name) =>
  [...readFileSync(join(import.meta.dirname, `../guides/${name}.md`), 'utf8').matchAll(/^```(\S*)\n(.*?)^```$/gms)].map(
    ([, language = '', text = '']) => ({ name, language, text }),
  ),
);

test('every block of a guide is of a kind that is tested', () => {
  expect(blocks.filter(({ language }) => !LANGUAGES.includes(language))).toEqual([]);
  const promising = blocks.filter(({ language, text }) => language === 'js' && text.includes('// => '));
  expect(promising.length).toBe(blocks.filter(({ language }) => language === 'js').length);
});

test('headers are those under which a page has shared memory', () => {
  const http = blocks.filter(({ language }) => language === 'http').map(({ text }) => text);
  expect(http).toEqual(['Cross-Origin-Opener-Policy: same-origin\nCross-Origin-Embedder-Policy: require-corp\n']);
});

test.each(
  withinBudget(
    blocks.filter(({ language }) => language === 'console'),
    { least: 4 },
  ),
)('$name: $text', ({ text }) => {
  const [command = '', ...shown] = text.trimEnd().split('\n');
  const [, words] = /^\$ idspace (.*)$/.exec(command)!;
  const cli = [join(ROOT, 'apps/lab/dist/cli.js'), ...words!.split(' ')];
  const { stdout, stderr, status } = spawnSync(process.execPath, cli, { cwd: ROOT, encoding: 'utf8' });
  const echo = shown.indexOf('$ echo $?');
  expect(status, stderr).toBe(echo < 0 ? 0 : Number(shown[echo + 1]));
  // `…` stands for any lines: what is shown comes in its order.
  const printed = `${stdout}${stderr}`.split('\n');
  let from = 0;
  for (const line of echo < 0 ? shown : shown.slice(0, echo)) {
    if (line === '…') continue;
    const at = printed.indexOf(line, from);
    expect(at, `${line}\nin\n${printed.slice(from).join('\n')}`).toBeGreaterThanOrEqual(from);
    from = at + 1;
  }
});
