// Closes a random file, then opens one, with a number of files open. Nothing but the tables: files are numbers.
import { random } from '@idspace/testkit';
import type { Contestants, Workload } from '@idspace/testkit/bench';
import { FdTable } from '../src/fd-table.ts';

interface Table {
  open(file: number): number;
  close(fd: number): void;
}

/** The first free entry from the beginning, as in Emscripten's `FS.nextfd` and the WASI of @tybys/wasm-util. */
class Scan implements Table {
  private readonly files: (number | undefined)[] = [];

  open(file: number): number {
    const { files } = this;
    let fd = 0;
    while (fd < files.length && files[fd] !== undefined) fd++;
    files[fd] = file;
    return fd;
  }

  close(fd: number): void {
    this.files[fd] = undefined;
  }
}

/** A new entry for each file, as in browser_wasi_shim. */
class Push implements Table {
  private readonly files: (number | undefined)[] = [];

  open(file: number): number {
    return this.files.push(file) - 1;
  }

  close(fd: number): void {
    this.files[fd] = undefined;
  }
}

const PAIRS = 200;

function churn(make: () => Table): Workload {
  const states = new Map<number, { table: Table; live: number[] }>();
  return ({ open }) => {
    const count = Number(open);
    if (!states.has(count)) {
      const table = make();
      states.set(count, { table, live: Array.from({ length: count }, (_, i) => table.open(i)) });
    }
    const { table, live } = states.get(count)!;
    const rng = random(7);
    const picks = Uint32Array.from({ length: PAIRS }, () => rng.below(count));
    return { ops: PAIRS, run: () => reopen(table, live, picks) };
  };
}

function reopen(table: Table, live: number[], picks: Uint32Array): void {
  for (let i = 0; i < picks.length; i++) {
    const pick = picks[i]!;
    table.close(live[pick]!);
    live[pick] = table.open(i);
  }
}

export const contestants: Contestants = {
  FdTable: { churn: churn(() => new FdTable<number>()) },
  'scan for a free one': { churn: churn(() => new Scan()) },
  'push, never reused': { churn: churn(() => new Push()) },
};
