// Which files that Node.js loads are instrumented, and as what. That it does so in a program of its own is tested with cache-profile.
import { expect, test } from 'vitest';
import { instrumentFile, type Loaded, type Loading } from '../src/node-hooks.ts';

const TEXT = 'export const f = (a) => a[0];';
const loading = (only = /./): Loading => ({ only, next: new SharedArrayBuffer(4), recorder: 'file:///recorder.mjs' });
const made = (url: string, loaded: Loaded, how = loading()): string | undefined => instrumentFile(url, loaded, how);

test.each(['module', 'module-typescript'])('a file that is loaded as %s imports the recorder', (format) => {
  const code = made('file:///program/a.mjs', { format, source: TEXT });
  expect(code).toContain('file:///recorder.mjs');
  expect(made('file:///program/a.mjs', { format, source: Buffer.from(TEXT) })).toBe(code);
});

test('a file that is loaded as CommonJS does not import', () => {
  expect(made('file:///program/a.cjs', { format: 'commonjs', source: 'exports.f = (a) => a[0];' })).not.toContain(
    'recorder.mjs',
  );
});

test('what stays as it is: other formats, other protocols, what is not wanted, files of this package, what cannot be parsed', () => {
  expect(made('file:///program/a.mjs', { format: 'json', source: TEXT })).toBeUndefined();
  expect(made('file:///program/a.mjs', { source: TEXT })).toBeUndefined();
  expect(made('data:text/javascript,1', { format: 'module', source: TEXT })).toBeUndefined();
  expect(made('file:///program/a.mjs', { format: 'module', source: TEXT }, loading(/other/))).toBeUndefined();
  const own = new URL('../src/recorder.ts', import.meta.url).href;
  expect(made(own, { format: 'module-typescript', source: TEXT })).toBeUndefined();
  expect(made('file:///program/a.mjs', { format: 'module', source: 'a[' })).toBeUndefined();
});

test('no two files share the number of a site', () => {
  const how = loading();
  const first = made('file:///program/a.mjs', { format: 'module', source: TEXT }, how)!;
  const second = made('file:///program/a.mjs', { format: 'module', source: TEXT }, how)!;
  expect(second).not.toBe(first);
});
