// ID allocators of other packages, which the benchmark installs.
import type { Contestants } from '@idspace/testkit/bench';
import { idWorkloads } from './ids.ts';
import { IDGen, NumberAllocator, RoaringBitmap32 } from './peers.ts';

export const idPeers: Contestants = {
  roaring: idWorkloads<InstanceType<typeof RoaringBitmap32>>({
    make: (capacity) => {
      const free = new RoaringBitmap32();
      free.addRange(0, capacity);
      return free;
    },
    allocate: (a) => {
      const id = a.minimum();
      a.delete(id);
      return id;
    },
    free: (a, id) => a.add(id),
  }),
  'number-allocator': idWorkloads<InstanceType<typeof NumberAllocator>>({
    make: (capacity) => new NumberAllocator(0, capacity - 1),
    allocate: (a) => a.alloc()!,
    free: (a, id) => a.free(id),
  }),
  '@thi.ng/idgen': idWorkloads<InstanceType<typeof IDGen>>({
    make: () => new IDGen(30, 0),
    allocate: (a) => a.next(),
    free: (a, id) => a.free(id),
  }),
};
