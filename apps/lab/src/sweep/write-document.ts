// Writing a result: all of it or nothing.
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CommandError } from '../failure.ts';
import { documentText, type SweepDocument } from './sweep-document.ts';

/** Writes a document beside its place, then moves it there. @throws CommandError (exit code 3) if that fails. */
export async function writeDocument(document: SweepDocument, path: string): Promise<void> {
  const beside = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(beside, 'w');
    try {
      let text = '';
      for (const piece of documentText(document)) {
        text += piece;
        if (text.length < 1 << 20) continue;
        await file.appendFile(text);
        text = '';
      }
      await file.appendFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, path);
  } catch (cause) {
    await rm(beside, { force: true });
    const got = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new CommandError('input', `${path}: got ${got}, expected a file that can be written`, { cause });
  }
}
