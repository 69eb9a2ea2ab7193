// Plays scripts of several processes and threads on the running kernel, through a C program: fork is not safe in a
// JavaScript runtime.
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { listedIds, normalizeListing, type Observation, type Step } from '@idspace/posix-timers/conformance';
import type { Oracle, Played } from './oracle.ts';

/** Users without processes, 8 for each script, others for each run: what is left of another script is charged to others. */
const FIRST_UID = 2 ** 21 * (1 + (process.pid % 1000));
const UIDS = 8;
/** The driver's numbers of the actors that can be forked. */
const FORKED: Readonly<Record<string, number>> = { main: 2, thread1: 2, exec: 2, child: 3 };

/** The driver as the oracle. */
export class DriverOracle implements Oracle {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly lines: AsyncIterator<string>;
  private readonly ownUsers: boolean;
  private scripts = 0;

  /** @param ownUsers Give each script users of its own: takes root. */
  constructor(program: string, ownUsers: boolean) {
    this.child = spawn(program);
    this.child.stderr.pipe(process.stderr);
    this.lines = createInterface(this.child.stdout)[Symbol.asyncIterator]();
    this.ownUsers = ownUsers;
  }

  async play(steps: readonly Step[]): Promise<Played> {
    const firstUid = this.ownUsers ? FIRST_UID + UIDS * this.scripts++ : 0;
    const requests = [`begin ${firstUid}`, ...steps.map((step) => `${step.who} ${encoded(step, firstUid)}`), 'end'];
    this.child.stdin.write(`${requests.join('\n')}\n`);
    await this.line();
    const observed: Observation[] = [];
    for (const step of steps) observed.push(observation(step, await this.line()));
    await this.line();
    return { steps, observed };
  }

  close(): void {
    this.child.stdin.end();
  }

  private async line(): Promise<string> {
    const { value, done } = await this.lines.next();
    if (done === true) throw new Error('the driver has ended; what it said is above');
    return value;
  }
}

/** A step in the driver's words. */
function encoded(step: Step, firstUid: number): string {
  const words = (...fields: string[]): string => fields.map((field) => String(step[field] ?? 0)).join(' ');
  switch (step.op) {
    case 'timer_create':
      return `create ${words('clockid')} ${sigevent(step.sigevent)} ${words('id_ptr', 'id_in')}`;
    case 'timer_delete':
    case 'timer_gettime':
    case 'timer_getoverrun':
      return `${step.op.slice('timer_'.length)} ${words('id')}`;
    case 'timer_settime':
      return `settime ${words('id', 'flags', 'value_ms', 'interval_ms')}`;
    case 'create_delete_pairs':
      return `pairs ${words('count')}`;
    case 'prctl':
      return `prctl ${words('arg2', 'arg3', 'arg4', 'arg5')}`;
    case 'setrlimit':
      return `setrlimit ${words('value')}`;
    case 'setuid':
      return `setuid ${firstUid + (step.uid as number)}`;
    case 'fork':
      return `fork ${FORKED[step.who]}`;
    case 'pthread_create':
      return 'thread';
    case 'pthread_join':
      return 'join';
    case 'execve':
      return 'exec';
    default:
      return step.op; // read, waitpid
  }
}

function sigevent(value: unknown): string {
  if (value === null) return 'null';
  if (value === 'bad-pointer') return 'bad';
  const { notify, signo = 0, tid = 0 } = value as { notify: number; signo?: number; tid?: string | number };
  return `${notify},${signo},${tid}`;
}

function observation(step: Step, line: string): Observation {
  const answer = JSON.parse(line) as Observation & { pid?: number; text?: string };
  if (step.op === 'read') {
    const { pid = 0, text = '' } = answer;
    return { pid, text_normalized: normalizeListing(text, pid), id_order: listedIds(text) };
  }
  return step.op === 'waitpid' ? { status: answer.status } : answer;
}
