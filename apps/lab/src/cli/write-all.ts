// Writing to the last byte: a disk that runs full, or a limit, takes a part of a write, and that is not an error yet.
import { writeSync } from 'node:fs';

/** Writes all bytes to an open file. @throws The error of the file system. */
export function writeAll(file: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
}

const CHUNK = 1 << 20; // characters

/** Passes texts on as bytes, about a megabyte at a time. */
export function writePieces(pieces: Iterable<string>, write: (bytes: Uint8Array) => void): void {
  let text = '';
  for (const piece of pieces) {
    text += piece;
    if (text.length < CHUNK) continue;
    write(Buffer.from(text));
    text = '';
  }
  write(Buffer.from(text));
}
