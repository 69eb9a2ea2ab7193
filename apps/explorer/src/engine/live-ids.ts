// LiveIds: the IDs of the live timers, to pick one at random in constant time. Which one depends on the order of calls alone, not on the
// IDs: on two kernels that hand out different ones, the same picks are the same timers.
import { XArray } from '@idspace/xarray';

/** IDs below are sorted by their bits: 512 kB of them. */
const DENSE = 2 ** 22;

export class LiveIds {
  /** Int32Array; the first `size` are the IDs. */
  private ids: Int32Array = new Int32Array(64);
  /** Where in `ids` each is, plus one. Its state can be copied, which that of an IntMap, in private fields, cannot. */
  private readonly places: XArray = new XArray();
  private random: number;

  constructor(seed: number) {
    this.random = Math.imul(seed ^ 0x5bd1_e995, 0x9e37_79b1) | 1;
  }

  get size(): number {
    return this.places.size;
  }

  add(id: number): void {
    const { size } = this;
    if (size === this.ids.length) {
      const grown = new Int32Array(2 * size);
      grown.set(this.ids);
      this.ids = grown;
    }
    this.ids[size] = id;
    this.places.store(id, size + 1);
  }

  remove(id: number): void {
    const place = this.places.load(id);
    const last = this.ids[this.size - 1];
    this.ids[place - 1] = last;
    this.places.store(last, place);
    this.places.erase(id);
  }

  /** Picks one; −1 where there is none. */
  pick(): number {
    if (this.size === 0) return -1;
    let x = this.random;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.random = x;
    return this.ids[Math.floor((x >>> 0) * 2 ** -32 * this.size)];
  }

  /** All, ascending: Int32Array, a copy. Cost: a pass over them and a bit for each ID up to the largest; a sort where that is large. */
  sorted(): Int32Array {
    const ids = this.ids.slice(0, this.size);
    let largest = 0;
    for (const id of ids) largest = Math.max(largest, id);
    return largest < DENSE ? inOrder(ids, largest) : ids.sort();
  }
}

/** Sorts distinct numbers by a bit for each. */
function inOrder(ids: Int32Array, largest: number): Int32Array {
  const bits = new Int32Array((largest >> 5) + 1);
  for (const id of ids) bits[id >> 5] |= 1 << (id & 31);
  let n = 0;
  for (let word = 0; word < bits.length; word++) {
    for (let left = bits[word]; left !== 0; left &= left - 1) ids[n++] = (word << 5) | (31 - Math.clz32(left & -left));
  }
  return ids;
}
