// `pnpm bench shared`: what is shared by threads, with one worker and with two, against what else there is.
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { bundle, installPeers } from '@idspace/testkit/bench';
import { integerFlag, scriptFlags, timeFlag } from '@idspace/testkit/script-flags';
import type { sections as Sections } from './contestants.ts';
import { type Figures, targets, type Verdict } from './targets.ts';
import type { Reply, Request, WorkerData } from './worker.ts';

const HELP = `pnpm bench shared [flags]
  --only TEXT    sections whose title contains TEXT
  --who REGEX    of these, contestants whose name matches; targets are judged only where all are there
  --rounds N     samples of each contestant; the 5th percentile counts (default 200)
  --ms N         milliseconds a sample takes, about (default 2: short enough to find the machine's cores free)
  --json         the figures as JSON`;

const { values: flags } = scriptFlags(HELP, {
  only: { type: 'string', default: '' },
  who: { type: 'string', default: '' },
  rounds: { type: 'string', default: '200' },
  ms: { type: 'string', default: '2' },
  json: { type: 'boolean', default: false },
});
const rounds = integerFlag(HELP, 'rounds', flags.rounds);
const ms = timeFlag(HELP, 'ms', flags.ms);

const here = fileURLToPath(new URL('.', import.meta.url));
const peers = join(here, 'peers');
const who = new RegExp(flags.who, 'i');
const WARM_UP_CALLS = 20_000;

/**
 * The part of a sample's time in which all its workers must have run for it to count. Where the machine stops a worker,
 * the other goes on alone: then nothing is contended, and what is contended would look best in the worst samples.
 */
const TOGETHER = 0.75;

interface Sample {
  ns: number;
  overlap: number;
}

/** The workers of one contestant, and how many calls make a sample. */
class Team {
  private readonly workers: Worker[] = [];
  private readonly meeting = new Int32Array(new SharedArrayBuffer(64));
  private readonly samples: Sample[][] = [[], []];
  private calls = WARM_UP_CALLS;
  pinned = true;
  error: string | undefined;

  async start(module: URL, section: string, name: string, made: unknown): Promise<void> {
    for (const worker of [0, 1]) {
      const workerData: WorkerData = { section, name, made, worker, core: worker, meeting: this.meeting };
      const thread = new Worker(module, { workerData });
      const { pinned } = await new Promise<{ pinned: boolean }>((resolve) => thread.once('message', resolve));
      this.pinned &&= pinned;
      this.workers.push(thread);
    }
  }

  /** Warms up, alone and together, and sizes the samples. */
  async warmUp(ms: number): Promise<void> {
    let ns = Number.POSITIVE_INFINITY;
    for (let lap = 0; lap < 12 && this.error === undefined; lap++) {
      await this.sample(2);
      ns = Math.min(ns, (await this.sample(1)).ns);
    }
    this.calls = Math.max(200, Math.round((ms * 1e6) / Math.max(ns, 1)));
  }

  async measure(workers: 1 | 2): Promise<void> {
    if (this.error === undefined) this.samples[workers - 1]!.push(await this.sample(workers));
  }

  /** Nanoseconds per call, of all calls of all workers together. */
  figure(workers: 1 | 2): number {
    const samples = this.samples[workers - 1]!;
    const together = samples.filter(({ overlap }) => overlap >= TOGETHER);
    const sorted = (together.length > 0 ? together : samples).map(({ ns }) => ns).sort((a, b) => a - b);
    return this.error === undefined ? sorted[Math.floor(sorted.length / 20)]! : Number.NaN;
  }

  async stop(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  private async sample(workers: 1 | 2): Promise<Sample> {
    this.meeting[0] = 0;
    const replies = await Promise.all(
      this.workers.slice(0, workers).map((worker) => ask(worker, { calls: this.calls, workers })),
    );
    const times = replies.flatMap((reply) => ('error' in reply ? [] : [reply]));
    if (times.length < workers) this.error = replies.map((reply) => ('error' in reply ? reply.error : '')).join(' ');
    const begin = Math.min(...times.map((time) => time.begin));
    const end = Math.max(...times.map((time) => time.end));
    const all = Math.min(...times.map((time) => time.end)) - Math.max(...times.map((time) => time.begin));
    return { ns: (end - begin) / (this.calls * workers), overlap: all / (end - begin) };
  }
}

function ask(worker: Worker, request: Request): Promise<Reply> {
  return new Promise((resolve) => {
    worker.once('message', resolve);
    worker.postMessage(request);
  });
}

async function main(): Promise<void> {
  installPeers(peers);
  const external = Object.keys(manifest().dependencies);
  const module = await bundle(join(here, 'worker.ts'), peers, external);
  const list = (await import((await bundle(join(here, 'contestants.ts'), peers, external)).href)) as {
    sections: typeof Sections;
  };
  const figures: Figures = {};
  let pinned = true;
  for (const [title, contestants] of Object.entries(list.sections)) {
    if (!title.includes(flags.only)) continue;
    const teams = new Map<string, Team>();
    for (const [name, contestant] of Object.entries(contestants)) {
      if (!who.test(name)) continue;
      const team = new Team();
      await team.start(module, title, name, contestant.make());
      await team.warmUp(ms);
      teams.set(name, team);
    }
    // In turn, so that what else the machine does meets all alike.
    for (let round = 0; round < rounds; round++) {
      for (const team of teams.values()) {
        await team.measure(1);
        await team.measure(2);
      }
    }
    figures[title] = {};
    for (const [name, team] of teams) {
      figures[title][name] = { one: team.figure(1), two: team.figure(2), ...(team.error && { error: team.error }) };
      pinned &&= team.pinned;
      await team.stop();
    }
    if (!flags.json) console.log(block(title, figures[title]));
  }
  if (flags.json) console.log(JSON.stringify({ machine: machine(pinned), figures, targets: judge(figures) }, null, 2));
  else console.log(`\n${machine(pinned)}\n\n${summary(figures)}`);
}

function manifest(): { dependencies: Record<string, string> } {
  return JSON.parse(readFileSync(join(peers, 'package.json'), 'utf8')) as { dependencies: Record<string, string> };
}

function machine(pinned: boolean): string {
  const versions = Object.entries(manifest().dependencies).map(([name, version]) => `${name} ${version}`);
  const cores = pinned ? 'each worker pinned to a core of its own' : 'workers NOT pinned (no taskset)';
  return [
    `${cpus()[0]!.model}, ${availableParallelism()} CPUs, ${cores} · Node ${process.version} · ${new Date().toISOString().slice(0, 10)}`,
    versions.join(' · '),
    `5th percentile of ${rounds} samples of ${ms} ms, contestants in turn; two workers: wall time / calls of both,`,
    `of the samples in which both ran at least ${TOGETHER * 100} % of the time.`,
  ].join('\n');
}

function block(title: string, rows: Figures[string]): string {
  const number = (figure: number): string =>
    (figure >= 1000 ? Math.round(figure).toLocaleString('en') : figure.toPrecision(3)).padStart(12);
  const lines = Object.entries(rows).map(([name, { one, two, error }]) =>
    error
      ? `  ${name.padEnd(44)} ${error}`
      : `  ${name.padEnd(44)}${number(one)}${number(two)}${(one / two).toFixed(2).padStart(10)}`,
  );
  return [
    `\n${title}`,
    `  ${'ns per call'.padEnd(44)}${'1 worker'.padStart(12)}${'2 workers'.padStart(12)}${'scaling'.padStart(10)}`,
    ...lines,
  ].join('\n');
}

/** The targets, which compare contestants: unless only some were asked for. */
function judge(figures: Figures): Verdict[] {
  return flags.who === '' ? targets(figures) : [];
}

function summary(figures: Figures): string {
  const judged = judge(figures);
  if (judged.length === 0) return 'No targets judged.';
  const lines = judged.map(
    ({ met, what, value }) => `  ${(met ? 'met' : 'MISSED').padEnd(7)} ${what}: ${value.toPrecision(3)}`,
  );
  return [`Targets: ${judged.filter(({ met }) => met).length} of ${judged.length} met`, ...lines].join('\n');
}

await main();
