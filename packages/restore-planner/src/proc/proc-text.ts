// The small files of /proc/PID, or of a folder that only looks like one: read with limits, and without waiting for anything.
import { opendir } from 'node:fs/promises';
import { FileBytes } from '../bytes/file-bytes.ts';
import type { ReadOptions } from '../bytes/read-options.ts';
import { CheckpointError } from '../checkpoint-error.ts';
import { openRegular } from '../folder/disk-folder.ts';
import type { StopSignal } from '../stop-signal.ts';

const MAX_TEXT = 64 * 1024; // bytes: the kernel's have some kB
const MAX_NUMBERS = 2 ** 16; // names in a folder of processes or threads
const PID_MAX = 2 ** 22; // PID_MAX_LIMIT of 64-bit kernels

/** Opens a file of a process. @throws CheckpointError if the process is gone, or the file is none. */
export async function openProcFile(path: string, options: ReadOptions): Promise<FileBytes> {
  const opened = await openRegular(path);
  if (opened === undefined) throw gone(path, 'no such file or directory');
  return new FileBytes(path, opened.size > 0 ? opened.size : null, opened.handle, options);
}

/** Reads the beginning of a file of a process, 64 KiB at most. @throws CheckpointError as above. */
export async function procText(path: string, options: ReadOptions): Promise<string> {
  const file = await openProcFile(path, options);
  try {
    return Buffer.from(await file.read(MAX_TEXT)).toString('latin1');
  } finally {
    await file.close();
  }
}

/** Lists the names in a folder that are process or thread IDs, ascending. @throws CheckpointError if it cannot be listed, or has too many. */
export async function numbersIn(path: string, signal: StopSignal | undefined): Promise<number[]> {
  const numbers: number[] = [];
  try {
    for await (const { name } of await opendir(path)) {
      signal?.throwIfAborted();
      if (!/^[1-9]\d{0,6}$/.test(name) || Number(name) > PID_MAX) continue;
      numbers.push(Number(name));
      if (numbers.length > MAX_NUMBERS) {
        throw new CheckpointError('too-large', { file: path }, `more than ${MAX_NUMBERS} IDs`, 'those of one machine');
      }
    }
  } catch (cause) {
    if (cause instanceof CheckpointError || signal?.aborted) throw cause;
    throw gone(path, (cause as Error).message, cause);
  }
  return numbers.sort((a, b) => a - b);
}

function gone(file: string, got: string, cause?: unknown): CheckpointError {
  return new CheckpointError('unreadable', { file }, got, 'a running process', cause);
}
