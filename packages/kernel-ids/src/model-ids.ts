// modelIds: the ID spaces of a machine as calls on models, with what is in use there already.

import { AioContexts, aioRing } from './aio-contexts.ts';
import { EEXIST, EINVAL, ENOSPC } from './errno.ts';
import { INT_MAX } from './int-max.ts';
import { checkInteger, refused } from './misuse.ts';
import { PidNamespace } from './pid-namespace.ts';
import { PtyIndices } from './pty-indices.ts';
import { SysvIds } from './sysv-ids.ts';
import { WatchDescriptors } from './watch-descriptors.ts';

const ERANGE = 34;
const LEAST_PID_MAX = 301;
const FIRST = 1; // the first process of every PID namespace

/** What a machine has in use already; what is absent is free, and limits are those of a fresh machine. A restore-planner `Target` is one. */
export interface MachineFacts {
  /** Numbers of processes, threads, groups and sessions. */
  readonly taken?: readonly { readonly number: number }[] | undefined;
  /** kernel.pid_max, 301…2²²; lower ones are taken for 301. */
  readonly pidMax?: number | undefined;
  /** kernel.ns_last_pid. */
  readonly lastPid?: number | undefined;
  /** Numbers of CRIU, and of its session. */
  readonly criuPid?: number | undefined;
  readonly criuSid?: number | undefined;
  /** Whether it was booted with ipcmni_extend. */
  readonly ipcmniExtend?: boolean | undefined;
  /** The most that kernel.shmmni can be set to. */
  readonly shmmniMax?: number | undefined;
  /** Objects of the IPC namespace, by kind. */
  readonly joinedIpc?:
    | { readonly [Kind in SysvKind]?: readonly { readonly id: number; readonly key: number }[] }
    | undefined;
  /** Indices of terminals. */
  readonly ptysTaken?: readonly number[] | undefined;
  /** CPUs it can have. */
  readonly possibleCpus?: number | undefined;
  /** fs.aio-nr and fs.aio-max-nr. */
  readonly aioNr?: number | undefined;
  readonly aioMaxNr?: number | undefined;
}

const NUMBERS = [
  'pidMax',
  'lastPid',
  'criuPid',
  'criuSid',
  'shmmniMax',
  'possibleCpus',
  'aioNr',
  'aioMaxNr',
] as const satisfies (keyof MachineFacts)[];

/** The kinds of System V IPC. */
export type SysvKind = 'shm' | 'msg' | 'sem';

/** Each ID space as calls, on models of one machine: what `playSpaces` of restore-planner plays a restore on. */
export interface ModelIds {
  readonly inotify: ModelWatches;
  readonly sysv: ModelObjects;
  readonly pty: ModelTerminals;
  /** `why` where the machine has more CPUs than the model knows. */
  readonly aio: ModelRings | { readonly why: string };
  readonly pids: ModelProcesses;
}

/**
 * Makes the ID spaces of a machine, and fresh ones for what a process brings its own namespace of.
 *
 * The calls are those of `openLiveIds` in @idspace/live-kernel: results, or −errno.
 *
 * @param state What is there already.
 * @param isOwnNamespace Whether processes are started in a PID namespace of their own, where nothing is taken but 1.
 * @throws RangeError for a number that no machine has.
 *
 * Cost: O(numbers taken).
 */
export function modelIds(state: MachineFacts = {}, isOwnNamespace = false): ModelIds {
  if (typeof state !== 'object' || state === null) throw refused('state', state, 'an object such as { pidMax: 32768 }');
  for (const name of NUMBERS) {
    const value = state[name];
    if (value !== undefined) checkInteger(value, name, 0, Number.MAX_SAFE_INTEGER);
  }
  return {
    inotify: new ModelWatches(),
    sysv: new ModelObjects(state),
    pty: new ModelTerminals(state.ptysTaken ?? []),
    aio: (state.possibleCpus ?? 1) > MOST_CPUS ? TOO_MANY_CPUS : new ModelRings(state),
    pids: new ModelProcesses(state, isOwnNamespace),
  };
}

const MOST_CPUS = 8192;
const MOST_TERMINALS = 2 ** 20;
const TOO_MANY_CPUS = { why: 'No ring was made: the model has 8,192 possible CPUs at most.' };

/** inotify files and their watches. */
export class ModelWatches {
  private readonly files: WatchDescriptors[] = [];

  open(): number {
    return this.files.push(new WatchDescriptors()) - 1;
  }

  setNextId(file: number, wd: number): number {
    return this.files[file]!.setNextId(wd);
  }

  add(file: number): number {
    return this.files[file]!.add();
  }

  remove(file: number, wd: number): number {
    return this.files[file]!.remove(wd);
  }
}

/** Objects of System V IPC. */
export class ModelObjects {
  private readonly state: MachineFacts;
  private readonly ids: Readonly<Record<SysvKind, SysvIds>>;
  private readonly keys: Readonly<Record<SysvKind, Set<number>>> = { shm: new Set(), msg: new Set(), sem: new Set() };
  /** The most objects of each kind. */
  private readonly limits: Record<SysvKind, number>;

  constructor(state: MachineFacts) {
    const { ipcmniExtend: extended = false } = state;
    this.state = state;
    this.ids = { shm: new SysvIds({ extended }), msg: new SysvIds({ extended }), sem: new SysvIds({ extended }) };
    this.limits = { shm: this.slots, msg: this.slots, sem: this.slots };
    for (const kind of ['shm', 'msg', 'sem'] as const) {
      for (const { id, key } of state.joinedIpc?.[kind] ?? []) {
        this.ids[kind].setNextId(id);
        this.ids[kind].create();
        this.keys[kind].add(key);
      }
    }
  }

  setLimit(kind: SysvKind, most: number): number {
    const highest = kind === 'shm' ? (this.state.shmmniMax ?? this.slots) : this.slots;
    if (most > highest) return kind === 'sem' ? -ERANGE : -EINVAL;
    this.limits[kind] = most;
    return 0;
  }

  setNextId(kind: SysvKind, id: number): number {
    return this.ids[kind].setNextId(id);
  }

  create(kind: SysvKind, key: number): number {
    if (key !== 0 && this.keys[kind].has(key)) return -EEXIST;
    if (this.ids[kind].size >= this.limits[kind]) return -ENOSPC;
    const id = this.ids[kind].create();
    if (id >= 0) this.keys[kind].add(key);
    return id;
  }

  private get slots(): number {
    return 2 ** (this.state.ipcmniExtend === true ? 24 : 15);
  }
}

/** Terminals of one devpts. */
export class ModelTerminals {
  private readonly taken: readonly number[];
  private indices = new PtyIndices();

  constructor(taken: readonly number[]) {
    this.taken = taken;
  }

  mount(): number {
    this.indices = new PtyIndices({ max: MOST_TERMINALS });
    const taken = new Set(this.taken.filter((index) => index < MOST_TERMINALS));
    const highest = [...taken].reduce((a, b) => Math.max(a, b), -1);
    for (let index = 0; index <= highest; index++) this.indices.open();
    for (let index = 0; index <= highest; index++) if (!taken.has(index)) this.indices.close(index);
    return 0;
  }

  open(): number {
    return this.indices.open();
  }

  close(index: number): void {
    this.indices.close(index);
  }
}

/** AIO rings. */
export class ModelRings {
  private readonly contexts: AioContexts;
  private readonly possibleCpus: number;
  private readonly rings: { nr: number; tail: number }[] = [];

  constructor({ possibleCpus = 1, aioNr = 0, aioMaxNr = 65_536 }: MachineFacts) {
    this.possibleCpus = possibleCpus;
    const max = Math.min(aioMaxNr, INT_MAX);
    this.contexts = new AioContexts({ possibleCpus, max, charged: Math.min(aioNr, max) });
  }

  setUp(requests: number): number {
    const made = this.contexts.setUp(requests);
    if (typeof made === 'number') return made;
    return this.rings.push({ nr: aioRing(requests, this.possibleCpus).events, tail: 0 }) - 1;
  }

  submit(ring: number, requests: number): number {
    const one = this.rings[ring]!;
    one.tail = (one.tail + requests) % one.nr;
    return requests;
  }

  read(ring: number): { nr: number; tail: number } {
    return this.rings[ring]!;
  }
}

/** Processes and threads of a PID namespace, with their groups and sessions. */
export class ModelProcesses {
  readonly first: number = FIRST;
  private readonly namespace: PidNamespace;

  constructor({ pidMax, taken = [], criuPid, criuSid, lastPid }: MachineFacts, isOwnNamespace: boolean) {
    this.namespace = new PidNamespace(
      pidMax === undefined || isOwnNamespace ? {} : { pidMax: Math.max(pidMax, LEAST_PID_MAX) },
    );
    if (isOwnNamespace) return;
    const numbers = [...taken.map(({ number }) => number), criuPid ?? 0, criuSid ?? 0];
    for (const number of numbers) if (number > FIRST) this.namespace.fork(FIRST, number);
    if (lastPid !== undefined) this.namespace.setLastPid(lastPid);
  }

  fork(parent: number, ask?: number): number {
    return this.namespace.fork(parent, ask);
  }

  thread(process: number, ask?: number): number {
    return this.namespace.thread(process, ask);
  }

  setLastPid(pid: number): number {
    return this.namespace.setLastPid(pid);
  }

  raisePidMax(limit: number): number {
    return limit > this.namespace.pidMax ? this.namespace.setPidMax(limit) : 0;
  }

  setsid(process: number): number {
    return this.namespace.setsid(process);
  }

  setpgid(process: number, group: number): number {
    return this.namespace.setpgid(process, group);
  }

  sidOf(process: number): number {
    return this.namespace.sidOf(process);
  }

  pgidOf(process: number): number {
    return this.namespace.pgidOf(process);
  }

  end(_parent: number, process: number): number {
    this.namespace.exit(process);
    return this.namespace.reap(process) === process ? 0 : -EINVAL;
  }
}
