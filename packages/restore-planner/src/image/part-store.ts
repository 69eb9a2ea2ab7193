// The parts of a checkpoint, however they are stored: files in a directory, members of an archive, JSON of crit.
import type { CheckpointError } from '../checkpoint-error.ts';
import type { ImageName } from './image-name.ts';
import type { Part } from './parts.ts';

/** Finds the parts of a checkpoint. */
export interface PartStore {
  /** The path the user gave. */
  readonly path: string;
  /**
   * Finds a part.
   *
   * @returns undefined if there is none.
   * @throws CheckpointError if there is one that cannot be read.
   */
  get(name: ImageName): Promise<Part | undefined>;
  /**
   * Reads a task's memory, within a page; undefined if it is not there. Absent where pages cannot be got at one by one.
   */
  memory?(pid: number, address: bigint, length: number): Promise<Uint8Array | undefined>;
  /** Says that a part which must be there is not. */
  missing(name: ImageName): CheckpointError | Promise<CheckpointError>;
}
