// CPU time for one recorded access, and for an XArray.load untraced, paused, recorded and after stop:
// npx esbuild --bundle --platform=node --format=esm --conditions=@idspace/source packages/mem-trace/bench/access.ts | node --input-type=module
import { XArray } from '@idspace/xarray';
import { trace } from '../src/index.ts';

const N = 1_000_000;

/** Nanoseconds of CPU time that one of `count` operations takes, the best of three runs. */
function nanoseconds(count: number, run: () => void): string {
  const times = Array.from({ length: 3 }, () => {
    const start = process.cpuUsage().user;
    run();
    return ((process.cpuUsage().user - start) * 1000) / count;
  });
  return `${Math.min(...times).toFixed(1)} ns`;
}

let accesses = 0;
const sink = (): void => {
  accesses++;
};
for (const length of [1 << 8, 1 << 12, 1 << 16, 1 << 20]) {
  const holder = { a: new Int32Array(length) };
  const tracing = trace({ holder }, sink);
  const { a } = holder;
  let sum = 0;
  const order = Int32Array.from({ length: N }, (_, i) => Math.imul(i, 0x9e3779b1) >>> (32 - Math.log2(length)));
  const reads = nanoseconds(N, () => {
    for (let i = 0; i < N; i++) sum += a[order[i]!]!;
  });
  const writes = nanoseconds(N, () => {
    for (let i = 0; i < N; i++) a[order[i]!] = sum;
  });
  const fill = nanoseconds(length * 16, () => {
    for (let i = 0; i < 16; i++) a.fill(i);
  });
  tracing.stop();
  console.log(`${length} elements, in random order: read ${reads}, write ${writes}; fill ${fill} an element`);
}

const array = new XArray();
for (let i = 0; i < 4096; i++) array.store(i, i + 1);
const load = (): string =>
  nanoseconds(N, () => {
    for (let i = 0; i < N; i++) array.load(i & 4095);
  });
console.log(`XArray.load, height 2, untraced: ${load()}`);
const tracing = trace({ array }, sink);
tracing.pause();
console.log(`paused: ${load()}`);
tracing.resume();
accesses = 0;
console.log(`recorded: ${load()} (${accesses / N / 3} accesses each)`);
tracing.stop();
console.log(`stopped: ${load()}`);
