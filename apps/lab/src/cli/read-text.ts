// A text file as a whole, up to a limit.
import { createReadStream } from 'node:fs';
import { CommandError, unusable } from './failure.ts';
import { readProblem } from './file-problem.ts';

/**
 * Reads a text.
 *
 * @param name Names it in errors. @param most Bytes; a device has no end of its own.
 * @param expected What it should be.
 * @returns The text; null where there is no such file.
 * @throws CommandError (exit code 3) if it cannot be read, or is longer.
 */
export async function readText(path: string, name: string, most: number, expected: string): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > most) throw unusable(name, `more than ${most} bytes`, expected);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks).toString('utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (cause instanceof CommandError) throw cause;
    if (code === 'ENOENT') return null;
    throw unusable(name, readProblem(cause), expected, { cause });
  }
}
