// Maps of other packages, which the benchmark installs.
import type { Contestants } from '@idspace/testkit/bench';
import { look, mapWorkloads } from './maps.ts';
import { BTree, OrderedMap, RedBlackTree, SparseMap } from './peers.ts';

function lookAtSecond(_key: number, value: number): void {
  look(value);
}

function lookAtPair([, value]: [number, number]): void {
  look(value);
}

export const mapPeers: Contestants = {
  SparseMap: mapWorkloads<InstanceType<typeof SparseMap>>({
    make: (capacity) => new SparseMap(Int32Array, capacity),
    set: (m, k, v) => m.set(k, v),
    get: (m, k) => m.get(k)!,
    delete: (m, k) => m.delete(k),
  }),
  'sorted-btree': mapWorkloads<InstanceType<typeof BTree>>({
    make: () => new BTree(),
    set: (m, k, v) => m.set(k, v),
    get: (m, k) => m.get(k)!,
    delete: (m, k) => m.delete(k),
    lookAll: (m) => m.forEachPair(lookAtSecond),
    ceiling: (m, k) => m.nextHigherKey(k - 1) ?? -1,
  }),
  // Each change makes a new tree of the old one's nodes.
  'functional-red-black-tree': mapWorkloads<{ tree: ReturnType<typeof RedBlackTree> }>({
    make: () => ({ tree: RedBlackTree() }),
    set: (m, k, v) => {
      m.tree = m.tree.insert(k, v);
    },
    get: (m, k) => m.tree.get(k)!,
    ceiling: (m, k) => m.tree.ge(k).key ?? -1,
  }),
  'js-sdsl OrderedMap': mapWorkloads<InstanceType<typeof OrderedMap>>({
    make: () => new OrderedMap(),
    set: (m, k, v) => m.setElement(k, v),
    get: (m, k) => m.getElementByKey(k)!,
    delete: (m, k) => m.eraseElementByKey(k),
    lookAll: (m) => m.forEach(lookAtPair),
    ceiling: (m, k) => m.lowerBound(k).pointer[0],
  }),
};
