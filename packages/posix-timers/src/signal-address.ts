// Where a process's signal_struct lies: the address is half of the key under which its timers are hashed.

import { refusal } from './misuse.ts';

/** struct signal_struct is 1144 bytes on x86-64 (6.18); its slab cache rounds that up to whole 64-byte lines. */
export const SIGNAL_STRIDE = 1152; // 18 × 64

/** Upper half of every address: the start of the kernel's direct map of memory, and 4 GiB. */
export const SIGNAL_ADDRESS_HI = 0xffff_8881;

/** Places in the slab: 1.1 GiB of them, below 2³². */
const SLOTS = 2 ** 20;
/** With more than this at the same time, drawing a free place becomes a long search. */
const MAX_LIVE = SLOTS / 2;

/** Hands out addresses, a whole number of strides above {@link SIGNAL_ADDRESS_HI} × 2³², the same for the same seed. */
export class SignalAddresses {
  private state: number;
  private readonly taken = new Set<number>();

  /** @param seed Chooses the order of addresses, u32. */
  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /**
   * Takes a free place.
   *
   * @param use Gets the low 32 bits of its address; if it throws, the place is not taken and nothing has changed.
   * @returns The low 32 bits of its address.
   * @throws RangeError when 2¹⁹ are taken.
   */
  take(use: (address: number) => void = () => {}): number {
    if (this.taken.size >= MAX_LIVE) {
      throw refusal('processes', `${MAX_LIVE} that live at the same time`, 'fewer');
    }
    const { state } = this;
    try {
      let address = this.draw();
      while (this.taken.has(address)) address = this.draw();
      use(address);
      this.taken.add(address);
      return address;
    } catch (error) {
      this.state = state;
      throw error;
    }
  }

  /** Gives a place back. */
  release(address: number): void {
    this.taken.delete(address);
  }

  /** One step of mulberry32, a small seeded generator. */
  private draw(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 12) * SIGNAL_STRIDE; // 20 bits: a slot
  }
}
