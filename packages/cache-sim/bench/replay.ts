// Events a second read from a lackey trace in memory, alone and into three caches, CPU time, from the repo's root:
// npx esbuild --bundle --platform=node --format=esm packages/cache-sim/bench/replay.ts | node --input-type=module
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { CacheSim, parseGeometry } from '../src/index.ts';
import { replay } from '../src/trace.ts';

const COPIES = 20;
const once = gunzipSync(readFileSync('packages/cache-sim/test/ground-truth/radix.lackey.gz'));
const trace = Buffer.concat(Array<Buffer>(COPIES).fill(once));

let seen = 0;
const count = (): number => seen++;
const sinks = {
  parsing: { fetch: count, read: count, write: count },
  'parsing and simulating': new CacheSim({
    levels: [parseGeometry('32768,8,64', 'D1'), parseGeometry('8388608,16,64', 'LL')],
    instruction: parseGeometry('32768,8,64', 'I1'),
  }),
};
for (const [name, sink] of Object.entries(sinks)) {
  for (let round = 1; round <= 3; round++) {
    const start = process.cpuUsage().user;
    const { accesses } = await replay(trace, 'lackey', sink);
    console.log(`${name}, round ${round}: ${(accesses / (process.cpuUsage().user - start)).toFixed(1)} M/s`);
  }
}
