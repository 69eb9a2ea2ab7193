// What users write around the packages: a program for each bundler, tests, and an app with workers.

/** The tools, as they are installed. */
export const TOOLS: readonly string[] = [
  'webpack@5',
  'vite@8',
  'rollup@4',
  '@rollup/plugin-node-resolve@16',
  '@rollup/plugin-commonjs@29',
  'esbuild@0.28',
  'jest@30',
];

/** Bundles a file: `node NAME.mjs INPUT OUTPUT PLATFORM`, where the platform is `browser` or `node`. */
export const BUNDLERS: Record<string, string> = {
  esbuild: `
    import { build } from 'esbuild';
    const [entry, outfile, platform] = process.argv.slice(2);
    await build({ entryPoints: [entry], outfile, platform, bundle: true, format: 'esm', logLevel: 'error' });`,
  rollup: `
    import { rollup } from 'rollup';
    import { nodeResolve } from '@rollup/plugin-node-resolve';
    import commonjs from '@rollup/plugin-commonjs';
    const [input, file, platform] = process.argv.slice(2);
    const onwarn = (warning) => { throw new Error(warning.message); };
    const plugins = [nodeResolve({ browser: platform === 'browser', preferBuiltins: platform === 'node' }), commonjs()];
    await (await rollup({ input, plugins, onwarn })).write({ file, format: 'es', inlineDynamicImports: true });`,
  webpack: `
    import webpack from 'webpack';
    import { basename, dirname, resolve } from 'node:path';
    const [entry, file, platform] = process.argv.slice(2);
    const output = { path: resolve(dirname(file)), filename: basename(file), library: { type: 'module' }, chunkFormat: 'module' };
    const target = platform === 'browser' ? 'web' : 'node20';
    const options = { mode: 'production', target, entry: resolve(entry), output, experiments: { outputModule: true } };
    webpack({ ...options, performance: false }, (error, stats) => {
      if (!error && !stats.hasErrors() && !stats.hasWarnings()) return;
      console.error(error ?? stats.toString());
      process.exit(1);
    });`,
  vite: `
    import { build } from 'vite';
    import { basename, dirname, resolve } from 'node:path';
    const [entry, file, platform] = process.argv.slice(2);
    const output = { entryFileNames: basename(file), codeSplitting: false };
    const onLog = (level, log) => { if (level === 'warn') throw new Error(log.message); };
    const rolldownOptions = { input: resolve(entry), output, onLog, preserveEntrySignatures: 'strict' };
    const options = { rolldownOptions, outDir: dirname(file), emptyOutDir: false, ssr: platform === 'node', modulePreload: false, chunkSizeWarningLimit: 5000 };
    const ssr = { noExternal: true };
    await build({ configFile: false, logLevel: 'error', ssr, build: options });`,
};

/** Takes one class of each of two packages. */
export const PROGRAM = `
  import { IdPool } from '@idspace/next-id';
  import { IntMap } from '@idspace/xarray';
  console.log(new IntMap().set(7, 70).get(7), new IdPool().allocate());`;
export const PRINTED = '70 0\n';
/** What errors of other classes of these packages say: it is in the bundle only if those classes are. */
export const LEFT_OUT: readonly string[] = ['GenerationalId.from', 'new XArrayOf'];

/** A test file. @param before What it takes its functions from. */
export const tests = (before: string): string => `
  ${before}
  import { IdPool } from '@idspace/next-id';
  import { IntMap } from '@idspace/xarray';
  import { SharedXArray } from '@idspace/xarray/shared';
  test('map', () => equal(new IntMap().set(7, 70).get(7), 70));
  test('pool', () => equal(new IdPool().allocate(), 0));
  test('shared', () => equal(new SharedXArray({ alloc: 'from1', capacity: 100 }).alloc(5), 1));`;

/** An app that two workers share an array in. It says how that went as the body's \`data-answer\`. */
export const APP: Record<string, string> = {
  'index.html': '<!doctype html><title>app</title><body><script type="module" src="./main.js"></script></body>',
  'main.js': `
    import { SharedXArray } from '@idspace/xarray/shared';
    const run = async () => {
      const shared = new SharedXArray({ alloc: 'from1', capacity: 1000 });
      const workers = [2, 3].map((owner) => {
        const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
        worker.postMessage({ handle: shared.handle, owner });
        return new Promise((resolve, reject) => { worker.onmessage = resolve; worker.onerror = reject; });
      });
      await Promise.all(workers);
      let ofTwo = 0;
      shared.forEach((owner) => { ofTwo += Number(owner === 2); });
      return shared.size + ' entries, ' + ofTwo + ' of worker 2, the last at ' + shared.findLast();
    };
    run().catch((error) => error.name + ': ' + error.message).then((answer) => { document.body.dataset.answer = answer; });`,
  'worker.js': `
    import { SharedXArray } from '@idspace/xarray/shared';
    onmessage = ({ data }) => {
      const shared = SharedXArray.attach(data.handle, { owner: data.owner });
      for (let i = 0; i < 1000; i++) shared.alloc(data.owner);
      shared.detach();
      postMessage('done');
    };`,
  'vite.config.js':
    "export default { base: './', worker: { format: 'es' }, build: { target: 'es2022' }, logLevel: 'error' };",
};
/** Vite's dev server for that app: prints its address, and ends when its input does. */
export const DEV_SERVER = `
  import { createServer } from 'vite';
  const headers = JSON.parse(process.argv[2]);
  const server = await createServer({ root: 'app', logLevel: 'error', server: { host: '127.0.0.1', port: 0, headers } });
  await server.listen();
  console.log(server.resolvedUrls.local[0]);
  process.stdin.resume().on('end', async () => {
    await server.close();
    process.exit();
  });`;
export const ANSWER = '2000 entries, 1000 of worker 2, the last at 2000';
/** Headers under which a page has shared memory. */
export const ISOLATED: Record<string, string> = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};
