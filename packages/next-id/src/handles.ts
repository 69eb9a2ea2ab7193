// How a handle is made up: a slot below, the slot's generation above it, an epoch on top. All in one number below 2⁵³.
import { checkInteger, checkKeys, refused } from './misuse.ts';

/** Bits of a number that can be an ID: above, not every integer is one. */
export const MAX_BITS = 53;
/** Bits that an Int32Array keeps an ID of: the sign tells a free slot. */
export const INT32_BITS = 31;
/** So many epochs are enough for a counter of restarts, and fit a word of a snapshot. */
export const MAX_EPOCH_BITS = 20;

/** Which bits of an ID mean what, and what follows the last generation. */
export interface HandleOptions {
  /** Bits of an ID that number its slot, 1…30. Default 20. */
  slotBits?: number | undefined;
  /** Bits of an ID in all, up to 53; those that number neither slot nor epoch count generations, at least one. Default 31. */
  bits?: number | undefined;
  /** Bits of an ID that hold the epoch, 0…20. Default 0. */
  epochBits?: number | undefined;
  /** Epoch of the IDs to be handed out, 0…2^epochBits − 1. Default 0. */
  epoch?: number | undefined;
  /**
   * What happens when the last generation of a slot is freed: `'around'`, the slot goes on with generation 0, so that a stale ID may
   * become live; or `'retire'`, the slot is never used again. Default `'around'`.
   */
  wrap?: 'around' | 'retire' | undefined;
}

/** The same, checked, with what calls work out from it. */
export interface HandleLayout {
  readonly slotBits: number;
  readonly bits: number;
  readonly epochBits: number;
  readonly epoch: number;
  readonly retires: boolean;
}

/** Names of the options, for `checkKeys`. */
export const HANDLE_KEYS = 'slotBits, bits, epochBits, epoch, wrap';

/** Checks the options. */
export function readLayout(call: string, options: HandleOptions): HandleLayout {
  const { slotBits = 20, bits = INT32_BITS, epochBits = 0, epoch = 0, wrap = 'around' } = options;
  checkInteger(call, 'slotBits', slotBits, 1, 30);
  checkInteger(call, 'epochBits', epochBits, 0, Math.min(MAX_EPOCH_BITS, MAX_BITS - 1 - slotBits));
  checkInteger(call, 'bits', bits, slotBits + epochBits + 1, MAX_BITS);
  checkEpoch(call, epoch, epochBits);
  if (wrap !== 'around' && wrap !== 'retire') throw refused(call, 'wrap', wrap, "'around' or 'retire'");
  return { slotBits, bits, epochBits, epoch, retires: wrap === 'retire' };
}

/** Checks the options of a copy. */
export function readEpoch(call: string, options: { epoch?: number | undefined }, layout: HandleLayout): number {
  const { epoch = layout.epoch } = checkKeys(call, 'options', options, 'epoch');
  return checkEpoch(call, epoch, layout.epochBits);
}

function checkEpoch(call: string, epoch: number, epochBits: number): number {
  const most = 2 ** epochBits - 1;
  if (Number.isInteger(epoch) && epoch >= 0 && epoch <= most) return epoch;
  throw refused(call, 'epoch', epoch, `an integer 0…${most}, as epochBits is ${epochBits}`);
}
