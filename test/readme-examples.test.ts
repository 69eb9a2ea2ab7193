import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { fences, selfChecking } from './support/readme-examples.ts';

const run = (code: string): string =>
  execFileSync(process.execPath, ['--input-type=module'], { input: code, encoding: 'utf8', stdio: 'pipe' });

test('fences finds js examples only and knows their lines', () => {
  const readme = '# x\n\n```sh\nls\n```\n\n```js\na;\n```\n';
  expect(fences(readme)).toEqual([{ line: 8, code: 'a;\n' }]);
});

test('a right example passes, a wrong one fails with its line', () => {
  run(selfChecking("const a = [1, 'x']; // => [ 1, 'x' ]\na.length; // => 2")!);
  expect(() => run(selfChecking('const a = 1;\na + 1; // => 3', 10)!)).toThrow(
    'line 11: the example says 3, but it is 2',
  );
});

test('an example without a promise is told apart', () => {
  expect(selfChecking('const a = 1;')).toBeNull();
});
