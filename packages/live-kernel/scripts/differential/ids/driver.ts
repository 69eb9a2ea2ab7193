// The C program that plays scripts of IDs on the running kernel, in namespaces of its own.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Script } from './course.ts';

/** The program, running. */
export class IdDriver {
  /** Why a space cannot be played here, by the driver's name of it; null where it can. */
  readonly spaces: ReadonlyMap<string, string | null>;
  /** Limits of the user's can be set. */
  readonly ownUser: boolean;
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;

  private constructor(
    child: ChildProcessWithoutNullStreams,
    lines: AsyncIterator<string>,
    spaces: ReadonlyMap<string, string | null>,
    ownUser: boolean,
  ) {
    this.child = child;
    this.lines = lines;
    this.spaces = spaces;
    this.ownUser = ownUser;
  }

  /** Starts it, and lets it tell what can be played. */
  static async start(program: string): Promise<IdDriver> {
    const child = spawn(program);
    child.stderr.pipe(process.stderr);
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const spaces = new Map<string, string | null>();
    let ownUser = false;
    for (let line = await next(lines); line !== 'ready'; line = await next(lines)) {
      const [, name = '', answer = ''] = /^(\S+) (.*)$/.exec(line) ?? [];
      if (name === 'limits') ownUser = answer === '1';
      else spaces.set(name, answer === 'ok' ? null : answer);
    }
    return new IdDriver(child, lines, spaces, ownUser);
  }

  /** Plays a script. Returns a result, or −errno, for each step. */
  async play({ space, limit, steps }: Script): Promise<readonly number[]> {
    const line = [`${space} ${limit}`, ...steps.map((step) => step.join(' '))].join(';');
    this.child.stdin.write(`${line}\n`);
    const results = (await next(this.lines)).trim().split(' ').map(Number);
    if (results.length !== steps.length) {
      throw new Error(`the driver gave ${results.length} results for ${steps.length} steps: ${line}`);
    }
    return results;
  }

  close(): void {
    this.child.stdin.end();
  }
}

async function next(lines: AsyncIterator<string>): Promise<string> {
  const { value, done } = await lines.next();
  if (done === true) throw new Error('the driver has ended; what it said is above');
  return value;
}
