// runWorkload: a workload, event by event, on each design.

import { DESIGN, DESIGNS, type DesignName, type TimerTable } from '@idspace/posix-timers';
import { MAX_CORES, MAX_CPUS, MAX_RECORDED_IN_512, MAX_RECORDED_TIMERS, MAX_SEED } from '../evaluate/limits.ts';
import { bytesPerTimer, memoryOf } from '../evaluate/memory.ts';
import { someOf } from '../evaluate/options.ts';
import { addProcesses } from '../evaluate/processes.ts';
import { recordableTable } from '../evaluate/recordable-table.ts';
import { Recording } from '../evaluate/recording.ts';
import { type IdSpace, idSpaceOf, restoreCost } from '../evaluate/restore-cost.ts';
import type { Hardware } from '../hardware/hardware.ts';
import { type EventKind, eventTime } from '../hardware/operation-time.ts';
import { hardwareSummary } from '../hardware/summary.ts';
import { INT_MAX } from '../int-max.ts';
import { bucketsOf, hasFixedBuckets, layoutName } from '../layouts/kernel-layouts.ts';
import { checkKeys, refusal, whole } from '../refusal.ts';
import type { EventCost, IdsLeft, WorkloadDesign, WorkloadEvaluation } from './evaluation.ts';
import { EVENT_KINDS, type Event, type Workload } from './event.ts';
import { Sharing } from './sharing.ts';

/** How a workload is run. */
export interface WorkloadRun {
  /** Each once. Default: all, oldest first. */
  designs?: readonly DesignName[];
  /** Possible CPUs, 1…8192. */
  cpus: number;
  /** Decides the addresses of the processes, u32. */
  seed: number;
  machine: Hardware;
  /** Called about a hundred times for each design. @param progress Events done over all designs, and how many there are. */
  onProgress?: (progress: { design: DesignName; done: number; total: number }) => void;
}

const MILLION = 1_000_000;

/** Whether the next ID is the one after the last, whatever is free. */
const goesOn = (design: DesignName): boolean => DESIGN[design].reuse === 'never';
/** Whether no two processes have the same ID. */
const isSystemWide = (design: DesignName): boolean => DESIGN[design].scope === 'system';

/**
 * Runs a workload on each design. A pure function: the same workload and options, the same result.
 *
 * @throws RangeError before anything runs: for an option that there is not or that is out of range, and when more timers live at the same time than {@link MAX_RECORDED_TIMERS}, or than
 *   {@link MAX_RECORDED_IN_512} and a design has 512 buckets.
 *
 * Cost: about 0.1 ms for each event, more in long chains. Events are taken one by one; what is kept grows with the timers, some
 *   1 kB each, 9 kB where their IDs are far apart.
 */
export function runWorkload(workload: Workload, run: WorkloadRun): WorkloadEvaluation {
  const designs = checkRun(workload, run);
  const total = designs.length * workload.length;
  const evaluated = designs.map((design, i) => {
    const report = (events: number): void => run.onProgress?.({ design, done: i * workload.length + events, total });
    return new WorkloadRunner(design, workload, run).evaluate(report);
  });
  const { name, meaning, processes, threads, timers, warmUp, rate } = workload;
  const counted = workload.length - warmUp;
  return {
    workload: { name, meaning, processes, threads, timers, seed: run.seed, warmUp, counted, rate },
    machine: hardwareSummary(run.machine, run.cpus, coresOf(workload, run)),
    designs: evaluated,
  };
}

/** What a lookup takes in each design, ns, of a workload that has lookups; as {@link runWorkload}, without all else it tells. */
export function lookupTimes(workload: Workload, run: WorkloadRun): Partial<Record<DesignName, number>> {
  const designs = checkRun(workload, run);
  const times = designs.map((design) => {
    const runner = new WorkloadRunner(design, workload, run, false);
    return [design, runner.costs().lookup!.nsPerOp] as const;
  });
  return Object.fromEntries(times);
}

const RUN_KEYS: readonly string[] = [
  'designs',
  'cpus',
  'seed',
  'machine',
  'onProgress',
] satisfies (keyof WorkloadRun)[];

/** Checks the options of a run, and that it does not take hours: every access is recorded. Returns its designs. */
function checkRun(workload: Workload, run: WorkloadRun): readonly DesignName[] {
  checkKeys('run', run, RUN_KEYS);
  const designs = someOf('designs', run.designs ?? DESIGNS, DESIGNS, 'design');
  whole('cpus', run.cpus, 1, MAX_CPUS);
  whole('seed', run.seed, 0, MAX_SEED);
  checkSize(workload, designs);
  return designs;
}

function checkSize({ timers }: Workload, designs: readonly DesignName[]): void {
  const refused = (expected: string): RangeError =>
    refusal('timers', `${timers} that live at the same time`, `at most ${expected}`);
  if (timers > MAX_RECORDED_TIMERS) throw refused(`${MAX_RECORDED_TIMERS} where every call is recorded`);
  const slow = designs.filter(hasFixedBuckets);
  if (slow.length === 0 || timers <= MAX_RECORDED_IN_512) return;
  const others = `; ${MAX_RECORDED_TIMERS} in designs with shorter chains`;
  throw refused(`${MAX_RECORDED_IN_512} in the 512 buckets of ${slow.join(' and ')}${others}`);
}

/** Threads that run at the same time. */
function coresOf({ runningThreads }: Workload, { cpus }: WorkloadRun): number {
  return Math.min(runningThreads, cpus);
}

type Left = Pick<WorkloadDesign, 'ids' | 'restore' | 'memory'>;

/** One design under one workload. */
class WorkloadRunner {
  private readonly design: DesignName;
  private readonly workload: Workload;
  private readonly run: WorkloadRun;
  private readonly cores: number;
  private readonly table: TimerTable;
  private readonly recording: Recording;
  private readonly sharing: Sharing | null;
  private readonly processes: readonly number[];
  /** By the workload's name of a timer: its ID, −1 where it was deleted. */
  private readonly ids: Int32Array;
  private readonly owners: Int32Array;
  /** How often its owner had exited when a timer was created: those of an earlier life are gone. */
  private readonly lives: Int32Array;
  /** By process: how often it has exited. */
  private readonly exits: Int32Array;
  private readonly highest: Float64Array;
  private handedOut = 0;
  private refused = 0;
  private readonly timersOf: Map<EventKind, number> = new Map();

  /** @param shared Whether lines, pages and cores are watched. */
  constructor(design: DesignName, workload: Workload, run: WorkloadRun, shared = true) {
    const { processes, timers } = workload;
    this.design = design;
    this.workload = workload;
    this.run = run;
    this.cores = Math.min(coresOf(workload, run), MAX_CORES);
    this.table = recordableTable(design, { cpus: run.cpus, capacity: timers, processes });
    this.processes = addProcesses(this.table, processes, run.seed);
    this.recording = new Recording(this.table, design, run.cpus, [run.machine], this.cores);
    this.sharing = shared ? new Sharing(run.machine, this.cores) : null;
    if (this.sharing !== null) this.recording.kernel.watchedBy(this.sharing);
    this.ids = new Int32Array(timers).fill(-1);
    this.owners = new Int32Array(timers);
    this.lives = new Int32Array(timers);
    this.exits = new Int32Array(processes);
    this.highest = new Float64Array(processes).fill(-1);
  }

  /** @param progress Told how many events are done. */
  evaluate(progress: (events: number) => void): WorkloadDesign {
    const { workload, design } = this;
    const left = this.play(progress);
    return {
      design,
      layout: layoutName(design),
      operations: this.operations(),
      sharing: this.sharing!.counts(workload.length - workload.warmUp),
      refused: this.refused,
      bytesPerTimer: bytesPerTimer(left.memory, Math.max(left.ids.live, 1)),
      ...left,
      reach: workload.rate !== null && goesOn(design) ? reachAt(workload.rate.idsPerSecond) : null,
    };
  }

  /** What the counted events cost. */
  costs(): WorkloadDesign['operations'] {
    this.play(() => {});
    return this.operations();
  }

  /** Runs all events. @returns What is left when the workload looks at it. */
  private play(progress: (events: number) => void): Left {
    const { recording, workload } = this;
    const step = Math.ceil(workload.length / 100);
    let left: Left | undefined;
    let i = 0;
    recording.resume();
    try {
      recording.counting = false;
      for (const event of workload.events()) {
        if (i % step === 0) progress(i);
        if (i === workload.warmUp) {
          recording.counting = true;
          this.sharing?.reset();
        }
        if (i === workload.lookAt) left = this.look();
        this.runEvent(event, i >= workload.warmUp);
        i++;
      }
      left ??= this.look();
    } finally {
      recording.stop();
    }
    return left;
  }

  private runEvent(event: Event, counted: boolean): void {
    const { recording, ids } = this;
    const process = this.processes[event.process];
    const core = event.thread % this.cores;
    let timers = 1;
    switch (event.do) {
      case 'create':
      case 'restore':
        this.create(event, process, core);
        break;
      case 'lookup':
        if (this.isAlive(event.timer)) recording.lookup(process, ids[event.timer], core);
        break;
      case 'delete':
        if (this.isAlive(event.timer)) recording.delete(process, ids[event.timer], core);
        ids[event.timer] = -1;
        break;
      case 'exit':
        timers = recording.exit(process, core);
        this.exits[event.process]++;
        break;
      case 'list':
        timers = recording.list(process, core);
    }
    if (counted) this.timersOf.set(event.do, (this.timersOf.get(event.do) ?? 0) + timers);
  }

  private create(event: Event & { do: 'create' | 'restore' }, process: number, core: number): void {
    const { id } = this.recording.create(process, core, event.do === 'restore' ? event.id : undefined);
    if (id < 0) {
      this.refused++;
      return;
    }
    this.ids[event.timer] = id;
    this.owners[event.timer] = event.process;
    this.lives[event.timer] = this.exits[event.process];
    this.handedOut++;
    const space = isSystemWide(this.design) ? 0 : event.process;
    this.highest[space] = Math.max(this.highest[space], idSpaceOf(this.design, [id]).highest);
  }

  private isAlive(timer: number): boolean {
    return this.ids[timer] >= 0 && this.lives[timer] === this.exits[this.owners[timer]];
  }

  private operations(): WorkloadDesign['operations'] {
    const { recording, workload, run, design } = this;
    const buckets = bucketsOf(design, run.cpus);
    const costs: WorkloadDesign['operations'] = {};
    for (const kind of EVENT_KINDS) {
      const tally = recording.kernel.tally(kind);
      if (tally.operations === 0) continue;
      const timers = (this.timersOf.get(kind) ?? 0) / tally.operations;
      const { processes, runningThreads } = workload;
      const load = { processes, threads: Math.ceil(runningThreads / processes), cpus: run.cpus, buckets };
      const time = eventTime(kind, timers, tally.work()[0], load, run.machine);
      const lockAcquisitions = time.locks.reduce((sum, { acquired }) => sum + acquired, 0);
      costs[kind] = {
        count: tally.operations,
        timers,
        ...tally.means(),
        ...tally.servedBy(),
        ...time,
        lockAcquisitions,
      } satisfies EventCost;
    }
    return costs;
  }

  /** The IDs and the memory as they are now. */
  private look(): Left {
    const { design, table, run, highest } = this;
    const live = Array.from(highest, (): number[] => []);
    for (const [timer, id] of this.ids.entries()) {
      if (this.isAlive(timer)) live[isSystemWide(design) ? 0 : this.owners[timer]].push(id);
    }
    const spaces = live.filter((ids) => ids.length > 0).map((ids): IdSpace => idSpaceOf(design, ids));
    const alive = live.reduce((sum, ids) => sum + ids.length, 0);
    const holes = highest.reduce((sum, top) => sum + top + 1, 0) - alive;
    const recoverable = goesOn(design) ? 0 : holes;
    const ids: IdsLeft = {
      handedOut: this.handedOut,
      highestId: spaces.reduce((top, space) => Math.max(top, space.highestId), 0),
      live: alive,
      holes,
      recoverable,
      lost: holes - recoverable,
    };
    return { ids, restore: restoreCost(spaces), memory: memoryOf(table, design, run.cpus, Math.max(alive, 1)) };
  }
}

function reachAt(idsPerSecond: number): { million: number; intMax: number } {
  return { million: MILLION / idsPerSecond, intMax: INT_MAX / idsPerSecond };
}
