// The process that fuzzes: loads a bundle of targets, runs one of them, and tells its parent what it finds.
import { readFileSync } from 'node:fs';
import { Coverage, countersFor } from './coverage.ts';
import { COUNTERS } from './edges.ts';
import { Fuzzer } from './fuzzer.ts';
import type { ChildJob, ChildMessage } from './run.ts';
import { StatusWriter } from './status.ts';
import { DEFAULTS, type FuzzTargets } from './target.ts';

const job = JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as ChildJob;
const counters = countersFor(job.known);
(globalThis as Record<string, unknown>)[COUNTERS] = counters;
const { TARGETS } = (await import(job.bundle)) as { TARGETS: FuzzTargets };
const target = TARGETS[job.target]!;
const longest = target.longest ?? DEFAULTS.longest;
const status = new StatusWriter(job.status, Math.max(longest, 2 ** 20));
const coverage = new Coverage(counters);
const text = (input: Uint8Array): string => Buffer.from(input).toString('base64');
const bytes = (input: string): Uint8Array => new Uint8Array(Buffer.from(input, 'base64'));

/** Resolves when the message is on its way: what ends the process next does not lose it. */
function send(message: ChildMessage): Promise<void> {
  return new Promise((resolve) => process.send!(message, () => resolve()));
}

const fuzzer = new Fuzzer(target, {
  ...{ seed: job.seed, coverage, words: job.words, measures: true },
  before: (input) => status.begin(input),
  onFinding: ({ input, ...rest }) => void send({ finding: { ...rest, input: text(input) } }),
  onNewEdge: (input) => void send({ newEdge: text(input) }),
});
const progress = (): ChildMessage => {
  const { executions, lastNewEdge, size } = fuzzer;
  return { progress: { executions, lastNewEdge, size, reached: coverage.reached } };
};
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

if (job.repeat !== undefined) {
  const input = bytes(job.repeat);
  status.begin(input);
  const wrong = await fuzzer.run(input);
  if (wrong !== undefined) await send({ finding: { ...wrong, input: job.repeat } });
} else {
  await fuzzer.begin([...target.seeds(), ...job.inputs.map(bytes)]);
  await send(progress());
  let told = performance.now();
  while (fuzzer.executions < job.runs && !(job.first && fuzzer.findings.size > 0)) {
    await fuzzer.step();
    if (fuzzer.executions % 16 !== 0) continue;
    const now = performance.now();
    if (now >= job.milliseconds) break;
    if (now - told < 500) continue;
    told = now;
    await send(progress());
    await turn();
  }
  await send(progress());
  const chosen = job.keep ? await fuzzer.chosen() : [];
  await send({ chosen: chosen.map(text) });
}
process.exit(0);
