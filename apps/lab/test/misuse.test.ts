// Every way to call a command wrongly: exit code, one or two lines on stderr, nothing on stdout.
import { expect, test } from 'vitest';
import { CHECKPOINTS, idspace } from './support/run.ts';

test.each([
  ['an unknown command', ['plann', 'x'], 2, /unknown command 'plann' \(did you mean plan\?\)/],
  ['an unknown flag', ['plan', '--frob', 'x'], 2, /unknown option '--frob'/],
  ['a missing path', ['plan'], 2, /missing required argument 'path'/],
  ['a missing trace', ['simulate'], 2, /required option '--trace <file>'/],
  ['a flag without its value', ['plan', 'sparse', '--kernel'], 2, /argument missing/],
  ['an argument too many', ['demo', 'now'], 2, /too many arguments/],
  ['an unknown kernel', ['plan', 'sparse', '--kernel', 'minix'], 2, /kernel: got 'minix', expected/],
  ['an unknown kernel, before a path is looked at', ['plan', 'nowhere', '--kernel', 'minix'], 2, /kernel: got 'minix'/],
  ['an unknown CRIU', ['plan', 'sparse', '--criu', 'latest'], 2, /got 'latest', expected/],
  ['a negative rate', ['plan', 'sparse', '--nspp', '-1'], 2, /Got '-1', expected a number of 0 or more/],
  ['a limit that is no integer', ['plan', 'sparse', '--sigpending', '1.5'], 2, /Got '1\.5', expected a whole number/],
  ['an empty number', ['plan', 'sparse', '--fail-over', ''], 2, /Got '', expected a number/],
  ['an endless time', ['plan', 'sparse', '--fail-over', 'Infinity'], 2, /Got 'Infinity', expected a number/],
  ['no timers', ['evaluate', '--timers', '0'], 2, /Got '0', expected a whole number, 1…/],
  ['a seed too large', ['evaluate', '--seed', '4294967296'], 2, /expected a whole number, 0…4294967295/],
  ['a design without a name', ['evaluate', '--designs', 'xarray,'], 2, /expected names with commas/],
  ['an unknown design', ['evaluate', '--designs', 'btree'], 2, /btree/],
  ['an unknown machine', ['evaluate', '--machine', 'abacus'], 2, /abacus/],
  ['a checkpoint that is not there', ['plan', 'nowhere'], 1, /nowhere: got no such file or directory, expected/],
  ['a file for a checkpoint', ['plan', 'sparse/pstree.img'], 1, /pstree\.img: got /],
  ['a folder that is no checkpoint', ['plan', '.'], 1, /inventory\.img/],
])('%s', async (_, args, expected, message) => {
  const { exitCode, out, err } = await idspace(args, { folder: CHECKPOINTS });
  expect({ exitCode, out }).toEqual({ exitCode: expected, out: '' });
  expect(err).toMatch(message);
  expect(err.trimEnd().split('\n').length).toBeLessThanOrEqual(2);
  expect(err).not.toMatch(/^\s+at /m);
});

test('DEBUG=idspace shows the stack', async () => {
  const { err } = await idspace(['plan', 'nowhere'], { env: { DEBUG: 'idspace' } });
  expect(err).toMatch(/^\s+at /m);
});
