// A kernel as small as it gets: hands out IDs one call at a time. Knows nothing of the planner.

export const EINVAL = 22;
export const EAGAIN = 11;
export const EBUSY = 16;

/** The calls of a restorer, as a process makes them: result or −errno. */
export interface Calls {
  /** @param id The wanted ID; only looked at in restore mode. */
  create(id: number): number;
  delete(id: number): number;
  restoreMode(on: boolean): number;
  /** Equal texts: from here on, equal calls give equal results. */
  state(): string;
}

/** What a tiny kernel does with IDs. */
export interface TinyRules {
  reuse: boolean;
  hasRestoreMode: boolean;
}

/** One process on it. */
export class TinyProcess implements Calls {
  readonly live: Set<number> = new Set();
  creates = 0;
  deletes = 0;
  prctls = 0;
  peak = 0;
  counter = 0;
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
    this.creates++;
    if (this.live.size >= this.limit) return -EAGAIN;
    let id = this.mode ? wanted : this.rules.reuse ? 0 : this.counter;
    if (this.mode && this.isTaken(id)) return -EBUSY;
    while (this.isTaken(id)) id = this.after(id);
    this.live.add(id);
    this.counter = this.after(id);
    this.peak = Math.max(this.peak, this.live.size);
    return id;
  }

  delete(id: number): number {
    this.deletes++;
    return this.live.delete(id) ? 0 : -EINVAL;
  }

  restoreMode(on: boolean): number {
    this.prctls++;
    if (!this.rules.hasRestoreMode) return -EINVAL;
    this.mode = on;
    return 0;
  }

  state(): string {
    return `${this.mode} ${this.rules.reuse ? '' : this.counter} ${[...this.live].sort((a, b) => a - b)}`;
  }

  /** Where the search for the next ID starts. */
  nextId(): number {
    if (!this.rules.reuse) return this.counter;
    let id = 0;
    while (this.isTaken(id)) id++;
    return id;
  }

  private isTaken(id: number): boolean {
    return this.live.has(id) || this.others.has(id);
  }

  private after(id: number): number {
    return id === 2 ** 31 - 1 ? 0 : id + 1;
  }
}
