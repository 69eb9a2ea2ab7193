// SlotArrayLayout: the generational design. No kernel has it; it is laid out as one would: an array of { timer, ID } whose
// address and mask are in signal_struct, and a bitmap of the slots in use.
import { GENERATIONAL_SLOT_BITS } from '@idspace/posix-timers';
import { signalAddress } from './process-layout.ts';
import type { Current, Field, Handler, IndexLayout, Operation, Owner, ReferenceSink } from './reference-sink.ts';
import { GENERATIONAL_SLOT, POINTER, REGION, SIGNAL_STRUCT } from './sizes.ts';
import type { Touched } from './touched.ts';

/** Room for 2²² slots of 16 bytes. */
const SLOTS_STRIDE = 2 ** 26;
/** Room for 2²² bits and the levels above them. */
const BITMAP_STRIDE = 2 ** 20;

const SLOT_MASK = 2 ** GENERATIONAL_SLOT_BITS - 1;
/** 32 slots have their bits in a word. */
const BITS_SHIFT = 5;

/** Places the slots and the bitmap of a process. */
export class SlotArrayLayout implements IndexLayout {
  private readonly sink: ReferenceSink;
  private readonly signal: number;
  private readonly slots: number;
  private readonly bitmap: number;
  private readonly current: Current;
  private readonly handlers: Readonly<Record<string, Handler | null>> = {
    'slots.timers': (slot, isWrite) => this.slot(slot, GENERATIONAL_SLOT.timer, POINTER, isWrite),
    'ids.ids': (slot, isWrite) => this.slot(slot, GENERATIONAL_SLOT.id, 4, isWrite),
    'pool.words': (word, isWrite) => this.access(0, this.bitmap + word * 4, 4, isWrite),
    // No delay is in use.
    'pool.resting': null,
    'pool.queue': null,
  };
  /** The last operation that read where the slots are. */
  private locatedIn = -1;

  constructor(process: number, current: Current, sink: ReferenceSink) {
    this.current = current;
    this.sink = sink;
    this.signal = signalAddress(process);
    this.slots = REGION.slots + process * SLOTS_STRIDE;
    this.bitmap = REGION.bitmaps + process * BITMAP_STRIDE;
  }

  field(object: string, field: string): Field | undefined {
    const handler = this.handlers[`${object.split('/')[0]}.${field}`];
    return handler === undefined ? undefined : { category: 'table', handler };
  }

  touch(operation: Operation, _object: object, _owner: Owner, id: number, touched: Touched): void {
    const slot = id & SLOT_MASK;
    touched.touch(this.signal + SIGNAL_STRUCT.timers);
    touched.touch(this.slots + slot * GENERATIONAL_SLOT.stride);
    if (operation !== 'lookup') touched.touch(this.bitmap + (slot >>> BITS_SHIFT) * 4);
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
