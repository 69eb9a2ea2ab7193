// Many checkpoints in one run: each is read and planned for itself, and one that cannot be read does not hide the others.
import { dirname, resolve } from 'node:path';
import { ownSigq } from '@idspace/live-kernel';
import {
  type Checkpoint,
  CheckpointError,
  findCheckpoints,
  type PlanOptions,
  planRestore,
  type RestorePlan,
} from '@idspace/restore-planner';
import type { Terminal } from '../cli/terminal.ts';
import { printable } from '../format/printable.ts';
import { checkStandardInput, isStandardInput } from './checkpoint-at.ts';
import { readFleet } from './read-fleet.ts';

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

export function isUnread(row: FleetRow): row is Unread {
  return !isPlanned(row);
}

export interface FleetOptions extends PlanOptions {
  /** Of running processes, also their descendants. */
  tree?: boolean;
}

/**
 * Reads and plans every checkpoint that the paths lead to, in their order. Where one cannot be read, its row says why.
 *
 * Pre-dumps beside a full dump have no row: they are what its memory is put together from, and are told on stderr.
 */
export async function planFleet(
  paths: readonly string[],
  { tree = false, ...options }: FleetOptions,
  terminal: Terminal,
): Promise<FleetRow[]> {
  checkStandardInput(paths, terminal);
  const found = await checkpointsAt(paths, terminal);
  const read = await readFleet(found, terminal, { tree });
  const rows = found.map((path, index): FleetRow => {
    const checkpoint = read[index]!;
    if (checkpoint instanceof Error) return { path, error: checkpoint };
    return { path, checkpoint, plan: planRestore(checkpoint, { ...chargedHere(checkpoint), ...options }) };
  });
  return withoutPreDumps(rows, (row) => (isPlanned(row) ? null : errorCode(row.error)), terminal);
}

/**
 * What is charged on this machine to the user who runs CRIU, once a running process has been dumped and is gone: all that is charged to the user of this
 * program, without the timers of the process. Nothing is known of where a checkpoint goes to.
 */
function chargedHere({ processes, threadsKnown = false }: Checkpoint): { sigq?: number } {
  if (!threadsKnown) return {};
  const uid = process.getuid?.();
  const own = processes.filter(({ charged }) => charged?.uid === uid).flatMap(({ timers }) => timers);
  return { sigq: Math.max(ownSigq() - own.length, 0) };
}

/** The part of an error that says what is wrong; that of a checkpoint may be behind a hint. */
export function errorCode(error: Error): string {
  const { code } = (error.cause instanceof CheckpointError ? error.cause : error) as { code?: unknown };
  return typeof code === 'string' ? code : 'input';
}

/**
 * Leaves out pre-dumps beside a full dump, and tells them on stderr.
 *
 * @param codeOf The code of the error with which a row could not be read; null if it was read.
 */
export function withoutPreDumps<Row extends { path: string }>(
  rows: readonly Row[],
  codeOf: (row: Row) => string | null,
  terminal: Terminal,
): Row[] {
  const full = new Set(rows.filter((row) => codeOf(row) === null).map(({ path }) => dirname(path)));
  const isBeside = (row: Row): boolean => codeOf(row) === 'pre-dump' && full.has(dirname(row.path));
  const passed = rows.filter(isBeside).map(({ path }) => printable(path));
  if (passed.length > 0) {
    const named = passed.length > MOST_NAMED ? `${passed.slice(0, MOST_NAMED).join(', ')}, …` : passed.join(', ');
    const what = passed.length === 1 ? 'a pre-dump' : `${passed.length} pre-dumps`;
    terminal.err.write(`idspace: passed over ${what} beside a full dump, with memory pages only: ${named}\n`);
  }
  return rows.filter((row) => !isBeside(row));
}

const MOST_NAMED = 5; // pre-dumps

/** The checkpoints that paths lead to. Paths stay as the user typed them: relative ones relative. */
export async function checkpointsAt(paths: readonly string[], { folder }: Terminal): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    if (isStandardInput(path)) {
      found.push(path);
      continue;
    }
    const full = resolve(folder, path);
    for await (const one of findCheckpoints(full)) {
      found.push(one === full ? path : `${withoutSlashes(path)}${one.slice(withoutSlashes(full).length)}`);
    }
  }
  return found;
}

function withoutSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end--;
  return path.slice(0, end);
}
