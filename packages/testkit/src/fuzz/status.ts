// The input that a process runs, in a file: it is there when the process is not any more, or hangs.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

const HEAD = 8; // bytes: the number of the execution, the input's length

export class StatusWriter {
  private readonly file: number;
  private readonly bytes: Uint8Array;
  private readonly head: Uint32Array;

  /** @param longest Longest input, bytes; what is longer is cut. */
  constructor(path: string, longest: number) {
    this.file = openSync(path, 'w');
    this.bytes = new Uint8Array(HEAD + longest);
    this.head = new Uint32Array(this.bytes.buffer, 0, 2);
  }

  begin(input: Uint8Array): void {
    const length = Math.min(input.length, this.bytes.length - HEAD);
    this.head[0]!++;
    this.head[1] = length;
    this.bytes.set(input.subarray(0, length), HEAD);
    writeSync(this.file, this.bytes, 0, HEAD + length, 0);
  }
}

/** Reads how many executions were begun, and the last input. */
export function readStatus(path: string): { begun: number; input: Uint8Array } {
  const file = openSync(path, 'r');
  try {
    const head = new Uint32Array(2);
    readSync(file, head, 0, HEAD, 0);
    const input = new Uint8Array(head[1]!);
    readSync(file, input, 0, input.length, HEAD);
    return { begun: head[0]!, input };
  } finally {
    closeSync(file);
  }
}
