// One image as a file, wherever it lies.

/** An image, read forwards only. */
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
  /** Passes over bytes. @returns How many; fewer than asked for only if the file has become shorter than `size`. */
  skip(length: number): Promise<number>;
}
