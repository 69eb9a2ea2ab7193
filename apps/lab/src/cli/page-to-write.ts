// A report that a command was asked for: where it goes, and the command line that makes it again.

import { printable } from '../format/printable.ts';
import type { OutputFile } from './output-file.ts';
import type { Terminal } from './terminal.ts';

export interface Page {
  file: OutputFile;
  command: string;
}

/** Writes it and says so. @throws CommandError (exit code 3) if it cannot be written. */
export async function writeTo({ file }: Page, page: string, terminal: Terminal): Promise<void> {
  await file.write([page]);
  terminal.err.write(`Report: ${printable(file.name)}\n`);
}
