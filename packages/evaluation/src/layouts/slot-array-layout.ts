// SlotArrayLayout: the generational design. No kernel has it; it is laid out as one would: an array of { timer, ID } whose
// address and mask are in signal_struct, and a bitmap of the slots in use.
import { signalAddress } from './process-layout.ts';
import type { Current, Handler, Layout, Operation, ReferenceSink, Touch } from './reference-sink.ts';
import { GENERATIONAL_SLOT, POINTER, REGION, SIGNAL_STRUCT } from './sizes.ts';

/** Room for 2²² slots of 16 bytes. */
const SLOTS_STRIDE = 2 ** 26;
/** Room for 2²² bits and the levels above them. */
const BITMAP_STRIDE = 2 ** 20;

/** 32 slots have their bits in a word. */
const BITS_SHIFT = 5;

/** Places the slots and the bitmap of a process. */
export class SlotArrayLayout implements Layout {
  private readonly sink: ReferenceSink;
  private readonly signal: number;
  private readonly slots: number;
  private readonly bitmap: number;
  private readonly current: Current;
  /** The last operation that read where the slots are. */
  private locatedIn = -1;

  constructor(process: number, current: Current, sink: ReferenceSink) {
    this.current = current;
    this.sink = sink;
    this.signal = signalAddress(process);
    this.slots = REGION.slots + process * SLOTS_STRIDE;
    this.bitmap = REGION.bitmaps + process * BITMAP_STRIDE;
  }

  handler(object: string, field: string): Handler | null {
    if (field === 'words') return (word, isWrite) => this.access(0, this.bitmap + word * 4, 4, isWrite);
    if (field === 'ids') return (slot, isWrite) => this.slot(slot, GENERATIONAL_SLOT.id, 4, isWrite);
    if (field === 'timers' && object.startsWith('slots/')) {
      return (slot, isWrite) => this.slot(slot, GENERATIONAL_SLOT.timer, POINTER, isWrite);
    }
    return null; // resting and queue: no delay is in use
  }

  /** Calls `touch` with an address in each line that an operation on a slot uses. */
  touch(operation: Operation, slot: number, touch: Touch): void {
    touch(this.signal + SIGNAL_STRUCT.timers);
    touch(this.slots + slot * GENERATIONAL_SLOT.stride);
    if (operation !== 'lookup') touch(this.bitmap + (slot >>> BITS_SHIFT) * 4);
  }

  private slot(slot: number, offset: number, bytes: number, isWrite: boolean): void {
    if (this.locatedIn !== this.current.number) {
      this.locatedIn = this.current.number;
      this.sink.read(this.signal, this.signal + SIGNAL_STRUCT.timers, POINTER, 'table');
    }
    const base = this.slots + slot * GENERATIONAL_SLOT.stride;
    this.access(base, base + offset, bytes, isWrite);
  }

  private access(object: number, address: number, bytes: number, isWrite: boolean): void {
    if (isWrite) this.sink.write(object, address, bytes, 'table');
    else this.sink.read(object, address, bytes, 'table');
  }
}
