// LiveIds: the ID spaces of the running kernel in namespaces of their own, empty, and gone when they are closed.
import { release } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { Agents } from './agents.ts';
import { LiveNumbers } from './live-numbers.ts';
import { LiveObjects } from './live-objects.ts';
import { LiveRings } from './live-rings.ts';
import { LiveTerminals } from './live-terminals.ts';
import { LiveWatches } from './live-watches.ts';

/** Says why a space is not available here. */
export interface Unavailable {
  /** A sentence. */
  why: string;
}

/** Each space, or why it is not available. */
export interface LiveIds {
  inotify: LiveWatches | Unavailable;
  sysv: LiveObjects | Unavailable;
  pty: LiveTerminals | Unavailable;
  aio: LiveRings | Unavailable;
  pids: LiveNumbers | Unavailable;
  /** Ends all processes, and with them everything that was made. */
  close(): void;
}

const TRIED = 2 ** 15 - 2; // a process number that a fresh namespace has free

/**
 * Makes PID, IPC and mount namespaces, a devpts in them, and tries each space.
 *
 * As root, or where unprivileged user namespaces are allowed. Machine-wide limits (fs.aio-max-nr, max_user_watches) hold there, too.
 * @throws LiveKernelError (unavailable) without koffi, on another architecture than x86-64, or where such namespaces are not allowed.
 */
export async function openLiveIds(): Promise<LiveIds> {
  const agents = await Agents.start();
  const ids = {
    inotify: new LiveWatches(agents),
    sysv: new LiveObjects(agents),
    pty: new LiveTerminals(agents),
    aio: new LiveRings(agents),
    pids: new LiveNumbers(agents, hasOwnPidMax(release())),
  };
  return {
    inotify: orWhy(ids.inotify, 'An inotify file cannot be made here', tryWatches(ids.inotify)),
    sysv: orWhy(ids.sysv, 'SysV IDs cannot be asked for here', ids.sysv.setNextId('shm', 0)),
    pty: orWhy(ids.pty, 'A devpts of its own cannot be mounted here', ids.pty.mount()),
    aio: orWhy(ids.aio, 'AIO rings cannot be made here', tryRings(ids.aio)),
    pids: orWhy(ids.pids, 'Process numbers cannot be asked for here', tryNumbers(ids.pids)),
    close: () => agents.close(),
  };
}

/** Whether PID namespaces have a pid_max each: Linux 6.14. */
function hasOwnPidMax(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number.parseFloat);
  return major > 6 || (major === 6 && minor >= 14);
}

function orWhy<Calls>(calls: Calls, what: string, result: number): Calls | Unavailable {
  return result < 0 ? { why: `${what}: ${getSystemErrorName(result)}.` } : calls;
}

function tryWatches(watches: LiveWatches): number {
  const file = watches.open();
  if (file < 0) return file;
  const result = watches.add(file);
  watches.close(file);
  return result;
}

function tryRings(rings: LiveRings): number {
  const ring = rings.setUp(1);
  return ring < 0 ? ring : rings.destroy(ring);
}

function tryNumbers(numbers: LiveNumbers): number {
  const got = numbers.fork(numbers.first, TRIED);
  return got < 0 ? got : numbers.end(numbers.first, got);
}
