// The stage of a scenario: a fresh kernel and the actors on it.
import type { Kernel } from '../kernel.ts';
import type { Process, Thread } from '../process.ts';
import type { Scenario } from './recording.ts';
import { StepError } from './step-field.ts';

/** What a forked process is called, by the depth of the process that forks it. */
const CHILD_NAMES = ['child', 'grandchild'];

/** A kernel, and who is who on it. */
export class Stage {
  /** A process that has nothing to do with the scenario's. */
  readonly foreign: Process;
  private readonly actors = new Map<string, Process | Thread>();
  /** How many forks a process is away from main. */
  private readonly depths = new Map<number, number>();

  /** @param scenario Its first listing tells main's pid, which clock IDs may name. */
  constructor(kernel: Kernel, scenario: Scenario) {
    const pid = recordedPid(scenario);
    const main = kernel.spawn(pid === undefined ? {} : { pid });
    this.actors.set('main', main);
    this.depths.set(main.pid, 0);
    this.foreign = kernel.spawn(pid === 1 ? {} : { pid: 1 });
  }

  /** Returns the actor of a name. */
  actor(name: string): Process | Thread {
    const actor = this.actors.get(name);
    if (actor?.alive === true) return actor;
    throw new StepError(`actor "${name}" ${actor === undefined ? 'was never started' : 'has exited'}`);
  }

  fork(parent: Process | Thread): void {
    const depth = this.depth(parent);
    const name = CHILD_NAMES[depth];
    if (name === undefined) throw new StepError('fork: a grandchild that forks has no name for its child');
    const child = parent.fork();
    this.actors.set(name, child);
    this.depths.set(child.pid, depth + 1);
  }

  /** The child of this process exits. In the recordings SIGCHLD is the one signal that is not blocked: it leaves no charge. */
  wait(parent: Process | Thread): void {
    const name = CHILD_NAMES[this.depth(parent)];
    if (name === undefined) throw new StepError('waitpid: a grandchild has no child');
    this.actor(name).exit();
  }

  startThread(starter: Process | Thread): void {
    this.actors.set('thread1', starter.thread());
  }

  joinThread(): void {
    this.actor('thread1').exit();
  }

  exec(caller: Process | Thread): void {
    caller.exec();
    this.actors.set('exec', 'process' in caller ? caller.process : caller);
  }

  private depth(actor: Process | Thread): number {
    return this.depths.get(actor.pid) as number;
  }
}

function recordedPid(scenario: Scenario): number | undefined {
  const i = scenario.steps.findIndex(({ who, op }) => who === 'main' && op === 'read');
  const pid = scenario.observed[i]?.pid;
  return typeof pid === 'number' ? pid : undefined;
}
