// A process that holds a package's bundled tests, and runs some of them with one change switched on.
import { type ChildProcess, fork } from 'node:child_process';
import type { Order, Said } from '../runtimes/inside/in-mutants.ts';

/** What a test took without a change. */
export interface Clean {
  readonly test: number;
  readonly ms: number;
  readonly calls: number;
  readonly reached: readonly number[];
}

export interface Loaded {
  /** By number. */
  readonly tests: ReadonlyMap<number, string>;
  /** Changes that are reached while the files are loaded: they need a process of their own. */
  readonly reached: readonly number[];
}

/** How a change ended: `killer` is a test, or undefined where all of them passed. */
export interface Fate {
  readonly killer?: string;
  readonly why?: string;
}

/** A test may make this many times the calls that it makes without a change, and some more. */
const CALLS = 20;
const MORE_CALLS = 200_000;
/** As much for its time, which counts only where a test waits, or loops outside of what is changed. */
const TIMES = 20;
const MORE_MS = 10_000;
const LOAD_MS = 120_000;

export class Runner {
  private readonly module: string;
  private readonly count: number;
  private readonly moreMs: number;
  private child: ChildProcess | undefined;
  private names: ReadonlyMap<number, string> = new Map();
  /** @param count Changes in the module. @param moreMs Milliseconds that a test may be silent besides those that it takes. */
  constructor(module: string, count: number, moreMs: number = MORE_MS) {
    this.module = module;
    this.count = count;
    this.moreMs = moreMs;
  }

  /** Starts a process. With a change it is on from the beginning, and what the tests need is loaded as they run. */
  async load(mutant = 0): Promise<Loaded> {
    this.end();
    const env = { ...process.env, IDSPACE_MUTANT: String(mutant), IDSPACE_MUTANTS: String(this.count) };
    const child = fork(this.module, {
      env,
      execArgv: ['--max-old-space-size=3000', '--expose-gc'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    this.child = child;
    const said = await this.until(() => LOAD_MS).catch((cause) => {
      throw new Error('the tests do not load: is everything built?', { cause });
    });
    if (said.kind !== 'ready') throw new Error(`the tests do not load: ${'why' in said ? said.why : said.kind}`);
    if (mutant === 0) this.names = new Map(said.tests);
    return { tests: this.names, reached: said.reached };
  }

  /** Runs every test without a change. Those that fail are told, and left out. */
  async clean(tests: readonly number[], onFailed: (test: string, why: string) => void): Promise<Clean[]> {
    const good: Clean[] = [];
    this.child!.send({ mutant: 0, tests } satisfies Order);
    await this.until(
      () => LOAD_MS * 5,
      (said) => {
        if (said.kind !== 'clean') return;
        if (said.why === undefined) good.push(said);
        else onFailed(this.names.get(said.test)!, said.why);
      },
    );
    return good;
  }

  /** Runs tests with a change until one fails. A test that fails without it afterwards is tried again in a new process. */
  async run(mutant: number, tests: readonly Clean[], isStatic: boolean): Promise<Fate> {
    let isFresh = isStatic;
    if (isStatic) this.end();
    for (let left = tests; ; ) {
      if (this.child === undefined) await this.load(isStatic ? mutant : 0);
      const said = await this.order(mutant, left);
      if (said.kind !== 'end') throw new Error(`got ${said.kind}`);
      if (isStatic) this.end();
      if (said.killer === undefined) return {};
      const fate = { killer: this.names.get(said.killer)!, why: said.why! };
      if (said.isClean || isFresh) return fate;
      this.end();
      isFresh = true;
      left = left.slice(left.findIndex(({ test }) => test === said.killer));
    }
  }

  private async order(mutant: number, tests: readonly Clean[]): Promise<Said> {
    const limits = tests.map(({ calls }) => calls * CALLS + MORE_CALLS);
    const times = new Map(tests.map(({ test, ms }) => [test, ms * TIMES + this.moreMs]));
    let last = tests[0]!.test;
    this.child!.send({ mutant, tests: tests.map(({ test }) => test), limits } satisfies Order);
    try {
      return await this.until(
        () => times.get(last)!,
        (said) => {
          if (said.kind === 'began') last = said.test;
        },
      );
    } catch (error) {
      this.end();
      return { kind: 'end', killer: last, why: String(error), isClean: true };
    }
  }

  /** Waits for the end of an order, or for the process to be ready. Rejects at the process's end, or after a silence. */
  private until(silenceMs: () => number, on: (said: Said) => unknown = () => {}): Promise<Said> {
    const child = this.child!;
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout;
      const done = (): void => {
        clearTimeout(timer);
        child.off('message', take).off('exit', ended);
      };
      const ended = (code: number | null, signal: string | null): void => {
        done();
        reject(new Error(`the process ended with ${code ?? signal}`));
      };
      const wait = (): void => {
        clearTimeout(timer);
        timer = setTimeout(() => {
          done();
          reject(new Error('takes too long'));
        }, silenceMs());
      };
      const take = (said: Said): void => {
        on(said);
        wait();
        if (said.kind !== 'end' && said.kind !== 'ready') return;
        done();
        resolve(said);
      };
      child.on('message', take).on('exit', ended);
      wait();
    });
  }

  end(): void {
    this.child?.kill('SIGKILL');
    this.child = undefined;
  }
}
