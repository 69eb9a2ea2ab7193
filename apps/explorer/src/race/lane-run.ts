// One lane at work: the calls of its plan, made on a model of its kernel, a slice at a time.
import { Kernel, type Process } from '@idspace/posix-timers';
import {
  executePlan,
  type ProcessPlan,
  type Report,
  secondsOf,
  type TimerSyscalls,
} from '@idspace/restore-planner/plan';
import type { Lane } from './lanes.ts';

/** How a lane ended. */
export type LaneEnd = 'restored' | 'limit' | 'hangs' | 'fails' | 'differs';

/** Calls of a slice: some milliseconds' worth. */
const SLICE_CALLS = 2 ** 15;
const CLOCK_MONOTONIC = 1;

/** A lane of a race that can be advanced. */
export class LaneRun {
  readonly lane: Lane;
  readonly plan: ProcessPlan;
  /** Calls made so far; those that were refused are counted too. */
  creates = 0;
  deletes = 0;
  /** prctl and the setting of the next ID. */
  others = 0;
  /** Timers alive now. */
  alive = 0;
  /** The ID or −errno that the last create returned; null before the first. */
  last: number | null = null;
  /** Wall time of its slices in this page, s. */
  seconds = 0;
  /** Null while it runs. */
  end: LaneEnd | null = null;
  private readonly process: Process;
  private readonly stop: AbortController = new AbortController();
  private readonly now: () => number;
  private started = false;
  private goOn: () => void = () => {};
  private back: (error?: unknown) => void = () => {};

  /** @param limit Timers that the user may have. @param now A clock, ms. */
  constructor(lane: Lane, plan: ProcessPlan, limit: number, now: () => number) {
    this.lane = lane;
    this.plan = plan;
    this.now = now;
    this.process = new Kernel({ release: lane.kernel, sigpending: limit }).spawn();
  }

  /** Whether it makes no more calls. A lane that hangs goes on. */
  get isDone(): boolean {
    return this.end !== null && this.end !== 'hangs';
  }

  /** The share of the plan's calls that are made, 0…1. A lane that hangs never comes further than where it is. */
  get share(): number {
    if (this.plan.outcome === 'hangs') return 0;
    const { creates, deletes } = this.plan;
    return Math.min(1, (this.creates + this.deletes) / (creates + deletes || 1));
  }

  /** What the kernel would have taken for the calls made so far, s, at the planner's rates. */
  get kernelSeconds(): number {
    return secondsOf(this);
  }

  /** Makes some thousand calls, or what is left. */
  async slice(): Promise<void> {
    if (this.isDone) return;
    const from = this.now();
    if (this.end === 'hangs') this.repeat();
    else await this.advance();
    this.seconds += (this.now() - from) / 1000;
  }

  /** Ends it, wherever it is. */
  abandon(): void {
    this.stop.abort();
    this.goOn();
  }

  private advance(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.back = (error) => (error === undefined ? resolve() : reject(error));
      if (this.started) this.goOn();
      else this.begin();
    });
  }

  private begin(): void {
    this.started = true;
    const hold = (): Promise<void> => {
      const held = new Promise<void>((resolve) => {
        this.goOn = resolve;
      });
      this.back();
      return held;
    };
    executePlan(this.plan, this.calls(), { pauseEvery: SLICE_CALLS, signal: this.stop.signal, onProgress: hold }).then(
      (report) => this.finish(report),
      (error: unknown) => this.back(error),
    );
  }

  private finish(report: Report): void {
    this.end = endOf(this.plan, report);
    this.back();
  }

  /** The same create and delete again, as the restorer does: the state has come round. */
  private repeat(): void {
    const { pairs, lastId } = this.process.createDeletePairs(CLOCK_MONOTONIC, { notify: 1 }, SLICE_CALLS >> 1);
    this.creates += pairs;
    this.deletes += pairs;
    this.last = lastId;
  }

  /** The process's calls, counted. */
  private calls(): TimerSyscalls {
    const { process } = this;
    const created = (id: number): number => {
      this.creates++;
      if (id >= 0) this.alive++;
      this.last = id;
      return id;
    };
    return {
      timerCreate: (clock, sigevent, id) => created(process.timerCreate(clock, sigevent, id)),
      timerDelete: (id) => {
        this.deletes++;
        const result = process.timerDelete(id);
        if (result === 0) this.alive--;
        return result;
      },
      timerSettime: (id, flags, setting) => process.timerSettime(id, flags, setting),
      timerGettime: (id) => process.timerGettime(id),
      prctl: (option, arg) => {
        this.others++;
        return process.prctl(option, arg);
      },
      setNextId: (id) => {
        this.others++;
        return process.setNextId(id);
      },
      createDeletePairs: (clock, sigevent, count, firstId) => {
        const made = process.createDeletePairs(clock, sigevent, count, firstId);
        this.creates += made.pairs;
        this.deletes += made.pairs;
        if (made.pairs < count) created(made.created);
        else this.last = made.lastId;
        return made;
      },
    };
  }
}

function endOf({ outcome }: ProcessPlan, { ending }: Report): LaneEnd {
  if (ending !== 'as-planned') return 'differs';
  if (outcome === 'ok') return 'restored';
  return outcome === 'exceeds-limit' ? 'limit' : outcome === 'hangs' ? 'hangs' : 'fails';
}
