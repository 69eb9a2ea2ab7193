// The headline rows: `pnpm bench keep hash-table`, `pnpm bench compare REV hash-table`. Keys are (owner, ID), 1,000 IDs for each owner.
import { HashTable } from '@idspace/hash-table';
import { SharedHashTable } from '@idspace/hash-table/shared';
import { random } from '@idspace/testkit';
import type { Prepared, Row } from '@idspace/testkit/bench';

const N = 100_000;
const IDS = 1000;
const [LO, HI, STRIDE] = [0x00ea_9a00, 0xffff_8881, 1152];

interface Table {
  insert(owner: number, id: number, handle: number): unknown;
  find(owner: number, id: number): number;
  remove(owner: number, id: number): unknown;
}

class Chained implements Table {
  private readonly table = new HashTable({ buckets: 1 << 17 });
  insert(owner: number, id: number, handle: number): boolean {
    return this.table.insert(owner, 0, id, handle);
  }
  find(owner: number, id: number): number {
    return this.table.find(owner, 0, id);
  }
  remove(owner: number, id: number): number {
    return this.table.remove(owner, 0, id);
  }
}

/** Owners are addresses here, at the stride of the kernel's: its hash, the default, is made for these. */
class SharedChained implements Table {
  private readonly table = new SharedHashTable({ capacity: N });
  insert(owner: number, id: number, handle: number): boolean {
    return this.table.insert(LO + owner * STRIDE, HI, id, handle);
  }
  find(owner: number, id: number): number {
    return this.table.find(LO + owner * STRIDE, HI, id);
  }
  remove(owner: number, id: number): number {
    return this.table.remove(LO + owner * STRIDE, HI, id);
  }
}

/** What programs write by hand where both parts are small: one number of two. */
class NumberKeys implements Table {
  private readonly map = new Map<number, number>();
  insert(owner: number, id: number, handle: number): unknown {
    return this.map.set(owner * 2 ** 21 + id, handle);
  }
  find(owner: number, id: number): number {
    return this.map.get(owner * 2 ** 21 + id) ?? -1;
  }
  remove(owner: number, id: number): boolean {
    return this.map.delete(owner * 2 ** 21 + id);
  }
}

const order = random(1).shuffle(Int32Array.from({ length: N }, (_, i) => i));

// The timed loops are functions of the module: code optimised for a closure is thrown away with it.

function fill(table: Table): Table {
  for (let i = 0; i < N; i++) table.insert((i / IDS) | 0, i % IDS, i + 1);
  return table;
}

function findAll(table: Table): number {
  let sum = 0;
  for (let i = 0; i < N; i++) sum = (sum + table.find((order[i]! / IDS) | 0, order[i]! % IDS)) | 0;
  return sum;
}

function replaceAll(table: Table): void {
  for (let i = 0; i < N; i++) {
    const owner = (order[i]! / IDS) | 0;
    const id = order[i]! % IDS;
    table.remove(owner, id);
    table.insert(owner, id, i + 1);
  }
}

const filling = (make: () => Table) => (): Prepared => ({ ops: N, run: () => fill(make()) });

/** One table serves every run. */
function over(make: () => Table, run: (table: Table) => unknown): () => Prepared {
  let table: Table | undefined;
  return () => {
    const full = (table ??= fill(make()));
    return { ops: N, run: () => run(full) };
  };
}

const chained = (): Table => new Chained();
const shared = (): Table => new SharedChained();
const numbers = (): Table => new NumberKeys();
const MAP = 'Map, both parts in a number';

export const rows: readonly Row[] = [
  { name: 'HashTable: insert into empty', setup: filling(chained), peer: { name: MAP, setup: filling(numbers) } },
  {
    name: 'HashTable: find, at random',
    setup: over(chained, findAll),
    peer: { name: MAP, setup: over(numbers, findAll) },
  },
  {
    name: 'HashTable: remove and insert, at random',
    setup: over(chained, replaceAll),
    peer: { name: MAP, setup: over(numbers, replaceAll) },
  },
  {
    name: 'SharedHashTable: find, at random',
    setup: over(shared, findAll),
    peer: { name: MAP, setup: over(numbers, findAll) },
  },
  {
    name: 'SharedHashTable: remove and insert, at random',
    setup: over(shared, replaceAll),
    peer: { name: MAP, setup: over(numbers, replaceAll) },
  },
];
