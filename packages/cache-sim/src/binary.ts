// Names data that is not text: traces in binary forms, and other files that are given by mistake.
import { compressionOf } from './unpack.ts';

/** Bytes looked at: two records of ChampSim, and enough to meet a zero in any binary data. */
export const BINARY_HEAD = 256;

const CHAMPSIM_RECORD = 64;

const startsWith = (head: Uint8Array, ...bytes: number[]): boolean => bytes.every((byte, at) => head[at] === byte);

/**
 * Tells what binary data is and what to do with it.
 *
 * @param head The first {@link BINARY_HEAD} bytes, uncompressed; fewer where a line ends before.
 * @returns undefined for what may be text.
 */
export function binaryKindOf(head: Uint8Array): string | undefined {
  if (startsWith(head, 0xff, 0xfe) || startsWith(head, 0xfe, 0xff)) {
    return 'text in UTF-16; expected ASCII; convert it first: iconv -f UTF-16 -t ASCII';
  }
  if (startsWith(head, 0xef, 0xbb, 0xbf)) return 'text with a byte order mark; expected ASCII; take it off: tail -c +4';
  const compression = compressionOf(head);
  if (compression !== undefined)
    return `${compression} data inside compressed data; expected text; uncompress it twice`;
  // A gem5 trace starts with its magic number, 0x356d6567, least byte first; gem5's own text says "gem5 Simulator System".
  if (startsWith(head, 0x67, 0x65, 0x6d, 0x35) && head[4] !== 0x20) {
    return "gem5's protobuf form; expected text, as util/decode_packet_trace.py of gem5 writes it";
  }
  if (startsWith(head, 0x7f, 0x45, 0x4c, 0x46)) return 'a program (ELF); expected a trace of its run';
  if (!head.includes(0)) return undefined;
  if (isChampSim(head))
    return `records of ${CHAMPSIM_RECORD} bytes as ChampSim's; expected text: a line for each access`;
  return 'binary data; expected text: a line for each access';
}

/**
 * ChampSim's record: an instruction's address (8 bytes), is it a branch, was it taken (1 byte each, 0 or 1), 2 + 4 registers (1 byte
 * each), 2 + 4 addresses of memory (8 bytes each, 0 for none).
 */
function isChampSim(head: Uint8Array): boolean {
  const records = Math.floor(head.length / CHAMPSIM_RECORD);
  for (let record = 0; record < records; record++) {
    const at = record * CHAMPSIM_RECORD;
    const view = new DataView(head.buffer, head.byteOffset + at, CHAMPSIM_RECORD);
    const isBranch = view.getUint8(8) <= 1 && view.getUint8(9) <= view.getUint8(8);
    const words = [0, 16, 24, 32, 40, 48, 56].map((offset) => view.getUint32(offset + 4, true));
    if (!isBranch || view.getBigUint64(0, true) === 0n || words.some((upper) => upper >= 2 ** 21)) return false;
  }
  return records > 0;
}
