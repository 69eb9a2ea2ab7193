// What the worker does with a checkpoint: finds it among the files that were dropped, reads it, and plans its restore again and again.
import {
  MATRIX_CRIUS,
  MATRIX_KERNELS,
  type PlanOptions,
  planToJson,
  type RestorePlan,
  restorePlanner,
} from '@idspace/restore-planner/plan';
import { type Checkpoint, type FileMap, findCheckpointFiles, readCheckpointFiles } from '@idspace/restore-planner/read';
import {
  type CheckpointSummary,
  type MatrixCell,
  type PlanSummary,
  summarizeCell,
  summarizeCheckpoint,
  summarizePlan,
} from './summary.ts';

/** Checkpoints that are listed of one folder. */
export const MOST_FOUND = 500;
/** Timers of a plan that can be had as JSON here: with more, it takes longer to write than a page should wait. */
export const MOST_IN_JSON = 50_000;

export interface Found {
  /** Paths among the files. */
  readonly paths: string[];
  /** Whether there are more than {@link MOST_FOUND}. */
  readonly isCut: boolean;
}

/** How far reading has come: bytes of the file that is read. */
export interface ReadProgress {
  readonly done: number;
  readonly total: number;
}

interface Open {
  checkpoint: Checkpoint;
  plan: (options: PlanOptions) => RestorePlan;
}

/** Makes the calls of a worker, which keeps one checkpoint open. */
export function checkpointCalls() {
  let open: Open | undefined;
  let matrices = 0;
  const opened = (): Open => {
    if (open === undefined) throw new Error('no checkpoint is open');
    return open;
  };
  return {
    /** Finds the checkpoints among files. */
    async findCheckpoints({ files }: { files: FileMap }): Promise<Found> {
      const [only, ...others] = files.keys();
      if (only !== undefined && others.length === 0) return { paths: [only], isCut: false };
      const paths: string[] = [];
      for await (const path of findCheckpointFiles(files)) {
        if (paths.length === MOST_FOUND) return { paths, isCut: true };
        paths.push(path);
      }
      return { paths, isCut: false };
    },

    /** Reads one of them, in place of the one before. */
    async readCheckpoint(
      { files, path }: { files: FileMap; path: string },
      tell: (progress: ReadProgress) => void,
    ): Promise<CheckpointSummary> {
      open = undefined;
      const onProgress = seldom((done: number, total: number) => tell({ done, total }));
      const checkpoint = await readCheckpointFiles(files, path, { onProgress });
      open = { checkpoint, plan: restorePlanner(checkpoint) };
      return summarizeCheckpoint(checkpoint);
    },

    /** Plans its restore. */
    plan(options: PlanOptions): PlanSummary {
      return summarizePlan(opened().plan(options), options.target !== undefined);
    },

    /** Plans its restore by every kind of CRIU on every kind of kernel, and on those asked for; undefined if another matrix was asked for meanwhile. */
    async matrix({ kernel, criu, ...rest }: PlanOptions): Promise<MatrixCell[] | undefined> {
      const { plan } = opened();
      const number = ++matrices;
      const crius = [...new Set([...MATRIX_CRIUS, criu])];
      const cells: MatrixCell[] = [];
      for (const one of new Set([...MATRIX_KERNELS, kernel])) {
        for (const criu of crius) {
          cells.push(summarizeCell(plan({ ...rest, kernel: one, criu })));
          await nextMessage();
          if (number !== matrices) return undefined;
        }
      }
      return cells;
    },

    /** The plan as `idspace plan --json` writes it. */
    planJson(options: PlanOptions): string {
      const { checkpoint, plan } = opened();
      const made = plan(options);
      if (made.totals.timers > MOST_IN_JSON) {
        throw new RangeError(
          `got ${made.totals.timers} timers, expected at most ${MOST_IN_JSON}: use idspace plan --json`,
        );
      }
      return JSON.stringify({ checkpoints: [{ path: checkpoint.source, plan: planToJson(made) }] }, null, 2);
    },
  };
}

const TELL_MS = 100;

/** Passes calls on ten times a second at most. */
function seldom<Arguments extends unknown[]>(tell: (...args: Arguments) => void): (...args: Arguments) => void {
  let last = Number.NEGATIVE_INFINITY;
  return (...args) => {
    const now = performance.now();
    if (now - last < TELL_MS) return;
    last = now;
    tell(...args);
  };
}

/** Lets the next question come in. */
function nextMessage(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve);
  });
}
