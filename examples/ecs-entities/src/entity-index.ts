// Entities as bitECS numbers them, over GenerationalId: a handle that was removed never passes for the entity that came after it.
import { GenerationalId } from '@idspace/next-id';

/** What is chosen of an index. */
export interface EntityIndexOptions {
  /** Bits of a handle that number the entity's row, 1…30; the other 31 − rowBits count its lives. Default 20. */
  rowBits?: number | undefined;
  /** Rows that rest before they are used again: multiplies the lives after which a stale handle comes back. Default 0. */
  delay?: number | undefined;
}

/** Hands out entities, 0…2³¹−1, and lists those that are alive. */
export class EntityIndex {
  private readonly ids: GenerationalId;
  /** Entities alive, in no order; `places` says where each row's is. */
  private readonly dense: number[] = [];
  private readonly places: number[] = [];

  /** @throws RangeError for an option that there is not, or one out of its range. */
  constructor({ rowBits = 20, delay = 0, ...others }: EntityIndexOptions = {}) {
    for (const key of Object.keys(others))
      throw new RangeError(`new EntityIndex: options: got the key '${key}', expected some of rowBits, delay`);
    if (!Number.isInteger(rowBits) || rowBits < 1 || rowBits > 30)
      throw new RangeError(`new EntityIndex: rowBits: got ${rowBits}, expected an integer 1…30`);
    if (!Number.isInteger(delay) || delay < 0 || delay >= 2 ** rowBits)
      throw new RangeError(`new EntityIndex: delay: got ${delay}, expected an integer 0…${2 ** rowBits - 1}`);
    this.ids = new GenerationalId({ slotBits: rowBits, reuse: { delay } });
  }

  /** Number of entities alive. */
  get size(): number {
    return this.dense.length;
  }

  /** The entities alive, in no order. Do not change the array; `add` and `remove` do. */
  get alive(): readonly number[] {
    return this.dense;
  }

  /** Returns a new entity, or −1 when all rows are in use. */
  add(): number {
    const entity = this.ids.allocate();
    if (entity < 0) return -1;
    this.places[this.ids.slot(entity)] = this.dense.push(entity) - 1;
    return entity;
  }

  /** Ends an entity. Returns false if it is not alive. */
  remove(entity: number): boolean {
    const row = this.ids.slot(entity);
    if (row < 0) return false;
    const { dense, places } = this;
    const place = places[row]!;
    const last = dense.pop()!;
    if (last !== entity) {
      dense[place] = last;
      places[this.ids.slot(last)] = place;
    }
    return this.ids.free(entity);
  }

  /** Tells whether an entity is alive; false for any number that is none. */
  has(entity: number): boolean {
    return this.ids.has(entity);
  }

  /** Returns the row of an entity, to index component arrays by, or −1 if it is not alive. */
  row(entity: number): number {
    return this.ids.slot(entity);
  }
}
