// The literals of a block: bytes that are not copies of earlier ones. Source: RFC 8878, 3.1.1.3.1.
import { decodeFourStreams, decodeStream, type HuffmanTable, readHuffman } from './huffman.ts';
import { ZstdError } from './zstd-error.ts';

const STORED = 0;
const REPEATED = 1;
const WITH_TABLE = 2;
const LEAST_OF_FOUR = 6; // bytes that four streams stand for

/** Reads literals, with the table of an earlier block where one has none of its own. */
export class Literals {
  private readonly room: Uint8Array;
  private table: HuffmanTable | undefined;

  /** @param most Bytes of one block, at most. */
  constructor(most: number) {
    this.room = new Uint8Array(most);
  }

  /**
   * Returns the literals of a block, good until the next call, and the bytes that they take in it.
   *
   * @throws ZstdError for data that is damaged.
   */
  read(block: Uint8Array): { literals: Uint8Array; length: number } {
    const [a = 0, b = 0, c = 0, d = 0, e = 0] = block;
    const type = a & 3;
    const format = (a >> 2) & 3;
    if (type <= REPEATED) {
      const [head, size] =
        format === 1 ? [2, (a >> 4) | (b << 4)] : format === 3 ? [3, (a >> 4) | (b << 4) | (c << 12)] : [1, a >> 3];
      const made = this.roomFor(size);
      const length = head + (type === STORED ? size : 1);
      if (length > block.length) throw new ZstdError();
      if (type === STORED) made.set(block.subarray(head, length));
      else made.fill(block[head]!);
      return { literals: made, length };
    }
    const low = (a >> 4) | (b << 4);
    const [head, size, packed] =
      format < 2
        ? [3, low & 0x3ff, (b >> 6) | (c << 2)]
        : format === 2
          ? [4, low | ((c & 3) << 12), (c >> 2) | (d << 6)]
          : [5, low | ((c & 0x3f) << 12), (c >> 6) | (d << 2) | (e << 10)];
    const made = this.roomFor(size);
    if (head + packed > block.length) throw new ZstdError();
    this.decode(block.subarray(head, head + packed), type === WITH_TABLE, format !== 0, made);
    return { literals: made, length: head + packed };
  }

  private roomFor(size: number): Uint8Array {
    if (size > this.room.length) throw new ZstdError();
    return this.room.subarray(0, size);
  }

  private decode(packed: Uint8Array, hasTable: boolean, isFour: boolean, made: Uint8Array): void {
    let streams = packed;
    if (hasTable) {
      const { table, length } = readHuffman(packed);
      this.table = table;
      streams = packed.subarray(length);
    }
    if (this.table === undefined || (isFour && made.length < LEAST_OF_FOUR)) throw new ZstdError();
    (isFour ? decodeFourStreams : decodeStream)(this.table, streams, made);
  }
}
