// Names of WebGL objects for Emscripten's `GL`: used again, where `GL.getNewId` counts up forever.
import { IdPool } from '@idspace/next-id';

/** One of GL's tables: the object of each name, null or undefined where there is none. */
export type NameTable = (object | null | undefined)[];

/** Entries that each call looks at: tables grow to 4/3 of the names alive or resting, and calls stay short. */
const LOOKS = 4;

/**
 * Makes a function that returns a name which is free in a table; the caller puts the object there.
 *
 * GL tells of no deletion, but leaves null in the table. So each call also looks at the next four entries of its table, round
 * and round, and gives names without an object back to the table's pool. The pool lets them rest, as programs may use a name
 * a little after its deletion: at least delay / 4 objects of a kind are made before one of them gets an old name.
 *
 * @param delay Names that rest in each table, 0 or more.
 * @returns A function for all tables of one GL object. Names that are in a table already stay taken.
 * @throws RangeError for a delay that is none.
 */
export function glNames(delay: number = 256): (table: NameTable) => number {
  new IdPool({ min: 1, reuse: { delay } }); // refuses a wrong delay here, not in the first frame
  const tables = new Map<NameTable, Names>();
  return (table) => {
    let names = tables.get(table);
    if (names === undefined) tables.set(table, (names = new Names(table, delay)));
    return names.take();
  };
}

/** The names of one table. */
class Names {
  private readonly table: NameTable;
  private readonly pool: IdPool;
  /** The entry to look at next. */
  private hand = 1;

  constructor(table: NameTable, delay: number) {
    this.table = table;
    this.pool = new IdPool({ min: 1, reuse: { delay } });
    table.forEach((object, name) => {
      if (object && name > 0) this.pool.reserve(name);
    });
  }

  take(): number {
    const { table, pool } = this;
    for (let looks = 0; looks < LOOKS; looks++) {
      if (this.hand >= table.length) this.hand = 1;
      if (!table[this.hand]) pool.free(this.hand);
      this.hand++;
    }
    const name = pool.allocate();
    // GL reads the tables as dense arrays.
    while (table.length <= name) table.push(null);
    return name;
  }
}
