// The iterators of SparseXArray, in both directions; what lies ahead is met as it then is.
import { Steps } from '../iterator-base.ts';
import { MAX_INDEX } from '../node-layout.ts';
import { BIAS, ENTRIES, PLACE_MASK, PRESENT } from './layout.ts';
import { seekLast } from './seek-last.ts';
import type { SparseTree } from './tree.ts';

type Step = IteratorResult<[number, number]>;

/** Where an iterator is: the index met last, and its place as long as no entry has moved. */
class SparseSteps extends Steps {
  declare protected readonly tree: SparseTree;
  /** Last index to look at. */
  declare protected readonly limit: number;
  declare protected readonly kind: number;
  /** The next index to look at, or −1 for none, unless the place at hand says so. */
  declare protected index: number;
  declare protected at: number;
  /** Moves when `at` was found; −1 while there is none. */
  declare protected moves: number;

  constructor(tree: SparseTree, from: number, limit: number, kind: number) {
    super('SparseXArray');
    this.tree = tree;
    this.limit = limit;
    this.kind = kind;
    this.index = from;
    this.at = 0;
    this.moves = -1;
  }

  protected item(at: number, index: number): Step {
    this.at = at;
    return { done: false, value: [index, this.tree.leaves[at + ENTRIES]] };
  }

  /** Notes that a place was sought, and ends where there is none. */
  protected sought(at: number, index: number, next: number): Step {
    this.index = next;
    this.moves = at < 0 || this.kind !== PRESENT ? -1 : this.tree.moves;
    return at < 0 ? { done: true, value: undefined } : this.item(at, index);
  }
}

/** Steps from an index up to another. */
export class Ascending extends SparseSteps {
  next(): Step {
    const { tree } = this;
    if (this.moves === tree.moves) {
      const at = this.at + 1;
      // Behind the last key of a leaf the entry is 0.
      if (tree.leaves[at + ENTRIES] !== 0) {
        const index = (tree.leaves[at] ^ BIAS) >>> 0;
        if (index <= this.limit) {
          this.index = index === MAX_INDEX ? -1 : index + 1;
          return this.item(at, index);
        }
      }
    }
    return this.far();
  }

  private far(): Step {
    const { tree, index: from } = this;
    const at = from < 0 ? -1 : tree.seek(from, this.kind);
    const index = at < 0 ? -1 : tree.indexAt(at);
    if (at < 0 || index > this.limit) return this.sought(-1, 0, -1);
    return this.sought(at, index, index === MAX_INDEX ? -1 : index + 1);
  }
}

/** Steps from an index down to another. */
export class Descending extends SparseSteps {
  next(): Step {
    const { tree } = this;
    if (this.moves === tree.moves && (this.at & PLACE_MASK) > 0) {
      const at = this.at - 1;
      const index = (tree.leaves[at] ^ BIAS) >>> 0;
      if (index >= this.limit) {
        this.index = index - 1;
        return this.item(at, index);
      }
    }
    return this.far();
  }

  private far(): Step {
    const { tree, index: from } = this;
    const at = from < 0 ? -1 : seekLast(tree, from, this.kind);
    const index = at < 0 ? -1 : tree.indexAt(at);
    if (index < this.limit) return this.sought(-1, 0, -1);
    return this.sought(at, index, index - 1);
  }
}
