// The stage of ID spaces on a model: what a target has already, and fresh namespaces for what a checkpoint brings its own of.
import {
  AioContexts,
  aioRing,
  EEXIST,
  EINVAL,
  ENOSPC,
  PidNamespace,
  PtyIndices,
  SysvIds,
  WatchDescriptors,
} from '@idspace/kernel-ids';
import type {
  IdStage,
  ObjectCalls,
  ProcessCalls,
  RingCalls,
  SysvKind,
  Target,
  TerminalCalls,
  WatchCalls,
} from '@idspace/restore-planner';

const ERANGE = 34;
const LEAST_PID_MAX = 301;
const FIRST = 1; // the first process of every PID namespace

/**
 * Makes a stage of models.
 *
 * @param target What is there already; what is unknown is taken to be free, and limits to be those of a fresh machine.
 * @param isOwnNamespace The checkpoint brings a PID namespace.
 */
export function modelStage(target: Target, isOwnNamespace: boolean): IdStage {
  return {
    inotify: new ModelWatches(),
    sysv: new ModelObjects(target),
    pty: new ModelTerminals(target.ptysTaken ?? []),
    aio: (target.possibleCpus ?? 1) > MOST_CPUS ? TOO_MANY_CPUS : new ModelRings(target),
    pids: new ModelProcesses(target, isOwnNamespace),
  };
}

const MOST_CPUS = 8192;
const MOST_TERMINALS = 2 ** 20;
const TOO_MANY_CPUS = { why: 'No ring was made: the model has 8,192 possible CPUs at most.' };
const INT_MAX = 2 ** 31 - 1;

class ModelWatches implements WatchCalls {
  private readonly files: WatchDescriptors[] = [];

  open(): number {
    return this.files.push(new WatchDescriptors()) - 1;
  }

  setNext(file: number, wd: number): number {
    return this.files[file]!.setNext(wd);
  }

  add(file: number): number {
    return this.files[file]!.add();
  }

  remove(file: number, wd: number): number {
    return this.files[file]!.remove(wd);
  }
}

class ModelObjects implements ObjectCalls {
  private readonly target: Target;
  private readonly ids: Readonly<Record<SysvKind, SysvIds>>;
  private readonly keys: Readonly<Record<SysvKind, Set<number>>> = { shm: new Set(), msg: new Set(), sem: new Set() };
  /** The most objects of each kind. */
  private readonly limits: Record<SysvKind, number>;

  constructor(target: Target) {
    const { ipcmniExtend: extended = false } = target;
    this.target = target;
    this.ids = { shm: new SysvIds({ extended }), msg: new SysvIds({ extended }), sem: new SysvIds({ extended }) };
    this.limits = { shm: this.slots, msg: this.slots, sem: this.slots };
    for (const kind of ['shm', 'msg', 'sem'] as const) {
      for (const { id, key } of target.joinedIpc?.[kind] ?? []) {
        this.ids[kind].setNextId(id);
        this.ids[kind].create();
        this.keys[kind].add(key);
      }
    }
  }

  setLimit(kind: SysvKind, most: number): number {
    const highest = kind === 'shm' ? (this.target.shmmniMax ?? this.slots) : this.slots;
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
    return 2 ** (this.target.ipcmniExtend === true ? 24 : 15);
  }
}

class ModelTerminals implements TerminalCalls {
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

class ModelRings implements RingCalls {
  private readonly contexts: AioContexts;
  private readonly possibleCpus: number;
  private readonly rings: { nr: number; tail: number }[] = [];

  constructor({ possibleCpus = 1, aioNr = 0, aioMaxNr = 65_536 }: Target) {
    this.possibleCpus = possibleCpus;
    const max = Math.min(aioMaxNr, INT_MAX);
    this.contexts = new AioContexts({ possibleCpus, max, charged: Math.min(aioNr, max) });
  }

  setUp(requests: number): number {
    const made = this.contexts.setup(requests);
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

class ModelProcesses implements ProcessCalls {
  readonly first: number = FIRST;
  private readonly namespace: PidNamespace;

  constructor({ pidMax, taken = [], criuPid, criuSid, lastPid }: Target, isOwnNamespace: boolean) {
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
