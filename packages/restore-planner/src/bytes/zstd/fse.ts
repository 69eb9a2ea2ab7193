// Finite state entropy: a table says for each state which symbol it stands for and, with some bits, which state comes next.
// Source: RFC 8878, 4.1.1.
import type { BackBits } from './back-bits.ts';
import { ZstdError } from './zstd-error.ts';

/** What a state is: the symbol in bits 0–7, how many bits to take in bits 8–15, and what they are added to in bits 16–31. */
export interface FseTable {
  /** There are 2^log states. */
  readonly log: number;
  readonly states: Uint32Array;
}

/** The table of the one symbol that takes no bits. */
export function tableOf(symbol: number): FseTable {
  return { log: 0, states: Uint32Array.of(symbol) };
}

/** Takes a first state. */
export function startState({ log }: FseTable, bits: BackBits): number {
  return bits.take(log);
}

/** Takes the state that follows. */
export function nextState({ states }: FseTable, state: number, bits: BackBits): number {
  const entry = states[state]!;
  return (entry >>> 16) + bits.take((entry >> 8) & 0xff);
}

/**
 * Reads the description of a table.
 *
 * @returns The table, and the bytes that the description takes.
 * @throws ZstdError where it describes none, has more than 2^mostLog states or a symbol above `mostSymbol`.
 */
export function readTable(bytes: Uint8Array, mostLog: number, mostSymbol: number): { table: FseTable; length: number } {
  let position = 0;
  const peek = (count: number): number => {
    const at = position >> 3;
    const word = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16);
    return (word >> (position & 7)) & ((1 << count) - 1);
  };
  const log = peek(4) + 5;
  position = 4;
  if (log > mostLog) throw new ZstdError();
  const counts: number[] = [];
  let left = 1 << log; // states that no symbol has yet
  while (left > 0) {
    if (counts.length > mostSymbol) throw new ZstdError();
    // A number from 0 to left + 1. The low ones, of which there are `short`, take one bit less.
    const width = 32 - Math.clz32(left + 1);
    const short = (1 << width) - 2 - left;
    let value = peek(width);
    const low = value & ((1 << (width - 1)) - 1);
    if (low < short) {
      value = low;
      position += width - 1;
    } else {
      if (value !== low) value -= short;
      position += width;
    }
    counts.push(value - 1);
    left -= Math.abs(value - 1);
    for (let zeros = value === 1 ? 3 : 0; zeros === 3; ) {
      zeros = peek(2);
      position += 2;
      for (let index = 0; index < zeros; index++) counts.push(0);
    }
  }
  const length = (position + 7) >> 3;
  if (counts.length - 1 > mostSymbol || length > bytes.length) throw new ZstdError();
  return { table: tableFrom(counts, log), length };
}

/** Makes the table of symbols that have so many of its 2^log states each; -1 for less than one state. */
export function tableFrom(counts: readonly number[], log: number): FseTable {
  const size = 1 << log;
  const symbols = new Uint8Array(size);
  const next = counts.map(Math.abs);
  let end = size;
  for (const [symbol, count] of counts.entries()) if (count === -1) symbols[--end] = symbol;
  const step = (size >> 1) + (size >> 3) + 3;
  let at = 0;
  for (const [symbol, count] of counts.entries()) {
    for (let index = 0; index < count; index++) {
      symbols[at] = symbol;
      do at = (at + step) & (size - 1);
      while (at >= end);
    }
  }
  const states = Uint32Array.from(symbols, (symbol) => {
    const state = next[symbol]!++;
    const width = log - 31 + Math.clz32(state);
    return symbol | (width << 8) | (((state << width) - size) << 16);
  });
  return { log, states };
}
