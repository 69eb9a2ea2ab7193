// The sequences of a block: so many literals, then a copy of so many bytes from so far back. Source: RFC 8878, 3.1.1.3.2 and 3.1.1.5.
import { BackBits } from './back-bits.ts';
import { type FseTable, nextState, readTable, startState, tableFrom, tableOf } from './fse.ts';
import { ZstdError } from './zstd-error.ts';

/** A kind of number: its code is a symbol of a table, to whose value bits are added. */
interface Kind {
  readonly mostLog: number;
  readonly mostCode: number;
  /** The table that need not be written. */
  readonly usual: FseTable;
}

/** The codes of one kind, in the order of the sequences. */
class Coder {
  private readonly kind: Kind;
  private table: FseTable | undefined;
  private state = 0;

  constructor(kind: Kind) {
    this.kind = kind;
  }

  /** Takes the table that a block names, or has. @returns The bytes that it takes. @throws ZstdError where there is none. */
  useTable(mode: number, bytes: Uint8Array): number {
    const { mostLog, mostCode, usual } = this.kind;
    if (mode === SAME) {
      if (this.table === undefined) throw new ZstdError();
      return 0;
    }
    if (mode === WRITTEN) {
      const { table, length } = readTable(bytes, mostLog, mostCode);
      this.table = table;
      return length;
    }
    if (mode === USUAL) {
      this.table = usual;
      return 0;
    }
    const [code = 255] = bytes;
    if (code > mostCode) throw new ZstdError();
    this.table = tableOf(code);
    return 1;
  }

  start(bits: BackBits): void {
    this.state = startState(this.table!, bits);
  }

  get code(): number {
    return this.table!.states[this.state]! & 0xff;
  }

  advance(bits: BackBits): void {
    this.state = nextState(this.table!, this.state, bits);
  }
}

/** Bits to add, by code, and what they are added to: the values follow each other without a gap. */
interface Ranges {
  readonly bits: readonly number[];
  readonly starts: readonly number[];
}

function ranges(first: number, bits: readonly number[]): Ranges {
  let start = first;
  return { bits, starts: bits.map((width) => (start += 1 << width) - (1 << width)) };
}

const times = (count: number, value: number): number[] => new Array<number>(count).fill(value);

const LONG_BITS = [7, 8, 9, 10, 11, 12, 13, 14, 15, 16];
const LITERAL_RANGES = ranges(0, [...times(16, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 6, ...LONG_BITS]);
const MATCH_RANGES = ranges(3, [...times(32, 0), 1, 1, 1, 1, 2, 2, 3, 3, 4, 4, 5, ...LONG_BITS]);

// Of the states, by code. Source: RFC 8878, 3.1.1.3.2.2.
const LITERAL_COUNTS = [4, 3, ...times(11, 2), 1, 1, 1, ...times(9, 2), 3, 2, ...times(5, 1), ...times(4, -1)];
const MATCH_COUNTS = [1, 4, 3, ...times(6, 2), ...times(37, 1), ...times(7, -1)];
const OFFSET_COUNTS = [...times(6, 1), 2, 2, 2, ...times(15, 1), ...times(5, -1)];

const LITERAL: Kind = { mostLog: 9, mostCode: 35, usual: tableFrom(LITERAL_COUNTS, 6) };
const OFFSET: Kind = { mostLog: 8, mostCode: 31, usual: tableFrom(OFFSET_COUNTS, 5) };
const MATCH: Kind = { mostLog: 9, mostCode: 52, usual: tableFrom(MATCH_COUNTS, 6) };

// Where the table of a block comes from; else it is of one code.
const USUAL = 0;
const WRITTEN = 2;
const SAME = 3;

/** The longest code of an offset within a window of 128 MiB and a block. */
const MOST_OFFSET_BITS = 27;

/** Reads sequences; tables and offsets stay for the blocks that follow. */
export class Sequences {
  /** Bytes to take of the literals. */
  literals = 0;
  /** Bytes to copy. */
  match = 0;
  /** How far back they are; 1 is the last byte. */
  offset = 0;
  private readonly coders = [new Coder(LITERAL), new Coder(OFFSET), new Coder(MATCH)] as const;
  private last: [number, number, number] = [1, 4, 8];
  private bits: BackBits | undefined;
  private left = 0;

  /**
   * Begins with those of a block.
   *
   * @throws ZstdError for data that is damaged.
   */
  begin(bytes: Uint8Array): void {
    const { count, length } = countIn(bytes);
    let at = length;
    this.left = count;
    if (count === 0) {
      if (at !== bytes.length) throw new ZstdError();
      return;
    }
    const modes = bytes[at++] ?? 1;
    if ((modes & 3) !== 0) throw new ZstdError();
    for (const [index, coder] of this.coders.entries()) {
      at += coder.useTable((modes >> (6 - index * 2)) & 3, bytes.subarray(at));
    }
    this.bits = new BackBits(bytes.subarray(at));
    for (const coder of this.coders) coder.start(this.bits);
  }

  /**
   * Reads the next into the fields.
   *
   * @returns False after the last.
   * @throws ZstdError for data that is damaged.
   */
  next(): boolean {
    if (this.left === 0) return false;
    const bits = this.bits!;
    const [literals, offsets, matches] = this.coders;
    const offsetBits = offsets.code;
    if (offsetBits > MOST_OFFSET_BITS) throw new ZstdError();
    const distance = 2 ** offsetBits + bits.take(offsetBits);
    this.match = valueIn(MATCH_RANGES, matches.code, bits);
    this.literals = valueIn(LITERAL_RANGES, literals.code, bits);
    this.offset = this.offsetOf(distance);
    this.left--;
    if (this.left > 0) {
      literals.advance(bits);
      matches.advance(bits);
      offsets.advance(bits);
    }
    if (this.left > 0 ? bits.left < 0 : bits.left !== 0) throw new ZstdError();
    return true;
  }

  /** The numbers 1 to 3 stand for offsets that were used before, which then come first. */
  private offsetOf(number: number): number {
    const { last } = this;
    const [first, second, third] = last;
    if (number > 3) {
      this.last = [number - 3, first, second];
      return number - 3;
    }
    const which = number - (this.literals === 0 ? 0 : 1);
    if (which === 0) return first;
    const offset = which === 3 ? first - 1 : last[which]!;
    if (offset === 0) throw new ZstdError();
    this.last = [offset, first, which === 1 ? third : second];
    return offset;
  }
}

/** How many sequences there are, and the bytes that say so. */
function countIn(bytes: Uint8Array): { count: number; length: number } {
  const [a, b = 0, c = 0] = bytes;
  if (a === undefined) throw new ZstdError();
  if (a < 128) return { count: a, length: 1 };
  return a < 255 ? { count: ((a - 128) << 8) | b, length: 2 } : { count: (b | (c << 8)) + 0x7f00, length: 3 };
}

function valueIn({ bits: widths, starts }: Ranges, code: number, bits: BackBits): number {
  return starts[code]! + bits.take(widths[code]!);
}
