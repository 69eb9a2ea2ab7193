// Runs a target in processes of its own, watches them, and goes on in a new one where one hangs or dies.
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { FROM_SOURCES } from '../sources/index.ts';
import type { BundleFacts } from './bundle.ts';
import type { Finding } from './fuzzer.ts';
import { minimised } from './minimise.ts';
import { readStatus } from './status.ts';
import type { Words } from './target.ts';

/** What a child is to do; a file of JSON. */
export interface ChildJob {
  readonly bundle: string;
  readonly target: string;
  /** Edges that the bundle has. */
  readonly known: number;
  readonly words: Words;
  readonly status: string;
  readonly seed: number;
  /** Executions and time after which it ends. */
  readonly runs: number;
  readonly milliseconds: number;
  /** Inputs beside the target's own, in base64. */
  readonly inputs: readonly string[];
  /** Whether it ends at the first finding. */
  readonly first: boolean;
  /** Whether it is to tell the chosen inputs. */
  readonly keep: boolean;
  /** The only input to run. */
  readonly repeat?: string;
}

export interface Progress {
  readonly executions: number;
  /** Execution that reached a new edge last. */
  readonly lastNewEdge: number;
  /** Inputs that are drawn from. */
  readonly size: number;
  /** Edges reached. */
  readonly reached: number;
}

/** What a child tells; inputs are in base64. */
export type ChildMessage =
  | { readonly progress: Progress }
  | { readonly finding: { readonly signature: string; readonly report: string; readonly input: string } }
  | { readonly newEdge: string }
  | { readonly chosen: readonly string[] };

export interface RunOptions {
  readonly seed: number;
  /** Default: no limit. */
  readonly runs?: number;
  readonly seconds?: number;
  /** Inputs beside the target's own. */
  readonly inputs?: readonly Uint8Array[];
  readonly keep?: boolean;
  /** Whether it ends at the first finding; default false. */
  readonly first?: boolean;
  /** CPU time of one execution that is a hang, seconds; default 20. */
  readonly hangSeconds?: number;
  /** Most memory of the heap, and of the process beside it, MiB; default 768. */
  readonly heapMebibytes?: number;
  readonly onProgress?: (progress: Progress) => void;
}

export interface RunResult extends Progress {
  readonly findings: readonly Finding[];
  readonly chosen: readonly Uint8Array[];
  /** Time that processes fuzzed, seconds. */
  readonly seconds: number;
}

const CHILD = fileURLToPath(new URL('./child.ts', import.meta.url));
const MOST_DEATHS = 4;
const POLL = 500; // ms, at most: a hang is looked for four times before it is one
const LAST_WORDS = 4000; // characters of what a process said before it died

const text = (input: Uint8Array): string => Buffer.from(input).toString('base64');
const bytes = (input: string): Uint8Array => new Uint8Array(Buffer.from(input, 'base64'));

/** How a process ended that did not end by itself. */
interface Death {
  readonly signature: 'hang' | 'memory' | 'abort';
  readonly report: string;
}

/** Fuzzes a target until there were so many executions, or the time is over. @param bundle Path of its bundle. */
export async function runTarget(
  bundle: string,
  facts: BundleFacts,
  target: string,
  options: RunOptions,
): Promise<RunResult> {
  const folder = mkdtempSync(join(tmpdir(), 'idspace-fuzz-'));
  try {
    return await new Run(folder, bundle, facts, target, options).whole();
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs one input in a process of its own. @returns What was wrong. */
export async function repeatInput(
  bundle: string,
  facts: BundleFacts,
  target: string,
  input: Uint8Array,
  options: RunOptions,
): Promise<Finding | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'idspace-fuzz-'));
  try {
    return await new Run(folder, bundle, facts, target, options).repeat(input);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

class Run {
  private readonly folder: string;
  private readonly job: ChildJob;
  private readonly options: RunOptions;
  private readonly findings: Map<string, Finding> = new Map();
  private readonly grown: string[] = [];
  private chosen: readonly string[] = [];
  /** Of the process that runs, and of those before. */
  private now: Progress = { executions: 0, lastNewEdge: 0, size: 0, reached: 0 };
  private before = 0;

  constructor(folder: string, bundle: string, facts: BundleFacts, target: string, options: RunOptions) {
    this.folder = folder;
    this.options = options;
    const { known, words } = facts;
    const status = join(folder, 'status');
    const limits = { seed: options.seed, runs: options.runs ?? 1e15, milliseconds: (options.seconds ?? 1e9) * 1000 };
    const inputs = (options.inputs ?? []).map(text);
    const { keep = false, first = false } = options;
    this.job = { bundle: pathToFileURL(bundle).href, target, known, words, status, inputs, keep, first, ...limits };
  }

  async whole(): Promise<RunResult> {
    const begin = performance.now();
    for (let deaths = 0; deaths < (this.job.first ? 1 : MOST_DEATHS); deaths++) {
      const left = this.job.milliseconds - (performance.now() - begin);
      const runs = this.job.runs - this.before;
      if (left <= 0 || runs <= 0) break;
      const inputs = [...this.job.inputs, ...this.grown];
      const death = await this.process({
        ...this.job,
        seed: (this.job.seed + deaths) >>> 0,
        inputs,
        runs,
        milliseconds: left,
      });
      if (death === undefined) break;
      await this.mourn(death);
    }
    const findings = [...this.findings.values()];
    const seconds = (performance.now() - begin) / 1000;
    return { ...this.sum(), findings, chosen: this.chosen.map(bytes), seconds };
  }

  async repeat(input: Uint8Array): Promise<Finding | undefined> {
    this.findings.clear();
    const death = await this.process({ ...this.job, repeat: text(input) });
    return death === undefined ? [...this.findings.values()][0] : { ...death, input };
  }

  private sum(): Progress {
    const { executions, lastNewEdge } = this.now;
    return { ...this.now, executions: this.before + executions, lastNewEdge: this.before + lastNewEdge };
  }

  /** Keeps the input on which a process died, as small as a few more deaths make it. */
  private async mourn({ signature, report }: Death): Promise<void> {
    this.before += this.now.executions;
    this.now = { ...this.now, executions: 0, lastNewEdge: 0 };
    const { input } = readStatus(this.job.status);
    if (this.findings.has(signature)) return;
    const other = new Run(this.folder, '', { known: 0, words: this.job.words }, '', this.options);
    Object.assign(other, { job: this.job });
    const does = async (candidate: Uint8Array): Promise<boolean> =>
      (await other.repeat(candidate))?.signature === signature;
    const smallest = (await does(input)) ? await minimised(input, does, signature === 'hang' ? 4 : 16) : input;
    this.findings.set(signature, { signature, report, input: smallest });
  }

  /** Runs a process to its end. @returns How it died, if it did. */
  private process(job: ChildJob): Promise<Death | undefined> {
    const path = join(this.folder, 'job.json');
    writeFileSync(path, JSON.stringify(job));
    writeFileSync(job.status, new Uint8Array(8));
    const { heapMebibytes = 768 } = this.options;
    const execArgv = [...FROM_SOURCES, `--max-old-space-size=${heapMebibytes}`, '--stack-trace-limit=30'];
    const child = fork(CHILD, [path], { execArgv, stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    let said = '';
    child.stderr!.on('data', (piece: Buffer) => {
      said = (said + piece.toString()).slice(-LAST_WORDS);
    });
    child.on('message', (message: ChildMessage) => this.take(message));
    return new Promise((resolve, reject) => {
      let death: Death | undefined;
      const watch = new Watch(child, job.status, this.options, (found) => {
        death = found;
        child.kill('SIGKILL');
      });
      child.on('error', reject);
      child.on('close', (code, signal) => {
        watch.stop();
        if (death === undefined && code !== 0) {
          if (readStatus(job.status).begun === 0) return reject(new Error(`the target cannot be loaded: ${said}`));
          death = { signature: 'abort', report: `the process ended with ${signal ?? code}: ${said}` };
        }
        resolve(death);
      });
    });
  }

  private take(message: ChildMessage): void {
    if ('progress' in message) {
      this.now = message.progress;
      this.options.onProgress?.(this.sum());
    } else if ('finding' in message) {
      const { signature, report, input } = message.finding;
      this.findings.set(signature, { signature, report, input: bytes(input) });
    } else if ('newEdge' in message) this.grown.push(message.newEdge);
    else this.chosen = message.chosen;
  }
}

/** Looks after a process: one execution takes too much CPU time, or the process too much memory. */
class Watch {
  private readonly timer: NodeJS.Timeout;
  private begun = 0;
  private since = 0;

  constructor(child: ChildProcess, status: string, options: RunOptions, onDeath: (death: Death) => void) {
    const { hangSeconds = 20, heapMebibytes = 768 } = options;
    this.timer = setInterval(
      () => {
        const { begun } = readStatus(status);
        const { cpu, resident } = usageOf(child.pid!);
        if (begun !== this.begun) {
          this.begun = begun;
          this.since = cpu;
        }
        if (begun > 0 && cpu - this.since > hangSeconds) {
          onDeath({ signature: 'hang', report: `one execution took more than ${hangSeconds} s of CPU time` });
        } else if (resident > 2 * heapMebibytes) {
          onDeath({ signature: 'memory', report: `the process took ${Math.round(resident)} MiB` });
        }
      },
      Math.min(POLL, hangSeconds * 250),
    );
  }

  stop(): void {
    clearInterval(this.timer);
  }
}

/** CPU time of a process in seconds, and its memory in MiB. Where the system does not tell, time is the clock's. */
function usageOf(pid: number): { cpu: number; resident: number } {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ');
    return { cpu: (Number(fields[11]) + Number(fields[12])) / 100, resident: (Number(fields[21]) * 4096) / 2 ** 20 };
  } catch {
    return { cpu: performance.now() / 1000, resident: 0 };
  }
}
