// Walks a tree of unknown origin and refuses anything a sound one cannot have. Every node is looked at once.
import {
  ANCHOR,
  CHUNK_SHIFT,
  CHUNK_SIZE,
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
  SPARE,
} from './node-layout.ts';
import type { TreeState } from './nodes.ts';
import { XArrayError } from './xarray-error.ts';

/**
 * Checks a state whose header numbers are in range.
 *
 * @param state What was read; its arrays hold `top` nodes.
 * @param slotsAt Byte offset of the slots in the snapshot, for messages.
 * @param metaAt Byte offset of the meta data.
 * @throws XArrayError with code STRUCTURE.
 *
 * Cost: O(nodes).
 */
export function verify(state: TreeState, slotsAt: number, metaAt: number): void {
  const walk = new Walk(state, slotsAt, metaAt);
  walk.zero(NULL_NODE, 0);
  walk.anchor();
  walk.freeList();
  walk.totals();
}

class Walk {
  private readonly state: TreeState;
  private readonly slotsAt: number;
  private readonly metaAt: number;
  /** One byte per handle: 1 once met. */
  private readonly met: Uint8Array;
  private entries = 0;
  private nodes = 0;

  constructor(state: TreeState, slotsAt: number, metaAt: number) {
    this.state = state;
    this.slotsAt = slotsAt;
    this.metaAt = metaAt;
    this.met = new Uint8Array(state.top);
  }

  /** The anchor: one slot, one bit in each bitmap, no parent. */
  anchor(): void {
    const { slots, meta, levels } = this.state;
    const base = ANCHOR << META_SHIFT;
    for (let slot = HEAD_SLOT + 1; slot < HEAD_SLOT + CHUNK_SIZE; slot++) this.slot(slot, 'unused', slots[slot] === 0);
    this.word(base | PARENT, 'zero', meta[base | PARENT] === 0);
    this.word(base | PLACE, 'zero', meta[base | PLACE] === 0);
    this.spare(ANCHOR);
    for (let word = PRESENT; word < SIBLING; word += 2) {
      this.word(base | word, '0 or 1', meta[base | word] >>> 1 === 0);
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
    const { top, freeCount, count } = this.state;
    const expected = top - FIRST_NODE;
    this.require(
      this.nodes === expected,
      0,
      'nodes in the tree and free',
      `${expected}, ${freeCount} free`,
      this.nodes,
    );
    this.require(this.entries === count, 0, 'the size', `the number of entries, ${this.entries}`, count);
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
    this.spare(node);
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
      this.slot(slot, 'an entry, 0…2³¹−1', entry >= 0);
      this.slot(slot, 'zero where nothing is present', entry === 0 || this.bit(node, PRESENT, offset));
      if (entry !== 0) this.entries++;
    }
    for (let half = 0; half < 2; half++) {
      const absent = ~meta[base | PRESENT | half];
      for (let mark = 0; mark < MARK_COUNT; mark++) {
        const word = base + MARKS + 2 * mark + half;
        this.word(word, 'marks of what is present', (meta[word] & absent) === 0);
      }
      this.word(base | FULL | half, 'zero in a leaf', meta[base | FULL | half] === 0);
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
      if (child !== 0) {
        this.slot(slot, 'within 2³²', offset <= last);
        this.take(child, this.slotsAt + slot * 4);
        this.node(child, node, offset, shift - CHUNK_SHIFT);
      }
      const full = child !== 0 && this.isFull(child, shift === CHUNK_SHIFT ? PRESENT : FULL);
      this.summary(node, FULL, offset, full);
      for (let mark = 0; mark < MARK_COUNT; mark++) {
        const kind = MARKS + 2 * mark;
        this.summary(node, kind, offset, child !== 0 && this.hasAny(child, kind));
      }
    }
  }

  /** From two levels on, a root with nothing but slot 0 would have been lowered. */
  private rootNotLone(root: number): void {
    const { meta, levels } = this.state;
    const base = root << META_SHIFT;
    const lone = meta[base | PRESENT] === 1 && meta[base | PRESENT | 1] === 0;
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

  private spare(node: number): void {
    const { meta } = this.state;
    const base = node << META_SHIFT;
    for (const word of [SIBLING, SIBLING + 1, SPARE, SPARE + 1])
      this.word(base | word, 'zero', meta[base | word] === 0);
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
    if (!ok) throw new XArrayError('STRUCTURE', offset, what, expected, got);
  }
}
