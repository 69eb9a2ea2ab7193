// What the targets of this package share: the refusal that is documented, images on disk to begin with, and what is done with a checkpoint.
import { deepStrictEqual } from 'node:assert';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { image, json, type Structure } from '@idspace/testkit/fuzz';
import { CheckpointError } from '../src/checkpoint-error.ts';
import {
  type Checkpoint,
  type Outcome,
  parsePlan,
  planDocument,
  planMatrix,
  planRestore,
  planToJson,
  validatePlan,
} from '../src/plan.ts';

const GROUND_TRUTH = join(import.meta.dirname, '..', 'test', 'ground-truth');
export const FIXTURES: string = join(import.meta.dirname, '..', 'test', 'fixtures');

export type Files = Record<string, Uint8Array>;

/** Folders of images that CRIU dumped. */
export function dumps(): string[] {
  const groups = ['criu', 'criu-field', 'criu-ids'].map((group) => join(GROUND_TRUTH, group));
  return groups
    .flatMap((group) => readdirSync(group).map((name) => join(group, name)))
    .filter((folder) => existsSync(join(folder, 'inventory.img')))
    .sort();
}

/** Files of a folder, those with an ending. */
export function filesOf(folder: string, ending: string): Files {
  const names = readdirSync(folder).filter((name) => name.endsWith(ending));
  return Object.fromEntries(names.sort().map((name) => [name, new Uint8Array(readFileSync(join(folder, name)))]));
}

/** The form of a member of an archive. */
export function formsOf(name: string): Structure[] {
  if (name.endsWith('.img')) return [image];
  return /json|\.dump$|options$/.test(name) ? [json] : [];
}

/** Waits for a call that may refuse its input. @returns Nothing if it did. */
export async function unlessRefused<T>(call: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    if (error.file === '' || error.got === '' || error.expected === '') throw new Error(`says too little: ${error}`);
    return undefined;
  }
}

const OPTIONS = [
  { kernel: '6.18', criu: '4.2' },
  { kernel: '6.1', criu: '4.0' },
  { kernel: '3.9', criu: '1.0' },
] as const;
/** A checkpoint with so many timers is planned once. */
const MANY = 64;

/** Plans a checkpoint, and takes each plan through its file and back. */
export function planAll(checkpoint: Checkpoint): void {
  const timers = checkpoint.processes.reduce((sum, process) => sum + process.timers.length, 0);
  for (const options of timers > MANY ? OPTIONS.slice(0, 1) : OPTIONS) {
    const plan = planRestore(checkpoint, options);
    const outcome: Outcome = plan.outcome;
    JSON.stringify(planToJson(plan));
    const document = JSON.stringify(planDocument(plan));
    if (plan.processes.length === 0) continue;
    validatePlan(plan);
    const read = parsePlan(document);
    deepStrictEqual(
      JSON.parse(JSON.stringify(planDocument(read).processes)),
      JSON.parse(document).processes,
      `${outcome} plan changes on its way`,
    );
  }
  if (timers <= MANY) planMatrix(checkpoint);
}
