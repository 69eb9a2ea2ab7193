// Many checkpoints at once: each is read and planned for itself, and one that cannot be read does not hide the others.
import { resolve } from 'node:path';
import {
  type Checkpoint,
  findCheckpoints,
  type PlanOptions,
  planRestore,
  type RestorePlan,
} from '@idspace/restore-planner';
import type { Terminal } from '../terminal.ts';
import { startProgress } from '../text/progress.ts';
import { checkpointAt } from './checkpoint-at.ts';

/** A checkpoint with its plan. */
export interface Planned {
  /** As the user named it. */
  path: string;
  checkpoint: Checkpoint;
  plan: RestorePlan;
}

/** A checkpoint that could not be read. */
export interface Unread {
  path: string;
  error: Error;
}

/** What became of one checkpoint. */
export type FleetRow = Planned | Unread;

/** What a list of paths leads to. */
export interface Fleet {
  rows: FleetRow[];
  /** Whether it was a single path to a single checkpoint, no folder of some. */
  isSingle: boolean;
}

export function isPlanned(row: FleetRow): row is Planned {
  return 'plan' in row;
}

/** Why a checkpoint could not be read, as JSON shows it. */
export function errorJson({ error }: Unread): { code: string; message: string } {
  const { code = 'input', message } = error as Error & { code?: string };
  return { code, message };
}

/**
 * Reads and plans every checkpoint that the paths lead to, in their order.
 *
 * @throws CheckpointError or CommandError if a single checkpoint cannot be read; of several, the row says it.
 */
export async function planFleet(paths: readonly string[], options: PlanOptions, terminal: Terminal): Promise<Fleet> {
  const found = await checkpointsAt(paths, terminal);
  const isSingle = found.length === 1 && found[0] === paths[0];
  const rows: FleetRow[] = [];
  for (const [index, path] of found.entries()) {
    const row = await planOne(path, options, terminal, { index, count: found.length });
    if (isSingle && !isPlanned(row)) throw row.error;
    rows.push(row);
  }
  return { rows, isSingle };
}

/** Paths stay as the user typed them: relative ones relative. */
async function checkpointsAt(paths: readonly string[], { folder }: Terminal): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const full = resolve(folder, path);
    for await (const one of findCheckpoints(full)) {
      found.push(one === full ? path : `${path.replace(/\/+$/, '')}${one.slice(full.replace(/\/+$/, '').length)}`);
    }
  }
  return found;
}

const LARGE = 16 * 2 ** 20; // bytes from which reading takes long enough to show how far it has come

async function planOne(
  path: string,
  options: PlanOptions,
  terminal: Terminal,
  { index, count }: { index: number; count: number },
): Promise<FleetRow> {
  let progress: ReturnType<typeof startProgress> | undefined;
  const onProgress = (done: number, total: number): void => {
    if (total < LARGE) return;
    progress ??= startProgress(terminal, path);
    progress.update((index + done / total) / count, path);
  };
  try {
    const checkpoint = await checkpointAt(resolve(terminal.folder, path), { onProgress });
    return { path, checkpoint, plan: planRestore(checkpoint, options) };
  } catch (error) {
    if (!(error instanceof Error) || error instanceof RangeError) throw error; // misuse, or a fault of ours
    return { path, error };
  } finally {
    progress?.stop();
  }
}
