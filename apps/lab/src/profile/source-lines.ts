// The lines of source files, as far as they can still be read.
import { readFileSync } from 'node:fs';
import { relative, sep } from 'node:path';

const LIBRARIES = `${sep}node_modules${sep}`;

export class SourceLines {
  private readonly files = new Map<string, readonly string[]>();
  private readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** Returns a line, from 1; '' where there is none. */
  line(file: string, line: number): string {
    return this.linesOf(file)[line - 1] ?? '';
  }

  count(file: string): number {
    return this.linesOf(file).length;
  }

  /** The file as the user would name it: of a library, from its name on. */
  nameOf(file: string): string {
    const library = file.lastIndexOf(LIBRARIES);
    if (library >= 0) return file.slice(library + LIBRARIES.length);
    const path = relative(this.folder, file);
    return path.startsWith('..') ? file : path;
  }

  private linesOf(file: string): readonly string[] {
    let lines = this.files.get(file);
    if (lines === undefined) {
      try {
        lines = readFileSync(file, 'utf8')
          .replace(/\r?\n$/, '')
          .split(/\r?\n/);
      } catch {
        lines = [];
      }
      this.files.set(file, lines);
    }
    return lines;
  }
}
