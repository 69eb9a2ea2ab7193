// Runs contestants against each other: a process each, pinned to one core, asked in turn, round after round.
import { type ChildProcess, fork, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Reply, Request } from './contestant.ts';
import type { Params } from './workload.ts';

export interface ContestOptions {
  /** ES module that exports `contestants`; plain JavaScript, so that nothing but V8 stands between it and the figure. */
  module: URL;
  /** The module of `contestant.ts`, as JavaScript. */
  contestant: URL;
  /** Node binary. */
  node: string;
  /** Samples of each contestant; the median counts. */
  rounds: number;
  /** Timed milliseconds of CPU per sample at least. */
  atLeast: number;
}

/** The median figure of each contestant; NaN for one that failed, with the reason in `errors`. */
export interface Result {
  figures: Map<string, number>;
  errors: Map<string, string>;
}

/** Lets contestants run the same operation in turn. Close it when done. */
export class Contest {
  private readonly options: ContestOptions;
  private readonly children = new Map<string, ChildProcess>();

  constructor(options: ContestOptions) {
    this.options = options;
  }

  /** Runs one operation on the named contestants. */
  async run(operation: string, params: Params, names: readonly string[]): Promise<Result> {
    const samples = new Map(names.map((name) => [name, [] as number[]]));
    const errors = new Map<string, string>();
    for (let round = 0; round < this.options.rounds; round++) {
      for (const name of names) {
        if (errors.has(name)) continue;
        const reply = await this.ask(name, { operation, params, atLeast: this.options.atLeast });
        if ('error' in reply) errors.set(name, reply.error);
        else samples.get(name)!.push(reply.figure);
      }
    }
    return { figures: new Map([...samples].map(([name, figures]) => [name, median(figures)])), errors };
  }

  /** Ends the contestants' processes, so that the next operation starts on fresh heaps. */
  close(): void {
    for (const child of this.children.values()) child.kill();
    this.children.clear();
  }

  private ask(name: string, request: Request): Promise<Reply> {
    const child = this.children.get(name) ?? this.start(name);
    return new Promise((resolve) => {
      const onExit = (code: number | null): void => {
        this.children.delete(name);
        resolve({ error: `its process ended with ${code ?? 'a signal'}` });
      };
      child.once('exit', onExit);
      child.once('message', (reply: Reply) => {
        child.off('exit', onExit);
        resolve(reply);
      });
      child.send(request);
    });
  }

  private start(name: string): ChildProcess {
    const { contestant, module, node } = this.options;
    const child = fork(fileURLToPath(contestant), [module.href, name], {
      execPath: node,
      execArgv: ['--expose-gc', '--max-old-space-size=8192'],
    });
    // One core for all of them: they never run at the same time.
    spawnSync('taskset', ['-a', '-p', '-c', '0', String(child.pid)]);
    this.children.set(name, child);
    return child;
  }
}

function median(figures: number[]): number {
  if (figures.length === 0) return Number.NaN;
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
