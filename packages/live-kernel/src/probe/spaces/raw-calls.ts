// The calls whose cost is measured, made by this process itself: the way through another one would cost more than they do.
import { CALL, CLONE } from '../../agent/x64-calls.ts';
import { type Libc, loadLibc } from '../../libc.ts';
import { LiveKernelError } from '../../live-kernel-error.ts';
import type { ProbedSpace } from './space-probe.ts';

/** Something that is measured. */
export interface Operation {
  readonly space: ProbedSpace;
  readonly what: string;
  /** How often in a sample. */
  readonly times: number;
  /** Does it once. */
  run(libc: Libc): void;
  /** Undoes it, which is not measured. */
  undo?(libc: Libc): void;
}

/** What there is to measure, and why something is missing. */
export interface Operations {
  readonly operations: readonly Operation[];
  readonly missing: ReadonlyMap<ProbedSpace, string>;
}

const PROT_READ_WRITE = 3;
const MAP_PRIVATE_ANONYMOUS = 0x22;
const BYTES = 4096;
const [PATH, NEXT_ID, CONTEXT, DEVPTS, OPTIONS] = [0, 256, 320, 512, 768];
const IN_ATTRIB = 4;
const SETNEXTWD = 0x40044900;
const FAR = 1_000_000;
const IPC_CREAT = 0o1600;
const O_WRONLY = 1;
const O_RDWR_NOCTTY = 0o402;
const MS_REC_PRIVATE = 0x44000;
const MS_NOSUID_NOEXEC = 10;
const PTS = '/dev/pts';

/**
 * Prepares them. Moves this process to IPC and mount namespaces of its own, where that is allowed: run it in a child.
 *
 * @throws LiveKernelError (unavailable) without koffi, or on another architecture than x86-64.
 */
export async function rawOperations(): Promise<Operations> {
  if (process.arch !== 'x64') {
    throw new LiveKernelError(
      'unavailable',
      `this machine is ${process.arch}, and these calls are measured on x64 only`,
    );
  }
  const libc = await loadLibc();
  const base = libc.mmap(0, BYTES, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
  if (base === -1) throw new LiveKernelError('unavailable', `mmap failed with errno ${libc.errno()}`);
  const bytes = new Uint8Array(libc.view(base, BYTES));
  const text = (place: number, value: string): number => {
    bytes.set(new TextEncoder().encode(`${value}\0`), place);
    return base + place;
  };
  const missing = new Map<ProbedSpace, string>();
  const operations = [...watchOperations(libc, text), ...ringOperations(libc, base)];
  if (libc.syscall1(CALL.unshare, CLONE.newNs + CLONE.newIpc) !== 0) {
    const why = 'Its cost is measured as root only, in namespaces of its own.';
    return { operations, missing: new Map([...missing, ['sysv', why], ['pty', why]]) };
  }
  operations.push(...objectOperations(libc, text));
  libc.syscall(CALL.mount, 0, text(PATH, '/'), 0, MS_REC_PRIVATE, 0);
  const type = text(DEVPTS, 'devpts');
  const options = text(OPTIONS, 'newinstance,ptmxmode=0666');
  if (libc.syscall(CALL.mount, type, text(PATH, PTS), type, MS_NOSUID_NOEXEC, options) === 0) {
    operations.push(terminalOperation(text));
  } else missing.set('pty', 'Its cost is not known: no devpts can be mounted.');
  return { operations, missing };
}

function watchOperations(libc: Libc, text: (place: number, value: string) => number): Operation[] {
  const file = libc.syscall1(CALL.inotifyInit1, 0);
  const watched = libc.syscall3(CALL.memfdCreate, text(PATH, 'watched'), 0, 0);
  if (file < 0 || watched < 0) return [];
  const path = text(NEXT_ID + 128, `/proc/self/fd/${watched}`);
  const pair = (calls: Libc): void => {
    calls.syscall3(CALL.inotifyRmWatch, file, calls.syscall3(CALL.inotifyAddWatch, file, path, IN_ATTRIB), 0);
  };
  const asked = (calls: Libc): void => {
    calls.syscall3(CALL.ioctl, file, SETNEXTWD, FAR);
    pair(calls);
  };
  return [
    { space: 'inotify', what: 'add + remove', times: 200, run: pair },
    { space: 'inotify', what: 'ask + add + remove', times: 200, run: asked },
  ];
}

function ringOperations(libc: Libc, base: number): Operation[] {
  const place = base + CONTEXT;
  const context = new BigInt64Array(libc.view(place, 8));
  const run = (calls: Libc): void => {
    context[0] = 0n;
    calls.syscall3(CALL.ioSetup, 128, place, 0);
  };
  const undo = (calls: Libc): void => void calls.syscall1(CALL.ioDestroy, Number(context[0]));
  return [{ space: 'aio', what: 'set up', times: 1, run, undo }];
}

function objectOperations(libc: Libc, text: (place: number, value: string) => number): Operation[] {
  const shm = (calls: Libc): void => {
    calls.syscall3(CALL.shmctl, calls.syscall3(CALL.shmget, 0, 1, IPC_CREAT), 0, 0);
  };
  const sem = (calls: Libc): void => {
    calls.syscall3(CALL.semctl, calls.syscall3(CALL.semget, 0, 1, IPC_CREAT), 0, 0);
  };
  const msg = (calls: Libc): void => {
    calls.syscall3(CALL.msgctl, calls.syscall3(CALL.msgget, 0, IPC_CREAT, 0), 0, 0);
  };
  const file = libc.syscall3(CALL.open, text(PATH, '/proc/sys/kernel/sem_next_id'), O_WRONLY, 0);
  const wish = text(NEXT_ID, '7');
  const asked = (calls: Libc): void => {
    calls.syscall(CALL.pwrite64, file, wish, 1, 0, 0);
    sem(calls);
  };
  const made: Operation[] = [
    { space: 'sysv', what: 'shm: get + remove', times: 100, run: shm },
    { space: 'sysv', what: 'sem: get + remove', times: 200, run: sem },
    { space: 'sysv', what: 'msg: get + remove', times: 200, run: msg },
  ];
  return file < 0 ? made : [...made, { space: 'sysv', what: 'sem: ask + get + remove', times: 200, run: asked }];
}

function terminalOperation(text: (place: number, value: string) => number): Operation {
  const path = text(PATH, `${PTS}/ptmx`);
  const run = (calls: Libc): void => {
    calls.syscall1(CALL.close, calls.syscall3(CALL.open, path, O_RDWR_NOCTTY, 0));
  };
  return { space: 'pty', what: 'open + close', times: 20, run };
}
