// Replays one actor up to the access it is at, and one further: the code itself is run, not a model of it.
import { type Access, ASLEEP, CLOCK, type Entry, PART, PAUSE } from './access.ts';

/** How far an actor came. */
export interface Progress {
  readonly log: readonly Entry[];
  /** What its last access was told, if it made one in this run. */
  readonly told: Entry | undefined;
  /** The access it makes next; null if it sleeps or has ended. */
  readonly pending: Access | null;
  /** Byte on which it sleeps; −1 if awake. */
  readonly asleepOn: number;
  readonly ended: boolean;
  readonly result: unknown;
  /** What it threw. */
  readonly error: unknown;
}

/** Says whether an actor that is about to make a new access makes it in this run; `progress` is how far it came before. */
export type GoesOn = (progress: Pick<Progress, 'log' | 'told'>, access: Access) => boolean;

/** Tells that an actor came to another byte than before, told the same. */
export function strayed(byte: number, before: number): Error {
  const what = `an actor came to byte ${byte} where it came to byte ${before} before`;
  return new Error(`explore: ${what}: an actor must do the same when told the same`);
}

/** The run of an actor that is going on. */
export class Replay {
  private readonly log: Entry[];
  private lastTold: Entry | undefined;
  private readonly time: number;
  private at = 0;
  private readonly goesOn: GoesOn;
  private pending: Access | null = null;
  private asleepOn = -1;
  private paused = false;
  /** How it did otherwise than before. */
  private strayed: Error | null = null;

  private constructor(log: readonly Entry[], goesOn: GoesOn, time: number) {
    this.log = [...log];
    this.goesOn = goesOn;
    this.time = time;
  }

  /**
   * Runs an actor from its beginning. It is told again what it was told before, makes as many accesses as `goesOn` allows, and is
   * stopped at the next one.
   *
   * @param time What its clock shows from now on, milliseconds.
   */
  static of(
    actor: () => unknown,
    log: readonly Entry[],
    goesOn: GoesOn,
    time: number,
    begin: (run: Replay) => void,
  ): Progress {
    const run = new Replay(log, goesOn, time);
    let result: unknown;
    let error: unknown;
    begin(run);
    try {
      result = actor();
    } catch (thrown) {
      if (thrown !== PAUSE) error = thrown;
    }
    if (run.strayed !== null) throw run.strayed;
    return run.progress(result, error);
  }

  /** What an access returned the last time; undefined for one that is new. */
  again(address: number): number | string | undefined {
    if (this.paused) throw PAUSE;
    return this.at < this.log.length ? this.told(address) : undefined;
  }

  /** What the actor was told at an address the last time; undefined for the first. */
  lastAt(address: number): number | string | undefined {
    return this.log.findLast((entry) => entry.address === address)?.value;
  }

  /** What the fakes of memory call for each access that is new. */
  access(access: Access): number | string {
    if (!this.goesOn({ log: this.log, told: this.lastTold }, access)) {
      this.pending = access;
      throw this.pause();
    }
    const changed = access.changes();
    const value = access.perform();
    if (value === ASLEEP) {
      this.asleepOn = access.address;
      throw this.pause();
    }
    this.lastTold = { label: access.label, address: access.address, value, changed };
    this.log.push(this.lastTold);
    this.at++;
    return value;
  }

  /** Runs a part of the actor, or tells its result again; what it was told in it is forgotten at its end. */
  part<T>(run: () => T): T {
    if (this.paused) throw PAUSE;
    const begin = this.at;
    if (this.log[begin]?.address === PART) return JSON.parse(this.told(PART) as string) as T;
    const result = run();
    if (this.paused) throw PAUSE;
    const value = JSON.stringify(result ?? null);
    this.log.splice(begin, Number.POSITIVE_INFINITY, { label: 'part', address: PART, value, changed: true });
    this.at = begin + 1;
    return result;
  }

  /** What the fake clock calls: recorded, but no step of its own. */
  now(): number {
    if (this.paused) throw PAUSE;
    if (this.at < this.log.length) return this.told(CLOCK) as number;
    this.log.push({ label: 'clock', address: CLOCK, value: this.time, changed: false });
    this.at++;
    return this.time;
  }

  private progress(result: unknown, error: unknown): Progress {
    const { log, lastTold: told, pending, asleepOn, paused } = this;
    // An actor that swallowed the pause in a catch clause is paused all the same.
    return paused
      ? { log, told, pending, asleepOn, ended: false, result: undefined, error: undefined }
      : { log, told, pending: null, asleepOn: -1, ended: true, result, error };
  }

  private told(address: number): number | string {
    const entry = this.log[this.at++]!;
    if (entry.address === address) return entry.value;
    this.strayed = strayed(address, entry.address);
    throw this.pause();
  }

  private pause(): typeof PAUSE {
    this.paused = true;
    return PAUSE;
  }
}
