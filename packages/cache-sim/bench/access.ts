// Accesses a second on streams of reads, CPU time, from the repo's root:
// npx esbuild --bundle --platform=node --format=esm packages/cache-sim/bench/access.ts | node --input-type=module
import { CacheSim } from '../src/index.ts';

const N = 1 << 20;
const ROUNDS = 8;

/** Addresses of one stream, 8-byte words within `bytes`. */
function stream(kind: 'sequential' | 'random', bytes: number): Float64Array {
  let seed = 1;
  return Float64Array.from({ length: N }, (_, i) => {
    if (kind === 'sequential') return (i * 8) % bytes;
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return Math.floor((seed / 2 ** 32) * bytes) & ~7;
  });
}

const levels = [
  { name: 'L1', size: 32768, ways: 8, line: 64 },
  { name: 'LL', size: 8388608, ways: 16, line: 64 },
];
for (const [kind, bytes] of [
  ['sequential', 2 ** 26],
  ['random', 2 ** 14],
  ['random', 2 ** 19],
  ['random', 2 ** 22],
  ['random', 2 ** 26],
] as const) {
  const addresses = stream(kind, bytes);
  const sim = new CacheSim({ levels });
  const play = (): void => {
    for (let i = 0; i < N; i++) sim.read(addresses[i]!, 8);
  };
  play();
  const start = process.cpuUsage().user;
  for (let round = 0; round < ROUNDS; round++) play();
  const micros = process.cpuUsage().user - start;
  console.log(`${kind} in ${bytes >> 10} KiB: ${((N * ROUNDS) / micros).toFixed(1)} M/s`);
}
