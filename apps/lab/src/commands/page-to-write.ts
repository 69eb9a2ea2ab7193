// A report that a command was asked for: where it goes, and the command line that makes it again.
import { resolve } from 'node:path';
import type { Terminal } from '../terminal.ts';

export interface Page {
  /** As typed. */
  file: string;
  command: string;
}

/** Writes it and says so. @throws CommandError (exit code 3) if it cannot be written. */
export async function writeTo({ file }: Page, page: string, terminal: Terminal): Promise<void> {
  const { writePage } = await import('../report/write-page.ts');
  await writePage(resolve(terminal.folder, file), page);
  terminal.err.write(`Report: ${file}\n`);
}
