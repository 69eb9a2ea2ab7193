// A folder to read from, wherever it is: on disk, or among the files that a browser was given.
import type { ByteSource } from '../bytes/byte-source.ts';
import type { ReadOptions } from '../bytes/read-options.ts';

/** Something in a folder; `other` is a link, device, pipe or socket, which is not read. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
}

/** The bytes of a file, of which it is known how many there are. */
export type FileSource = ByteSource & { readonly size: number };

/** A folder; links in it are not followed. */
export interface Folder {
  /** For errors. */
  readonly path: string;
  /** The last part of its path. */
  readonly name: string;
  /** The path of something in it. */
  pathOf(name: string): string;
  /**
   * Lists what is in it, by name, ascending.
   *
   * @throws CheckpointError if it cannot be listed.
   */
  list(): Promise<FolderEntry[]>;
  /**
   * Opens a regular file.
   *
   * @param name Its name, or its path from here, with `/` between the parts.
   * @returns undefined if there is none.
   * @throws CheckpointError for a link, a folder, a device, or a file that may not be read.
   */
  open(name: string, options?: ReadOptions): Promise<FileSource | undefined>;
  below(name: string): Folder;
  above(): Folder;
}
