// A table of open files by number, as POSIX has it: an opened file gets the lowest number that is free.
import { IdPool } from '@idspace/next-id';

/** Open files by their numbers, 0…limit − 1. */
export class FdTable<File> {
  /** The file of each number; undefined where there is none. Ends with the highest open one. */
  readonly files: (File | undefined)[];
  private readonly pool: IdPool;

  /**
   * @param limit How many files can be open, 1…2³¹; the RLIMIT_NOFILE of a process. Default 1,048,576, that of Linux's fs.nr_open.
   * @param files Those that are open from the beginning, by number. The array becomes the table's own.
   * @throws RangeError for a limit that is none, or for more files than that.
   */
  constructor(limit: number = 1_048_576, files: (File | undefined)[] = []) {
    if (!Number.isInteger(limit) || limit < 1 || limit > 2 ** 31)
      throw new RangeError(`new FdTable: limit: got ${limit}, expected an integer 1…2147483648`);
    this.pool = new IdPool({ max: limit - 1 });
    this.files = files;
    files.forEach((file, fd) => {
      if (file !== undefined) this.pool.reserve(fd);
    });
    this.trim();
  }

  /** Number of open files. */
  get size(): number {
    return this.pool.size;
  }

  /** Whether `open` would return −1. */
  get isFull(): boolean {
    return this.pool.size > this.pool.max;
  }

  /** Returns the lowest free number, under which the file is open now, or −1 (EMFILE) when there is none. */
  open(file: File): number {
    const fd = this.pool.allocate();
    if (fd < 0) return -1;
    while (this.files.length < fd) this.files.push(undefined);
    this.files[fd] = file;
    return fd;
  }

  /** Returns the file of a number, or undefined (EBADF). */
  get(fd: number): File | undefined {
    return this.pool.has(fd) ? this.files[fd] : undefined;
  }

  /** Frees a number. Returns its file, which the caller closes, or undefined (EBADF). */
  close(fd: number): File | undefined {
    const file = this.get(fd);
    if (!this.pool.free(fd)) return undefined;
    this.files[fd] = undefined;
    this.trim();
    return file;
  }

  /**
   * Moves a file to the number of another open one, whose file the caller closes; WASI's fd_renumber. `from` is free afterwards.
   * Moved to its own number, a file stays.
   *
   * @returns False if either is not open (EBADF).
   */
  renumber(from: number, to: number): boolean {
    const file = this.get(from);
    if (file === undefined || this.get(to) === undefined) return false;
    if (from !== to) {
      this.files[to] = file;
      this.close(from);
    }
    return true;
  }

  private trim(): void {
    const { files } = this;
    while (files.length > 0 && files.at(-1) === undefined) files.pop();
  }
}
