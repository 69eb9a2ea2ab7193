// What leaves out methods that nothing names: which go, and which stay.
import type { Plugin } from 'vite';
import { expect, test } from 'vitest';
import { unusedMethods } from '../build/unused-methods.ts';

/** The methods that are left in a class of a package. */
function left(methods: string, uses: string, path = '../../packages/xarray/src/a.ts'): string[] {
  const code = `// ${path}\nclass A {\n${methods}\n}\n// ../../packages/xarray/src/b.ts\nclass B { gone() {} }\n// src/main.tsx\n${uses}`;
  const { renderChunk } = unusedMethods() as Plugin & { renderChunk: (code: string) => { code: string } };
  const { code: made } = renderChunk(code);
  expect(made).not.toContain('gone');
  return [...made.matchAll(/^ {2}(?:static |async |get |\*|#)*([\w#]+)\(/gm)].map(([, name]) => name!);
}

test.each([
  ['a call', '  used() {}\n  dead() {}', 'new A().used();', ['used']],
  ['a string', '  used() {}\n  dead() {}', "new A()['used']();", ['used']],
  ['a variable of that name', '  used() {}\n  dead() {}', 'const dead = 1; f(dead, new A().used());', ['used']],
  ['a key of an object', '  used() {}\n  dead() {}', 'f({ used: 1 });', ['used']],
  ['a name taken apart', '  used() {}\n  dead() {}', 'const { used } = new A();', ['used']],
  ['a method that is used', '  used() { this.inner(); }\n  inner() {}', 'new A().used();', ['used', 'inner']],
  [
    'methods of methods, in any order',
    '  d() { this.e(); }\n  b() { this.c(); }\n  c() { this.d(); }\n  used() { this.b(); }\n  e() {}',
    'new A().used();',
    ['d', 'b', 'c', 'used', 'e'],
  ],
  ['a method that is not', '  dead() { this.deadToo(); }\n  deadToo() { this.dead(); }', 'new A();', []],
  [
    'a getter and a static one',
    '  get size() { return 1; }\n  static of() {}\n  get used() { return 1; }',
    'new A().used;',
    ['used'],
  ],
  [
    'what the language calls',
    '  constructor() {}\n  next() {}\n  toJSON() {}\n  dead() {}',
    'new A();',
    ['constructor', 'next', 'toJSON'],
  ],
])('%s', (_, methods, uses, names) => {
  expect(left(methods, uses)).toEqual(names);
});

test('a symbol stays, and so does all that is not of our packages, or stands in for an array', () => {
  expect(left('  dead() {}\n  [Symbol.iterator]() { return this.used(); }\n  used() {}', 'new A();')).toEqual(['used']);
  for (const path of ['../../packages/mem-trace/src/a.ts', 'src/panels/a.ts', '../../node_modules/x/a.js'])
    expect(left('  kept() {}', 'new A();', path)).toEqual(['kept']);
});
