// Walks a tree of unknown origin and refuses anything a sound one cannot have. Every node is visited one time.
import {
  ANCHOR,
  CHUNK_SHIFT,
  CHUNK_SIZE,
  ENTRY,
  FILL,
  FIRST_NODE,
  FULL,
  HEAD_SLOT,
  MARK_COUNT,
  MARKS,
  META_SHIFT,
  NULL_NODE,
  PARENT,
  PLACE,
  PLACE_OFFSET,
  PRESENT,
  SIBLING,
} from './node-layout.ts';
import type { TreeState } from './tree.ts';
import { XArrayError } from './xarray-error.ts';

/**
 * Checks a state whose header numbers are in range.
 *
 * @param call The class and method that was called, for messages.
 * @param state What was read; its arrays hold `top` nodes.
 * @param slotsAt Byte offset of the slots in the snapshot, for messages.
 * @param metaAt Byte offset of the meta data.
 * @param mayReserve Whether an index may be taken by 0.
 * @throws XArrayError with code 'bad-structure'.
 *
 * Cost: O(nodes).
 */
export function verify(call: string, state: TreeState, slotsAt: number, metaAt: number, mayReserve: boolean): void {
  const walk = new Walk(call, state, slotsAt, metaAt, mayReserve);
  walk.zero(NULL_NODE, 0);
  walk.anchor();
  walk.freeList();
  walk.totals();
}

/** First words of all bitmaps. */
const BITMAPS: readonly number[] = [PRESENT, FULL, MARKS, MARKS + 2, MARKS + 4, SIBLING, ENTRY];

class Walk {
  private readonly call: string;
  private readonly state: TreeState;
  private readonly slotsAt: number;
  private readonly metaAt: number;
  private readonly mayReserve: boolean;
  /** One byte per handle: 1 once met. */
  private readonly met: Uint8Array;
  private entries = 0;
  private multi = 0;
  private fills = 0;
  private nodes = 0;

  constructor(call: string, state: TreeState, slotsAt: number, metaAt: number, mayReserve: boolean) {
    this.call = call;
    this.state = state;
    this.slotsAt = slotsAt;
    this.metaAt = metaAt;
    this.mayReserve = mayReserve;
    this.met = new Uint8Array(state.top);
  }

  /** The anchor: one slot, one bit in each bitmap, no parent. */
  anchor(): void {
    const { slots, meta, levels } = this.state;
    const base = ANCHOR << META_SHIFT;
    for (let slot = HEAD_SLOT + 1; slot < HEAD_SLOT + CHUNK_SIZE; slot++) this.slot(slot, 'unused', slots[slot] === 0);
    this.word(base | PARENT, 'zero', meta[base | PARENT] === 0);
    this.word(base | PLACE, 'zero', meta[base | PLACE] === 0);
    for (const word of BITMAPS) {
      const multi = word === SIBLING || word === ENTRY;
      this.word(base | word, multi ? 'zero' : '0 or 1', meta[base | word] >>> (multi ? 0 : 1) === 0);
      this.word(base | word | 1, 'zero', meta[base | word | 1] === 0);
    }
    if (levels === 0) this.leafSlots(ANCHOR);
    else {
      this.word(base | PRESENT, '1 in a tree with nodes', meta[base | PRESENT] === 1);
      this.innerSlots(ANCHOR, levels * CHUNK_SHIFT);
      this.rootNotLone(slots[HEAD_SLOT]);
    }
  }

  /** Free nodes: linked through PARENT, otherwise zero. */
  freeList(): void {
    const { meta, freeNode, freeCount } = this.state;
    let node = freeNode;
    for (let n = 0; n < freeCount; n++) {
      this.take(node, this.metaAt);
      const next = meta[(node << META_SHIFT) | PARENT];
      this.zero(node, next);
      node = next;
    }
    this.require(node === NULL_NODE, this.metaAt, 'the free list', `${freeCount} nodes long`, 'more');
  }

  /** The header's numbers are those of the nodes. */
  totals(): void {
    const { top, freeCount, held, multi, fills } = this.state;
    const expected = top - FIRST_NODE;
    this.require(
      this.nodes === expected,
      0,
      'nodes in the tree and free',
      `${expected}, ${freeCount} free`,
      this.nodes,
    );
    this.require(this.entries === held, 0, 'the size', `the number of entries, ${this.entries}`, held);
    this.require(this.multi === multi, 0, 'the number of multi-index entries', `${this.multi}`, multi);
    this.require(this.fills === fills, 0, 'the number of fill nodes', `${this.fills}`, fills);
  }

  /** A node that holds nothing; `link` is what PARENT may have. */
  zero(node: number, link: number): void {
    const { slots, meta } = this.state;
    for (let i = node << CHUNK_SHIFT; i < (node + 1) << CHUNK_SHIFT; i++) this.slot(i, 'zero', slots[i] === 0);
    const base = node << META_SHIFT;
    for (let i = base; i < base + (1 << META_SHIFT); i++) {
      const expected = i === (base | PARENT) ? link : 0;
      if (meta[i] !== expected) this.word(i, `${expected}`, false);
    }
  }

  /** A node in its place, and all below it. */
  private node(node: number, parent: number, offset: number, shift: number): void {
    const { meta } = this.state;
    const base = node << META_SHIFT;
    const place = shift | (offset << PLACE_OFFSET);
    this.word(base | PARENT, `its parent, ${parent}`, meta[base | PARENT] === parent);
    this.word(base | PLACE, `its place, ${place}`, meta[base | PLACE] === place);
    this.word(base | PRESENT, 'not empty', (meta[base | PRESENT] | meta[base | PRESENT | 1]) !== 0);
    if (shift === 0) this.leafSlots(node);
    else this.innerSlots(node, shift);
  }

  /** Entries, or at height 0 the head: present where not 0, marked only where present. */
  private leafSlots(node: number): void {
    const { slots, meta } = this.state;
    const base = node << META_SHIFT;
    for (let offset = 0; offset < CHUNK_SIZE; offset++) {
      const slot = (node << CHUNK_SHIFT) | offset;
      const entry = slots[slot];
      this.slot(slot, 'an entry, 0…2147483647', entry >= 0);
      const present = this.bit(node, PRESENT, offset);
      this.slot(slot, 'zero where nothing is present', entry === 0 || present);
      this.slot(slot, 'a value plus one where a key is', entry !== 0 || !present || this.mayReserve);
      if (this.bit(node, SIBLING, offset)) this.sibling(node, offset);
      else this.entry(node, offset, entry, 0);
    }
    for (let half = 0; half < 2; half++) {
      const absent = ~meta[base | PRESENT | half] | meta[base | SIBLING | half];
      for (let mark = 0; mark < MARK_COUNT; mark++) {
        const word = base + MARKS + 2 * mark + half;
        this.word(word, 'marks of what is present, in canonical slots', (meta[word] & absent) === 0);
      }
      for (const kind of [FULL, ENTRY]) this.word(base | kind | half, 'zero in a leaf', meta[base | kind | half] === 0);
    }
  }

  /** Children: each below one slot only, with FULL and the marks telling what is below. */
  private innerSlots(node: number, shift: number): void {
    const { slots } = this.state;
    const last = shift === 30 ? 3 : CHUNK_SIZE - 1;
    for (let offset = 0; offset < CHUNK_SIZE; offset++) {
      const slot = (node << CHUNK_SHIFT) | offset;
      const child = slots[slot];
      this.slot(slot, 'present just where there is a child', (child !== 0) === this.bit(node, PRESENT, offset));
      this.slot(slot, 'within 4294967296', child === 0 || offset <= last);
      const isEntry = this.bit(node, ENTRY, offset);
      if (this.bit(node, SIBLING, offset)) this.sibling(node, offset);
      else if (isEntry) this.entry(node, offset, this.fill(child, node, offset, shift - CHUNK_SHIFT), shift);
      else if (child !== 0) {
        this.take(child, this.slotsAt + slot * 4);
        this.node(child, node, offset, shift - CHUNK_SHIFT);
      }
      if (isEntry) this.summary(node, FULL, offset, true);
      else this.summaries(node, offset, child, shift - CHUNK_SHIFT);
    }
  }

  /** What FULL and the marks say of a child, or of none. */
  private summaries(node: number, offset: number, child: number, shift: number): void {
    this.summary(node, FULL, offset, child !== 0 && this.isFull(child, shift === 0 ? PRESENT : FULL));
    for (let mark = 0; mark < MARK_COUNT; mark++) {
      const kind = MARKS + 2 * mark;
      this.summary(node, kind, offset, child !== 0 && this.hasAny(child, kind));
    }
  }

  /** A canonical slot: it and its siblings are 2ⁿ slots, aligned. */
  private entry(node: number, offset: number, entry: number, shift: number): void {
    let end = offset + 1;
    while (end < CHUNK_SIZE && this.bit(node, SIBLING, end)) end++;
    const width = end - offset;
    const word = ((node << META_SHIFT) | SIBLING) + (offset >>> 5);
    this.word(word, 'siblings of aligned blocks of 2ⁿ slots', (width & (width - 1)) === 0 && offset % width === 0);
    if (entry !== 0) this.entries++;
    if (shift > 0 || width > 1) this.multi++;
  }

  /** A sibling: as the slot before it, and without marks. */
  private sibling(node: number, offset: number): void {
    const { slots } = this.state;
    const slot = (node << CHUNK_SHIFT) | offset;
    const word = ((node << META_SHIFT) | SIBLING) + (offset >>> 5);
    this.word(word, 'of what is present', offset > 0 && this.bit(node, PRESENT, offset));
    this.word(word, 'beside what is present', this.bit(node, PRESENT, offset - 1));
    this.slot(slot, `as the slot before it, ${slots[slot - 1]}`, slots[slot] === slots[slot - 1]);
    const entries = this.bit(node, ENTRY, offset) === this.bit(node, ENTRY, offset - 1);
    this.word(((node << META_SHIFT) | ENTRY) + (offset >>> 5), 'the same for siblings', entries);
    for (let mark = 0; mark < MARK_COUNT; mark++) this.summary(node, MARKS + 2 * mark, offset, false);
  }

  /** A chain of fill nodes, all slots alike; returns the entry it leads to. */
  private fill(top: number, parent: number, offset: number, shift: number): number {
    const { slots, meta } = this.state;
    this.take(top, this.slotsAt + ((parent << CHUNK_SHIFT) | offset) * 4);
    this.fills++;
    const base = top << META_SHIFT;
    const place = shift | FILL | (offset << PLACE_OFFSET);
    this.word(base | PARENT, `its parent, ${parent}`, meta[base | PARENT] === parent);
    this.word(base | PLACE, `its place, ${place}`, meta[base | PLACE] === place);
    for (const word of BITMAPS) {
      const expected = word === PRESENT ? -1 : 0;
      for (let half = 0; half < 2; half++) {
        this.word(base | word | half, `${expected} in a fill node`, meta[base | word | half] === expected);
      }
    }
    const held = slots[top << CHUNK_SHIFT];
    for (let slot = top << CHUNK_SHIFT; slot < (top + 1) << CHUNK_SHIFT; slot++) {
      this.slot(slot, `as the node's first, ${held}`, slots[slot] === held);
    }
    if (shift > 0) return this.fill(held, top, 0, shift - CHUNK_SHIFT);
    this.slot(top << CHUNK_SHIFT, 'an entry, 0…2147483647', held >= 0);
    return held;
  }

  /** From two levels on, a root with nothing but slot 0 would have been lowered. */
  private rootNotLone(root: number): void {
    const { meta, levels } = this.state;
    const base = root << META_SHIFT;
    const lone = meta[base | PRESENT] === 1 && meta[base | PRESENT | 1] === 0 && meta[base | ENTRY] === 0;
    this.word(base | PRESENT, 'more than slot 0 in a root', levels === 1 || !lone);
  }

  /** Notes a handle as used, once. */
  private take(node: number, offset: number): void {
    const { top } = this.state;
    this.require(node >= FIRST_NODE && node < top, offset, 'a handle', `${FIRST_NODE}…${top - 1}`, node);
    this.require(this.met[node] === 0, offset, 'a handle', 'used once', `${node} again`);
    this.met[node] = 1;
    this.nodes++;
  }

  private summary(node: number, kind: number, offset: number, expected: boolean): void {
    const word = ((node << META_SHIFT) | kind) + (offset >>> 5);
    if (this.bit(node, kind, offset) === expected) return;
    this.word(word, `${expected ? 'set' : 'clear'} in bit ${offset & 31}`, false);
  }

  private bit(node: number, kind: number, offset: number): boolean {
    return (this.state.meta[((node << META_SHIFT) | kind) + (offset >>> 5)] & (1 << offset)) !== 0;
  }

  private isFull(node: number, kind: number): boolean {
    const at = (node << META_SHIFT) | kind;
    return (this.state.meta[at] & this.state.meta[at + 1]) === -1;
  }

  private hasAny(node: number, kind: number): boolean {
    const at = (node << META_SHIFT) | kind;
    return (this.state.meta[at] | this.state.meta[at + 1]) !== 0;
  }

  private slot(slot: number, expected: string, ok: boolean): void {
    this.require(ok, this.slotsAt + slot * 4, 'a slot', expected, this.state.slots[slot]);
  }

  private word(word: number, expected: string, ok: boolean): void {
    this.require(ok, this.metaAt + word * 4, `word ${word & 15} of a node`, expected, this.state.meta[word]);
  }

  private require(ok: boolean, offset: number, what: string, expected: string, got: string | number): void {
    if (!ok) throw new XArrayError(this.call, 'bad-structure', offset, what, expected, got);
  }
}
