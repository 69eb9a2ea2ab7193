// Reads one input in a process of its own and tells how it ended, how much CPU time it took and by how much memory grew (Linux only).
// Called by hostile.ts: node --expose-gc hostile-child.ts BUILT GOOD INPUT
import { readFileSync, writeFileSync } from 'node:fs';
import type * as Planner from '@idspace/restore-planner';

const [built, good, input] = process.argv.slice(2) as [string, string, string];
const { CheckpointError, readCheckpoint } = (await import(built)) as typeof Planner;

for (let round = 0; round < 20; round++) await readCheckpoint(good); // so that code is loaded and compiled
globalThis.gc?.();
writeFileSync('/proc/self/clear_refs', '5'); // forgets the peak so far
const before = process.memoryUsage().rss;
const start = process.cpuUsage();
let ended = 'read';
try {
  await readCheckpoint(input);
} catch (error) {
  ended = error instanceof CheckpointError ? `${error.code}: ${error.got}` : `NOT A CheckpointError: ${error}`;
}
const { user, system } = process.cpuUsage(start); // of all threads, zlib's too, whatever else the machine does
const milliseconds = (user + system) / 1000;
const peak = Number(/^VmHWM:\s*(\d+) kB/m.exec(readFileSync('/proc/self/status', 'utf8'))![1]) * 1024;
process.stdout.write(JSON.stringify({ ended, milliseconds, growth: Math.max(peak - before, 0) }));
