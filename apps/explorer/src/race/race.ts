// The race: all lanes begin together, and each has its turn until it ends. Knows no page: who shows it is told after every frame.
import { LaneRun } from './lane-run.ts';
import { type DanceOn, lanePlan, lanes } from './lanes.ts';
import { USUAL_LIMIT } from './restore.ts';

export type RaceState = 'ready' | 'running' | 'paused' | 'over';

/** How fast lanes may go: as fast as this page makes their calls, or no faster than the kernel would. */
export type Pace = 'page' | 'kernel';

export interface RaceOptions {
  /** The timers to restore: distinct IDs, 0…2³¹−1, at least one. */
  readonly ids: readonly number[];
  readonly danceOn?: DanceOn;
  /** Timers that the user may have. */
  readonly limit?: number;
}

/** Where the race runs; a test has a world of its own. */
export interface World {
  /** A clock, ms. */
  now(): number;
  /** Lets the page draw. */
  frame(): Promise<void>;
}

/** How long calls are made between two frames, ms. */
const FRAME_WORK = 9;

/** A tab that is not seen has no frames, and no race meanwhile: of a longer wait so much counts, ms. */
const LONGEST_FRAME = 250;

/** A race. */
export class Race {
  readonly ids: readonly number[];
  readonly limit: number;
  readonly runs: readonly LaneRun[];
  pace: Pace = 'kernel';
  state: RaceState = 'ready';
  /** Wall time since the start, pauses left out, s. */
  seconds = 0;
  private starts = 0;
  private readonly world: World;
  private readonly changed: () => void;

  /** @param changed Called after every frame and when the state changes. */
  constructor(
    { ids, danceOn = 'next', limit = USUAL_LIMIT }: RaceOptions,
    world: World,
    changed: () => void = () => {},
  ) {
    this.ids = ids;
    this.limit = limit;
    this.world = world;
    this.changed = changed;
    this.runs = lanes(danceOn).map((lane) => new LaneRun(lane, lanePlan(lane, ids, limit), limit, world.now));
  }

  /** Starts, or goes on after a pause. @returns A promise of the next pause or the end. */
  async start(): Promise<void> {
    if (this.state === 'running' || this.state === 'over') return;
    this.setState('running');
    // One that is paused may still wait for its frame: it must not go on beside this one.
    const start = ++this.starts;
    let last = this.world.now();
    while (this.is('running') && start === this.starts) {
      await this.turns();
      const now = this.world.now();
      this.seconds += Math.min(now - last, LONGEST_FRAME) / 1000;
      last = now;
      if (this.runs.every(({ isDone }) => isDone)) this.state = 'over';
      this.changed();
      if (this.is('running')) await this.world.frame();
    }
  }

  /** Holds all lanes. */
  pause(): void {
    if (this.state === 'running') this.setState('paused');
  }

  /** Ends it forever. */
  abandon(): void {
    this.state = 'over';
    for (const run of this.runs) run.abandon();
  }

  /** A frame's worth of calls: each lane in turn that may make any. */
  private async turns(): Promise<void> {
    const until = this.world.now() + FRAME_WORK;
    let due = this.runs;
    do {
      due = due.filter((run) => this.isDue(run));
      for (const run of due) await run.slice();
    } while (due.length > 0 && this.world.now() < until);
  }

  private isDue(run: LaneRun): boolean {
    return !run.isDone && (this.pace === 'page' || run.kernelSeconds <= this.seconds);
  }

  /** Others may change the state while it waits. */
  private is(state: RaceState): boolean {
    return this.state === state;
  }

  private setState(state: RaceState): void {
    this.state = state;
    this.changed();
  }
}
