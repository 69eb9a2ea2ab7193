// CPU time of one access: plain, through a stand-in, and by instrumented source, in turns, the best of nine rounds:
// npx esbuild --bundle --platform=node --format=esm --conditions=@idspace/source --banner:js="import{createRequire}from'node:module';const require=createRequire(import.meta.url);" packages/mem-trace/bench/instrumented.ts --outfile=instrumented.mjs && node instrumented.mjs
import { trace } from '../src/index.ts';
import { instrument } from '../src/instrument.ts';
import { record } from '../src/recording.ts';

const N = 2_000_000;
const ROUNDS = 9;

/** Loops over an array; `order` and `rows` are arrays themselves, and are not counted. */
const LOOPS: Readonly<Record<string, string>> = {
  'a[i], in order': 'for (let i = 0; i < n; i++) sum += a[i & mask];',
  'a[i] = v, in order': 'for (let i = 0; i < n; i++) a[i & mask] = i;',
  'a[i] at random': 'let r = 1; for (let i = 0; i < n; i++) { r = (Math.imul(r, 69069) + 1) | 0; sum += a[r & mask]; }',
  'a[i] of a field': 'for (let i = 0; i < n; i++) sum += holder.a[i & mask];',
  'a[i]++, in order': 'for (let i = 0; i < n; i++) a[i & mask]++;',
  'rows[i][j], another row each time': 'for (let i = 0; i < n; i++) sum += rows[i & 63][i & 255];',
};

type Loop = (a: Int32Array, holder: { a: Int32Array }, rows: Int32Array[], n: number, mask: number) => number;

function loop(body: string, isInstrumented: boolean, firstSite: number): Loop {
  const text = `let sum = 0; ${body} return sum;`;
  const { code } = isInstrumented ? instrument(text, { file: 'loop.cjs', firstSite }) : { code: text };
  return new Function('a', 'holder', 'rows', 'n', 'mask', code) as Loop;
}

/** Nanoseconds of CPU time for one of N. */
function time(run: () => void): number {
  const start = process.cpuUsage().user;
  run();
  return ((process.cpuUsage().user - start) * 1000) / N;
}

const LENGTH = 1 << 16;
for (const [i, [name, body]] of Object.entries(LOOPS).entries()) {
  const [plain, traced, instrumented] = [loop(body, false, 0), loop(body, false, 0), loop(body, true, 100 * i)];
  const holder = { a: new Int32Array(LENGTH) };
  const rows = Array.from({ length: 64 }, () => new Int32Array(256));
  const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < ROUNDS; round++) {
    const own = { a: new Int32Array(LENGTH) };
    const shown = { ...rows.map((row) => row.slice()) };
    const tracing = trace({ own, shown }, () => {});
    const standIns = rows.map((_, at) => shown[at]!);
    const times = [
      time(() => plain(holder.a, holder, rows, N, LENGTH - 1)),
      time(() => traced(own.a, own, standIns, N, LENGTH - 1)),
    ];
    tracing.stop();
    const recording = record(() => {});
    times.push(time(() => instrumented(holder.a, holder, rows, N, LENGTH - 1)));
    recording.stop();
    for (const [at, ns] of times.entries()) best[at] = Math.min(best[at]!, ns);
  }
  console.log(`| \`${name}\` | ${best.map((ns) => `${ns.toFixed(1)} ns`).join(' | ')} |`);
}
