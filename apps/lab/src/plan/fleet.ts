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

export function isPlanned(row: FleetRow): row is Planned {
  return 'plan' in row;
}

/** Reads and plans every checkpoint that the paths lead to, in their order. Where one cannot be read, its row says why. */
export async function planFleet(
  paths: readonly string[],
  options: PlanOptions,
  terminal: Terminal,
): Promise<FleetRow[]> {
  const found = await checkpointsAt(paths, terminal);
  const rows: FleetRow[] = [];
  for (const [index, path] of found.entries()) {
    rows.push(await planOne(path, options, terminal, { index, count: found.length }));
  }
  return rows;
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
  let checkpoint: Checkpoint;
  try {
    checkpoint = await checkpointAt(resolve(terminal.folder, path), { onProgress });
  } catch (error) {
    return { path, error: error as Error };
  } finally {
    progress?.stop();
  }
  return { path, checkpoint, plan: planRestore(checkpoint, options) };
}
