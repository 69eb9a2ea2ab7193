// What an XArray needs for timers whose IDs lie apart.
import { XArray } from '@idspace/xarray';
import { bytes, count, mean } from '../../format/number.ts';
import { type Claim, holdsIf, LETTER } from '../claim.ts';
import type { Lab } from '../lab.ts';

const TIMERS = 2048;
const STRIDES = [1, 8, 64, 512, 4096];
/** The stride of the published example. */
const EXAMPLE = 512;
/** sizeof(struct xa_node), x86-64. */
const NODE_BYTES = 576;
const OLD_TABLE_BYTES = 512 * 8;
/** "Low" memory turns high when dense IDs need this many times less. */
const FAR_MORE = 10;
const MIB = 2 ** 20;

export interface TreeMemoryFigures {
  timers: number;
  nodeBytes: number;
  /** By distance of the IDs. */
  strides: { stride: number; nodes: number; bytes: number; bytesPerTimer: number }[];
  /** The table of 512 buckets, whatever the IDs. */
  hashBytes: number;
}

export function treeMemory(): TreeMemoryFigures {
  const strides = STRIDES.map((stride) => {
    const tree = new XArray();
    for (let i = 0; i < TIMERS; i++) tree.store(i * stride, i + 1);
    const bytes = tree.nodeCount * NODE_BYTES;
    return { stride, nodes: tree.nodeCount, bytes, bytesPerTimer: bytes / TIMERS };
  });
  return { timers: TIMERS, nodeBytes: NODE_BYTES, strides, hashBytes: OLD_TABLE_BYTES };
}

const measure = (lab: Lab): Promise<TreeMemoryFigures> => lab.once(treeMemory);

export const TREE_MEMORY_CLAIMS: readonly Claim<TreeMemoryFigures>[] = [
  {
    id: 'S13',
    claim: 'With an xarray, IDs must be dense to keep the memory low',
    source: LETTER,
    measure,
    judge({ timers, strides, hashBytes }) {
      const text =
        `Nodes per timer, ${count(timers)} timers: ` +
        strides.map(({ stride, bytesPerTimer }) => `${mean(bytesPerTimer)} B at stride ${count(stride)}`).join(', ') +
        `. 512 buckets: ${mean(hashBytes / timers)} B at any.`;
      const [dense, ...sparse] = strides;
      const example = sparse.find(({ stride }) => stride === EXAMPLE)!;
      return holdsIf(example.bytes >= FAR_MORE * dense.bytes && example.bytes > hashBytes, text);
    },
  },
  {
    id: '5',
    claim: '2048 timers whose IDs are 512 apart make an xarray take more than 1 MiB',
    source: 'T. Gleixner, cover letter of the 2025 series, V1, 24 February 2025',
    measure,
    judge({ timers, strides }) {
      const [dense] = strides;
      const example = strides.find(({ stride }) => stride === EXAMPLE)!;
      const text =
        `${count(timers)} timers at stride ${EXAMPLE}: ${count(example.nodes)} nodes, ${count(example.bytes)} B (${bytes(example.bytes)}); ` +
        `dense: ${count(dense.nodes)} nodes, ${count(dense.bytes)} B.`;
      return holdsIf(example.bytes > MIB, text);
    },
  },
];
