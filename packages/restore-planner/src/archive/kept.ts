// What is kept of an archive while it is read, and its limits; what is skipped has none.
import { CheckpointError } from '../checkpoint-error.ts';
import type { FailedDump } from '../image/dump-log.ts';
import { idsIn } from '../image/id-parts.ts';
import type { Part } from '../image/parts.ts';
import { MAX_TIMERS } from '../image/read-images.ts';
import type { Origin } from './origin.ts';

const MAX_IDS = 2 ** 20; // other IDs in all images: as many watches as one image may have
const MAX_TEXT = 8 * 2 ** 20; // characters of names, and bytes of documents

/** What was found in one directory of an archive. */
export interface Directory {
  parts: Map<string, Part | CheckpointError>;
  /** Names of the files that only a dump leaves. */
  names: string[];
  origins: Origin[];
  failed?: FailedDump;
}

/** What was found in one archive, by directory: '' is the top. */
export type Directories = Map<string, Directory>;

/** Counts what is kept of an archive, those in it included. */
export class Kept {
  private readonly file: string;
  private timers = 0;
  private ids = 0;
  private text = 0;

  constructor(file: string) {
    this.file = file;
  }

  /** @throws CheckpointError if all images together hold too many timers, or other IDs. */
  addPart(part: Part | CheckpointError): void {
    if (part instanceof CheckpointError) return;
    if ('timers' in part) this.timers += part.timers?.length ?? 0;
    this.check(this.timers, MAX_TIMERS, 'timers');
    this.ids += idsIn(part);
    this.check(this.ids, MAX_IDS, 'watches, terminals and SysV objects');
  }

  /** @throws CheckpointError if names and documents are too long together. */
  addText(length: number): void {
    this.text += length;
    this.check(this.text, MAX_TEXT, 'bytes of names and documents');
  }

  private check(count: number, most: number, what: string): void {
    if (count <= most) return;
    throw new CheckpointError('too-large', { file: this.file }, `more than ${most} ${what}`, 'a checkpoint');
  }
}
