// The plugin for Rollup and Vite; that for esbuild is tested with what both-ways.test.ts loads.
import { rollup } from 'rollup';
import { expect, test } from 'vitest';
import { instrumentWithRollup } from '../src/plugins.ts';
import { hooks, record } from '../src/recording.ts';

const RECORDER = '@idspace/mem-trace/recording';
const FILES: Readonly<Record<string, string>> = {
  '/program/main.js': `import { sum } from './sum.js?v=3';\nexport const total = (prices) => sum(prices) + prices[0];`,
  '/program/sum.js?v=3': 'export function sum(prices) {\n  return prices[1] + prices[2];\n}',
};

test('what Rollup bundles is instrumented: its accesses have the places of the sources', async () => {
  const bundle = await rollup({
    input: '/program/main.js',
    external: [RECORDER],
    plugins: [
      {
        name: 'files',
        resolveId: (id) => (id === RECORDER ? null : id.replace('./', '/program/')),
        load: (id) => FILES[id],
      },
      instrumentWithRollup({ firstSite: 3_000_000 }),
    ],
  });
  const [{ code, map }] = (await bundle.generate({ format: 'cjs', sourcemap: true })).output;
  const exports = {} as { total(prices: Int32Array): number };
  new Function('exports', 'require', code)(exports, () => ({ hooks }));
  const log: string[] = [];
  const recording = record(({ sites, addresses, length }) => {
    for (let i = 0; i < length; i++) {
      const { file, line } = recording.placeOf(sites[i])!;
      log.push(`${file}:${line} ${addresses[i] % 4096}`);
    }
  });
  expect(exports.total(Int32Array.of(1, 20, 300))).toBe(321);
  recording.stop();
  expect(log).toEqual(['/program/sum.js:2 4', '/program/sum.js:2 8', '/program/main.js:2 0']);
  expect(map!.sources.map((source) => source.replace(/^.*program/, 'program')).sort()).toEqual([
    'program/main.js',
    'program/sum.js?v=3',
  ]);
});

test('it comes before other plugins, and leaves alone what is no source, what is not accepted and what cannot be parsed', () => {
  const plugin = instrumentWithRollup({ accepts: (path) => !path.includes('vendor'), firstSite: 3_100_000 });
  expect(plugin).toMatchObject({ name: 'idspace-instrument', enforce: 'pre' });
  const { code, map } = plugin.transform('a[0];', '/a.ts?v=1')!;
  expect(code).toContain('a[0],3100000)');
  expect(JSON.parse(map)).toMatchObject({ sources: ['/a.ts'] });
  expect(plugin.transform('a[0];', '/b.js')!.code).toContain('a[0],3100001)');
  for (const id of ['/a.css', '/vendor/a.js', new URL('../src/recorder.ts', import.meta.url).pathname])
    expect(plugin.transform('a[0];', id)).toBeUndefined();
  expect(plugin.transform('a[', '/c.js')).toBeUndefined();
});
