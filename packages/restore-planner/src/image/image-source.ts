// Where images come from: anything that can open a file by name and read it from front to back.

/** One image, read forwards only. */
export interface ImageFile {
  /** For errors: tells the file from all others the user may have given. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /**
   * Reads the next bytes.
   *
   * @param length At most what is left.
   * @returns Fewer only if the file has become shorter than `size`.
   */
  read(length: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** A set of images. */
export interface ImageSource {
  /** The path the user gave. */
  readonly path: string;
  /** @throws CheckpointError if there is no such image, or it cannot be read. */
  open(name: string): Promise<ImageFile>;
}
