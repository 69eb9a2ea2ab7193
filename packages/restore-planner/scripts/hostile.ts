// What readCheckpoint makes of inputs that are cut short or made to harm: `pnpm hostile`.
// Every given checkpoint is cut at every byte (JSON at every 16th). Then every input made to harm is read in a process of its own,
// for its time and memory. Random damage is for `pnpm fuzz restore-planner`.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { scriptFlags } from '@idspace/testkit/script-flags';
import { cutAll, type Tally } from '../test/support/damage.ts';
import { damagedForms } from '../test/support/damaged-forms.ts';
import { CASES, GROUND_TRUTH } from '../test/support/given-images.ts';
import { HOSTILE_INPUTS } from '../test/support/hostile-inputs.ts';

const MAX_GROWTH = 64 * 2 ** 20; // bytes
const MAX_BOMB_GROWTH = 96 * 2 ** 20; // what is let go waits for the collector
const MAX_FULL_GROWTH = 192 * 2 ** 20; // 262,144 timers, 500 bytes each
const MAX_TIME = 1000; // ms of CPU
const MAX_BOMB_TIME = 25_000; // 10 s and 3 s for each MiB are allowed, of up to 10 MiB here

scriptFlags(
  `pnpm hostile, after pnpm build
Exit 1 if anything was read that should be refused, took too long or too much memory.`,
  {},
);

let faults = 0;

const line = (text: string): boolean => process.stdout.write(`${text}\n`);
line(`node ${process.version} on ${process.platform}-${process.arch}\n`);

globalThis.gc?.();
const before = process.memoryUsage().rss;
for (const name of CASES) {
  for (const form of damagedForms(name)) {
    const cut = await cutAll(form);
    faults += cut.faults.length;
    line(`${name.padEnd(24)} ${form.name.padEnd(10)} cut ${told(cut)}`);
    for (const fault of cut.faults.slice(0, 5)) line(`  FAULT ${fault}`);
  }
}
globalThis.gc?.();
line(`memory grew by ${mib(process.memoryUsage().rss - before)} over all of these\n`);

const folder = mkdtempSync(join(tmpdir(), 'restore-planner-hostile-'));
const child = new URL('./hostile-child.ts', import.meta.url).pathname;
const built = new URL('../dist/index.js', import.meta.url).href;
try {
  for (const [index, input] of HOSTILE_INPUTS.entries()) {
    const path = join(folder, String(index));
    input.write(path);
    const good = join(GROUND_TRUTH, 'sparse');
    const run = spawnSync(process.execPath, ['--expose-gc', '--import', 'tsx', child, built, good, path], {
      encoding: 'utf8',
    });
    rmSync(path, { recursive: true });
    const result =
      run.status === 0 ? JSON.parse(run.stdout) : { ended: `DIED: ${run.stderr}`, milliseconds: 0, growth: 0 };
    const isRight = (result.ended === 'read') === (input.isFine === true) && !/^(NOT|DIED)/.test(result.ended);
    const isLong = input.isBomb || input.isFull;
    const isCheap =
      result.milliseconds <= (isLong ? MAX_BOMB_TIME : MAX_TIME) &&
      result.growth <= (input.isFull ? MAX_FULL_GROWTH : input.isBomb ? MAX_BOMB_GROWTH : MAX_GROWTH);
    if (!isRight || !isCheap) faults++;
    const cost = `${result.milliseconds.toFixed(0).padStart(5)} ms ${mib(result.growth).padStart(8)}`;
    line(`${isRight && isCheap ? 'ok   ' : 'FAULT'} ${cost}  ${input.name}: ${result.ended}`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
line(`\n${faults} faults`);
process.exitCode = faults === 0 ? 0 : 1;

function told({ tries, refused, worst }: Tally): string {
  return `${tries}, ${refused} refused, worst ${worst.toFixed(1)} ms`;
}

function mib(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(1)} MiB`;
}
