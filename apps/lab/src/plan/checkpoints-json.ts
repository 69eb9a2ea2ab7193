// The one form of `idspace plan --json`, whatever the number of checkpoints.
import type { Checkpoint } from '@idspace/restore-planner';
import { jsonText } from '../format/json-text.ts';
import { errorCode, type FleetRow, isPlanned, type Planned } from './fleet.ts';

/** What the JSON tells of every checkpoint that was read, beside its path; null where the input does not tell. */
export interface Origin {
  format: Checkpoint['format'];
  /** The kernel and the CRIU that it was dumped with. */
  kernelRelease: string | null;
  criuVersion: string | null;
  containers: { name: string | null; id: string | null; pod: string | null }[];
  /** 'namespace/name' of the pod that its containers belong to. */
  pod: string | null;
}

/**
 * Writes `{ checkpoints: [{ path, format, …, …contents } | { path, error: { code, message } }] }`.
 *
 * @param contents What is told of a checkpoint that was read: its plan at least.
 */
export function checkpointsJson(rows: readonly FleetRow[], contents: (row: Planned) => { plan: object }): string {
  const checkpoints = rows.map((row) => {
    if (!isPlanned(row)) return { path: row.path, error: errorOf(row.error) };
    return { path: row.path, ...originOf(row.checkpoint), ...contents(row) };
  });
  return jsonText({ checkpoints });
}

export function originOf({ format, kernelRelease, criuVersion, containers = [] }: Checkpoint): Origin {
  return {
    format,
    kernelRelease: kernelRelease ?? null,
    criuVersion: criuVersion ?? null,
    containers: containers.map(({ name, id, pod }) => ({ name: name ?? null, id: id ?? null, pod: pod ?? null })),
    pod: containers.find(({ pod }) => pod !== undefined)?.pod ?? null,
  };
}

/** Of one that could not be read. */
export function errorOf(error: Error): { code: string; message: string } {
  return { code: errorCode(error), message: error.message };
}
