// A kernel as small as it gets: hands out IDs one call at a time. Knows nothing of the planner.

export const EINVAL = 22;
export const EAGAIN = 11;
export const EBUSY = 16;
const INT_MAX = 2 ** 31 - 1;

/** The calls of a restorer, as a process makes them: result or −errno. */
export interface Calls {
  /** @param id The wanted ID; only looked at in restore mode. */
  create(id: number): number;
  delete(id: number): number;
  restoreMode(on: boolean): number;
  createAt(id: number): number;
  /** A create whose sigevent has the bit "use the given ID". */
  createUsing(id: number): number;
  setNextId(id: number): number;
  /** Equal texts: from here on, equal calls give equal results. */
  state(): string;
}

/** What a tiny kernel does with IDs. */
export interface TinyRules {
  order: 'next' | 'lowest' | 'highest';
  /** IDs 0…idCount−1. */
  idCount: number;
  asksBy: 'prctl' | 'create-at-id' | 'sigev-bit' | 'cursor' | null;
  /** An ID that is none is looked at after the limit. */
  limitFirst?: boolean;
  systemWide?: boolean;
}

const NEXT: TinyRules = { order: 'next', idCount: 2 ** 31, asksBy: null };
const LOWEST: TinyRules = { ...NEXT, order: 'lowest' };

/** Every kind of kernel, some more than once. */
export const TINY_KERNELS: [string, TinyRules][] = [
  ['3.9', { ...LOWEST, systemWide: true }],
  ['3.10', NEXT],
  ['6.14', NEXT],
  ['6.15', { ...NEXT, asksBy: 'prctl', limitFirst: true }],
  ['6.18', { ...NEXT, asksBy: 'prctl' }],
  ['dense', LOWEST],
  ['xarray', { ...LOWEST, asksBy: 'prctl' }],
  ['xarray-cyclic', { ...NEXT, asksBy: 'prctl' }],
  ['restricted:1', { ...NEXT, idCount: 1 }],
  ['restricted:3', { ...NEXT, idCount: 3 }],
  ['restricted:9', { ...NEXT, idCount: 9 }],
  ['restricted:30', { ...NEXT, idCount: 30 }],
  ['restricted:2147483648', NEXT],
  ['reversed', { ...LOWEST, order: 'highest' }],
  ['cursor-sysctl', { ...LOWEST, asksBy: 'cursor' }],
  ['create-at-id', { ...LOWEST, asksBy: 'create-at-id' }],
  ['sigev-bit', { ...LOWEST, asksBy: 'sigev-bit' }],
];

/** Whether CRIU starts on a kernel: before 4.1 it does not know the two pieces of the vdso's data that Linux has since 6.13. */
export function starts(criu: string, kernel: string): boolean {
  return !(['0.6', '3.18', '3.19'].includes(criu) && ['6.14', '6.15', '6.18'].includes(kernel));
}

/** One process on it. */
export class TinyProcess implements Calls {
  readonly live: Set<number> = new Set();
  creates = 0;
  deletes = 0;
  prctls = 0;
  peak = 0;
  /** What the last refused create gave; 0 if none was refused. */
  refused = 0;
  /** Where the next search starts, but for dense kernels without a cursor. */
  next = 0;
  private mode = false;
  private readonly rules: TinyRules;
  private readonly limit: number;
  private readonly others: ReadonlySet<number>;

  constructor(rules: TinyRules, limit: number, others: ReadonlySet<number> = new Set()) {
    this.rules = rules;
    this.limit = limit;
    this.others = others;
  }

  create(wanted: number): number {
    return this.make(this.mode ? wanted : null);
  }

  createAt(id: number): number {
    return this.make(id);
  }

  createUsing(id: number): number {
    return this.make(id);
  }

  setNextId(id: number): number {
    this.next = id;
    return 0;
  }

  delete(id: number): number {
    this.deletes++;
    return this.live.delete(id) ? 0 : -EINVAL;
  }

  restoreMode(on: boolean): number {
    this.prctls++;
    if (this.rules.asksBy !== 'prctl') return -EINVAL;
    this.mode = on;
    return 0;
  }

  state(): string {
    return `${this.mode} ${this.next} ${[...this.live].sort((a, b) => a - b)}`;
  }

  /** Where the search for the next ID starts: on dense kernels the ID that comes. */
  nextId(): number {
    if (this.rules.order === 'next' || this.next !== 0) return this.next;
    return this.search(this.rules.order === 'highest' ? INT_MAX : 0);
  }

  private make(wanted: number | null): number {
    this.creates++;
    this.refused = this.refusal(wanted);
    if (this.refused < 0) return this.refused;
    const id = wanted ?? this.search(this.rules.order === 'highest' ? INT_MAX : this.next);
    this.next = this.rules.order === 'next' ? (id + 1) % this.rules.idCount : 0;
    this.live.add(id);
    this.peak = Math.max(this.peak, this.live.size);
    return id;
  }

  private refusal(wanted: number | null): number {
    const isNone = wanted !== null && wanted > INT_MAX;
    if (isNone && !this.rules.limitFirst) return -EINVAL;
    if (this.live.size >= this.limit || this.live.size >= this.rules.idCount) return -EAGAIN;
    if (isNone) return -EINVAL;
    return wanted !== null && this.isTaken(wanted) ? -EBUSY : 0;
  }

  private search(start: number): number {
    let id = start;
    while (this.isTaken(id)) id = this.rules.order === 'highest' ? id - 1 : (id + 1) % this.rules.idCount;
    return id;
  }

  private isTaken(id: number): boolean {
    return this.live.has(id) || this.others.has(id);
  }
}
