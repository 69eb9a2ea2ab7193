// A slab cache: where object number n lies.

/** Places equal objects in slabs of whole pages, in ascending order, as an unused cache without randomised free lists hands them out. */
export class Slab {
  readonly base: number;
  readonly stride: number;
  readonly perSlab: number;
  readonly slabBytes: number;

  /** @param base Address of the first slab. @param stride Bytes from object to object. @param perSlab Objects in a slab. */
  constructor(base: number, stride: number, perSlab: number, slabBytes: number) {
    this.base = base;
    this.stride = stride;
    this.perSlab = perSlab;
    this.slabBytes = slabBytes;
  }

  /** Returns the address of object `index`, 0…. */
  address(index: number): number {
    const slab = Math.floor(index / this.perSlab);
    return this.base + slab * this.slabBytes + (index - slab * this.perSlab) * this.stride;
  }
}
