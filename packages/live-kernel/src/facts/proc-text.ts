// Reads what the kernel says in /proc and /sys: bounded, never waiting, and with the reason where it cannot.
import { closeSync, constants, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';

/** Why something could not be read. */
export class Unreadable {
  /** Such as 'EACCES'. */
  readonly code: string;

  constructor(cause: unknown) {
    this.code = (cause as NodeJS.ErrnoException).code ?? 'unknown error';
  }

  /** Whether it is not there, or no longer: the process has ended, or this kernel has no such file. */
  get isGone(): boolean {
    return this.code === 'ENOENT' || this.code === 'ESRCH' || this.code === 'ENOTDIR';
  }
}

const PIECE = 65_536; // bytes

/** Returns the text of a file, at most so many bytes of it. */
export function readText(path: string, most: number = PIECE): string | Unreadable {
  const pieces: Buffer[] = [];
  let length = 0;
  const failure = readPieces(path, (piece) => {
    pieces.push(Buffer.from(piece));
    length += piece.length;
    return length < most;
  });
  return failure ?? Buffer.concat(pieces).subarray(0, most).toString();
}

/**
 * Counts the lines of a file that begin with a text, in a file of any length.
 *
 * @param isLate Ends the count when it says so: null is returned then.
 */
export function countLines(path: string, start: string, isLate: () => boolean): number | Unreadable | null {
  let count = 0;
  let rest = '';
  let isCut = false;
  const failure = readPieces(path, (piece) => {
    const lines = (rest + piece.toString('latin1')).split('\n');
    rest = lines.pop()!.slice(0, PIECE);
    for (const line of lines) if (line.startsWith(start)) count++;
    isCut = isLate();
    return !isCut;
  });
  if (failure !== undefined) return failure;
  if (rest.startsWith(start)) count++;
  return isCut ? null : count;
}

/** Returns the names in a folder, in the order of the kernel. */
export function readNames(path: string): string[] | Unreadable {
  try {
    return readdirSync(path);
  } catch (cause) {
    return new Unreadable(cause);
  }
}

/** Returns where a link leads. */
export function readLink(path: string): string | Unreadable {
  try {
    return readlinkSync(path);
  } catch (cause) {
    return new Unreadable(cause);
  }
}

/** Hands on a file piece by piece, as long as more is wanted. */
function readPieces(path: string, take: (piece: Buffer) => boolean): Unreadable | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const buffer = Buffer.allocUnsafe(PIECE);
    for (;;) {
      const length = readSync(file, buffer, 0, PIECE, null);
      if (length === 0 || !take(buffer.subarray(0, length))) return undefined;
    }
  } catch (cause) {
    return new Unreadable(cause);
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
