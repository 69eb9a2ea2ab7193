// CPU time of one access: plain, through a stand-in, and by instrumented source, in turns, the best of nine rounds:
// npx esbuild --bundle --platform=node --format=esm --conditions=@idspace/source --banner:js="import{createRequire}from'node:module';const require=createRequire(import.meta.url);" packages/mem-trace/bench/instrumented.ts --outfile=instrumented.mjs && node instrumented.mjs
import { trace } from '../src/index.ts';
import { instrument } from '../src/instrument.ts';
import { record } from '../src/recording.ts';
import type { TypedArray } from '../src/typed-array.ts';
import { NUMBER_KINDS } from '../test/support/kinds.ts';

/** Steps of a loop that is timed: a clock of CPU time goes on by milliseconds. */
const [FEW, MANY] = [1_000_000, 10_000_000];
const ROUNDS = 9;

/** Loops over an array; `rows` and `list` are ordinary arrays. The last one brings in more kinds of arrays than V8 tells apart. */
const LOOPS: Readonly<Record<string, string>> = {
  'a[i], in order': 'for (let i = 0; i < n; i++) sum += a[i & mask];',
  'a[i] = v, in order': 'for (let i = 0; i < n; i++) a[i & mask] = i;',
  'a[i] at random': 'let r = 1; for (let i = 0; i < n; i++) { r = (Math.imul(r, 69069) + 1) | 0; sum += a[r & mask]; }',
  'a[i] of a field': 'for (let i = 0; i < n; i++) sum += holder.a[i & mask];',
  'a[i]++, in order': 'for (let i = 0; i < n; i++) a[i & mask]++;',
  'two arrays in turn, at one place': 'for (let i = 0; i < n; i++) sum += (i & 1 ? a : b)[i & mask];',
  'rows[i][j], another row each time': 'for (let i = 0; i < n; i++) sum += rows[i & 63][i & 255];',
  'rows[i][j], closed to new properties': 'for (let i = 0; i < n; i++) sum += closed[i & 63][i & 255];',
  'list[i], an ordinary array': 'for (let i = 0; i < n; i++) sum += list[i & 255];',
  'rows[i][j], of nine kinds': 'for (let i = 0; i < n; i++) sum += kinds[i % 9][i & 255];',
};

interface Data {
  a: Int32Array;
  b: Int32Array;
  holder: { a: Int32Array };
  rows: Int32Array[];
  /** An array of each kind that holds numbers. */
  kinds: TypedArray[];
  /** As rows. */
  closed: TypedArray[];
  list: number[];
}

type Loop = (data: Data, n: number) => number;

function loop(body: string, isInstrumented: boolean, firstSite: number): Loop {
  const text = `const { a, b, holder, rows, kinds, closed, list } = data, mask = a.length - 1; let sum = 0; ${body} return sum;`;
  const { code } = isInstrumented ? instrument(text, { file: 'loop.cjs', firstSite }) : { code: text };
  return new Function('data', 'n', code) as Loop;
}

/** Nanoseconds of CPU time for a step. */
function time(run: Loop, data: Data, steps: number): number {
  const start = process.cpuUsage().user;
  run(data, steps);
  return ((process.cpuUsage().user - start) * 1000) / steps;
}

const LENGTH = 1 << 16;
const LIST = Array.from({ length: 256 }, (_, i) => i);

function makeData(): Data {
  const a = new Int32Array(LENGTH);
  const rows = Array.from({ length: 64 }, () => new Int32Array(256));
  const kinds = NUMBER_KINDS.map((Kind) => new Kind(256));
  const closed = rows.map((row) => Object.preventExtensions(row.slice()));
  return { a, b: new Int32Array(LENGTH), holder: { a }, rows, kinds, closed, list: LIST };
}

/** What the loops see of arrays that are traced by stand-ins. */
function standIns(): { data: Data; stop: () => void } {
  const { a, b, rows, kinds, closed } = makeData();
  const own = { a, b };
  const byNumber: Record<string, TypedArray> = Object.fromEntries([...rows, ...closed, ...kinds].entries());
  const tracing = trace({ own, byNumber }, () => {});
  const all = Object.values(byNumber);
  const data = {
    a: own.a,
    b: own.b,
    holder: own,
    rows: all.slice(0, rows.length) as Int32Array[],
    closed: all.slice(rows.length, -kinds.length),
    kinds: all.slice(-kinds.length),
    list: LIST,
  };
  return { data, stop: () => tracing.stop() };
}

/** Nanoseconds of a row in each of the three forms: the least of some rounds. */
function row(body: string, firstSite: number): number[] {
  const [plain, traced, instrumented] = [loop(body, false, 0), loop(body, false, 0), loop(body, true, firstSite)];
  const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const data = makeData();
  for (let round = 0; round < ROUNDS; round++) {
    const { data: shown, stop } = standIns();
    const times = [time(plain, data, MANY), time(traced, shown, FEW)];
    stop();
    const recording = record(() => {});
    times.push(time(instrumented, data, MANY));
    recording.stop();
    for (const [at, ns] of times.entries()) best[at] = Math.min(best[at]!, ns);
  }
  return best;
}

// In the second pass, the program has met arrays of nine kinds.
const [few, many] = [0, 1].map((pass) =>
  Object.values(LOOPS).map((body, i) => row(`/* ${pass} */ ${body}`, 100 * (i + pass * 50))),
);
for (const [i, name] of Object.keys(LOOPS).entries()) {
  const cells = [...few![i]!, many![i]![2]!].map((ns) => `${ns.toFixed(1)} ns`);
  console.log(`| \`${name}\` | ${cells.join(' | ')} |`);
}

/** Time of a plain access to arrays of some kinds in turn; `recorded` says which of 64 were recorded before. */
function timeAfter(kinds: number, recorded: (i: number) => boolean): string {
  const rows = Array.from({ length: 64 }, (_, i) => new NUMBER_KINDS[i % kinds]!(256));
  const read = new Function(
    'rows',
    instrument('for (const row of rows) row[0];', { file: 'read.cjs', firstSite: 10_000 }).code,
  );
  const recording = record(() => {});
  read(rows.filter((_, i) => recorded(i)));
  recording.stop();
  // Code of the same text would share what V8 has learned of its arrays.
  const text = `/* ${kinds} ${recorded} */ const { rows } = data; let sum = 0; for (let i = 0; i < n; i++) sum += rows[i & 63][i & 255]; return sum;`;
  const run = new Function('data', 'n', text) as Loop;
  const times = Array.from({ length: ROUNDS }, () => time(run, { rows } as Data, MANY));
  return `${Math.min(...times).toFixed(1)} ns`;
}

for (const kinds of [1, 2, 3, 4, 5])
  console.log(
    `${kinds} kinds, plain: none recorded ${timeAfter(kinds, () => false)}, half ${timeAfter(kinds, (i) => (i >> 4) % 2 > 0)}`,
  );
