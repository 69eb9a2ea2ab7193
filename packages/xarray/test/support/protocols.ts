// What threads do to a SharedXArray at the same time, and wrong ways to do it, for the explorer.
import type { Protocol } from '@idspace/testkit/explore';
import { LEVELS_MASK, ROOT, ROOT_SHIFT, seatOf } from '../../src/shared/layout.ts';
import { type Scene, type Spoilt, scene } from './scene.ts';

const freeing: Scene = { held: [1, 64], calls: [[['remove', 64]], [['write', 65, 11]]] };
const growing: Scene = { held: [1, 2], calls: [[['write', 64, 11]], [['write', 2, 12]]] };
/** A tree of two leaves whose first thread may be killed. */
const mortalTree = { mortal: true, capacity: 4 };
const marking: Scene = { held: [1, 2], calls: [[['mark', 2]], [['remove', 2]]] };
const twoStores: Scene = { held: [1, 2], calls: [[['write', 1, 11]], [['write', 1, 12]]] };
const reusing: Scene = {
  held: [0, 64, 128],
  calls: [
    [
      ['remove', 64],
      ['write', 192, 11],
    ],
    [['read', 64]],
  ],
};
/** The same by a reader that has met the leaf before. */
const rereading: Scene = {
  ...reusing,
  calls: [
    reusing.calls[0]!,
    [
      ['read', 64],
      ['read', 64],
    ],
  ],
};

const erasing: Scene = { held: [1, 2], calls: [[['erase', 1, 0, 2]], [['count', 0, 0, 9]]], counts: [2, 0] };
const filling: Scene = { held: [1], calls: [[['fill', 1, 11, 2]], [['count', 0, 0, 9]]], counts: [1, 2] };

/** Calls on ranges, soon explored. */
const RANGE_PROTOCOLS: Record<string, Protocol> = {
  'a range erased while another thread counts': scene(erasing),
  'a range filled while another thread counts': scene(filling),
  'a range erased beside loads': scene({
    held: [1, 2],
    calls: [
      [['erase', 1, 0, 2]],
      [
        ['read', 2],
        ['read', 1],
      ],
    ],
  }),
  'a range erased while another thread stores in it': scene({
    held: [1, 2],
    calls: [[['erase', 1, 0, 2]], [['write', 2, 12]]],
  }),
  'a range filled beside loads': scene({
    held: [1],
    calls: [
      [['fill', 1, 11, 2]],
      [
        ['read', 2],
        ['read', 1],
      ],
    ],
  }),
  'a range filled while another thread stores in it': scene({
    held: [1],
    calls: [[['fill', 1, 11, 2]], [['write', 2, 12]]],
  }),
  'a range filled while another thread erases it': scene({
    held: [1],
    calls: [[['fill', 1, 11, 2]], [['erase', 1, 0, 2]]],
  }),
};

/** What takes long to the end: the tests play some schedules of it. */
export const SAMPLED_PROTOCOLS: Record<string, Protocol> = {
  'a range filled by a thread that may be killed, while another erases it': scene({
    held: [1],
    calls: [[['fill', 1, 11, 2]], [['erase', 1, 0, 2]]],
    mortal: true,
  }),
  'a leaf freed by a thread that may be killed, while another stores in it': scene({ ...freeing, ...mortalTree }),
  'a leaf freed by a thread that may be killed, while another loads from it': scene({
    ...freeing,
    calls: [freeing.calls[0]!, [['read', 64]]],
    ...mortalTree,
  }),
  'a tree grown by a thread that may be killed, while another stores': scene({ ...growing, ...mortalTree }),
  'a tree grown by a thread that may be killed, while another loads': scene({
    ...growing,
    calls: [growing.calls[0]!, [['read', 2]]],
    ...mortalTree,
  }),
  'a node freed and used again by a thread that may be killed, beside a load': scene({
    ...reusing,
    mortal: true,
    capacity: 6,
  }),
  'a store in a leaf that another thread frees, and a load, 3 threads': scene({
    ...freeing,
    calls: [...freeing.calls, [['read', 64]]],
  }),
};

/** What holds, and is soon explored. */
export const PROTOCOLS: Record<string, Protocol> = {
  ...RANGE_PROTOCOLS,
  'two stores at one index': scene(twoStores),
  'two stores in one leaf, where nothing was': scene({ held: [1], calls: [[['write', 2, 11]], [['write', 3, 12]]] }),
  'two inserts at one index': scene({ held: [1], calls: [[['insert', 2, 11]], [['insert', 2, 12]]] }),
  'two exchanges of one entry': scene({
    held: [1, 2],
    calls: [[['cmpxchg', 2, 11, 1002]], [['cmpxchg', 2, 12, 1002]]],
  }),
  'a store and an erase at one index': scene({ held: [1, 2], calls: [[['write', 2, 11]], [['remove', 2]]] }),
  'an insert and an erase after a load': scene({
    held: [1],
    calls: [
      [['insert', 2, 11]],
      [
        ['read', 2],
        ['remove', 2],
      ],
    ],
  }),
  'an insert at the index that alloc gives out': scene({
    held: [0, 2],
    calls: [[['alloc', 0, 11]], [['insert', 1, 12]]],
  }),
  'a store in a leaf that another thread frees': scene(freeing),
  'a store while the tree grows': scene(growing),
  'an erase while the entry gets a mark': scene(marking),
  'a load beside a store': scene({
    held: [1, 2],
    calls: [
      [['write', 2, 11]],
      [
        ['read', 2],
        ['read', 2],
      ],
    ],
  }),
  'a load while the tree grows': scene({ held: [1, 2], calls: [[['write', 64, 11]], [['read', 2]]] }),
  'a load in a leaf that is freed': scene({ held: [1, 64], calls: [[['remove', 64]], [['read', 64]]] }),
  'a store in a leaf whose other writer may be killed': scene({
    held: [1, 2],
    calls: [[['write', 3, 11]], [['write', 2, 12]]],
    mortal: true,
  }),
};

/** What holds, and takes longer. */
export const LARGE_PROTOCOLS: Record<string, Protocol> = {
  ...SAMPLED_PROTOCOLS,
  'a range erased by a thread that may be killed, while another stores in it': scene({
    held: [1, 2],
    calls: [[['erase', 1, 0, 2]], [['write', 2, 12]]],
    mortal: true,
  }),
  'two erases that together empty a leaf': scene({ held: [64, 65, 128], calls: [[['remove', 64]], [['remove', 65]]] }),
  'an erase while its leaf becomes full': scene({
    held: Array.from({ length: 63 }, (_, i) => i),
    calls: [[['write', 63, 11]], [['remove', 5]]],
  }),
  'a load in a leaf whose node is freed and used again': scene(reusing),
  'a load in a leaf that was met before and is freed and used again': scene(rereading),
  'a store where another thread erases that may be killed': scene({
    held: [1, 2],
    calls: [[['remove', 2]], [['write', 2, 12]]],
    mortal: true,
  }),
  'two stores and a load at one index': scene({ ...twoStores, calls: [...twoStores.calls, [['read', 1]]] }),
};

/** Loads from a tree whose height it has read before its root. */
function readRootTwice(array: Spoilt): void {
  array.load = (index) => {
    const { slots } = array;
    const levels = slots[ROOT]! & LEVELS_MASK;
    let node = slots[ROOT]! >>> ROOT_SHIFT;
    for (let level = levels - 1; level > 0; level--) node = slots[(node << 6) | ((index >>> (level * 6)) & 63)]!;
    return slots[(node << 6) | (index & 63)] ?? -1;
  };
}

/** What does not hold, and what the explorer must say of it. */
export const BROKEN: Record<string, { protocol: Protocol; message: string }> = {
  'a thread whose seat no writer looks at': {
    protocol: scene({
      ...marking,
      spoil: (array) => {
        array.leaves.seat = seatOf(9);
      },
    }),
    message: 'marks of what is present',
  },
  'a thread that does not care for the lock of a leaf': {
    protocol: scene({
      ...twoStores,
      spoil: (array) => {
        array.leaves.lockLater = () => true;
      },
    }),
    message: 'nothing explains that write at 1 answers 1001',
  },
  'a count that takes no lock': {
    protocol: scene({
      ...erasing,
      spoil: (array) => {
        const { tree } = array.attachment;
        array.count = (first, last) => {
          tree.enter();
          return tree.count(first, last);
        };
      },
    }),
    message: '1 are counted, expected 2,0',
  },
  'a load that reads the root twice while the tree grows': {
    protocol: scene({ ...growing, ...mortalTree, calls: [growing.calls[0]!, [['read', 2]]], spoil: readRootTwice }),
    message: 'nothing explains that read at 2 answers',
  },
  'a load that reads the root twice while a leaf is freed': {
    protocol: scene({ ...freeing, ...mortalTree, calls: [freeing.calls[0]!, [['read', 64]]], spoil: readRootTwice }),
    message: 'nothing explains that read at 64 answers',
  },
  'a load that does not look at the sequence': {
    protocol: scene({
      ...reusing,
      spoil: (array) => {
        array.load = (index) => array.slots[(array.leaves.leafOf(index) << 6) | (index & 63)];
      },
    }),
    message: 'nothing explains that read at 64 answers 11',
  },
  'a load in a leaf that was met before, without a look at the sequence': {
    protocol: scene({
      ...rereading,
      spoil: (array) => {
        let leaf = 0;
        array.load = (index) => {
          if (leaf === 0) leaf = array.leaves.leafOf(index);
          return array.slots[(leaf << 6) | (index & 63)];
        };
      },
    }),
    message: 'nothing explains that read at 64 answers 11',
  },
};
