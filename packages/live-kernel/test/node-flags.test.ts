// The flags of Node.js that the program is started with are not handed to its threads and child processes.
import { expect, test } from 'vitest';
import { childEnvironment, nodeFlagsFor } from '../src/node-flags.ts';

test.each<[string[], string[]]>([
  [[], []],
  [['--inspect-brk', '--max-old-space-size=100', '--title', 'x', '-e', 'code', '--input-type=module'], []],
  [
    ['--conditions=a', '--import', './b.mjs', '--inspect'],
    ['--conditions=a', '--import', './b.mjs'],
  ],
  [
    ['-C', 'a', '-r', './b.cjs', '--require=./c.cjs', '--eval', 'x'],
    ['-C', 'a', '-r', './b.cjs', '--require=./c.cjs'],
  ],
  [['--experimental-strip-types', '--importance'], ['--experimental-strip-types']],
])('of %j, sources need %j', (given, needed) => {
  expect(nodeFlagsFor('/x/worker.ts', given)).toEqual(needed);
  expect(nodeFlagsFor('/x/worker.js', given)).toEqual([]);
});

test('NODE_OPTIONS are not handed on', () => {
  const env = { NODE_OPTIONS: '--inspect-brk', PATH: '/bin' };
  expect(childEnvironment('child.js', env)).toEqual({ PATH: '/bin' });
  expect(childEnvironment('child.ts', env)).toEqual(env);
});
