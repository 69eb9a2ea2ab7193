// What kind of trace a file is, told by how it starts.
import { constants, gunzipSync } from 'node:zlib';
import type { TraceFormat } from '@idspace/cache-sim/trace';

const GZIP_MAGIC = 0x1f8b;
const MOST = 16_384; // bytes looked at; a gzip'd head grows to at most about 1000 times that

/**
 * Tells the format of a trace.
 *
 * @param head The first bytes of the file, compressed or not.
 * @returns null where no line looks like either format.
 */
export function traceFormatOf(head: Uint8Array): TraceFormat | null {
  for (const line of headText(head.subarray(0, MOST)).split(/\r?\n/)) {
    if (/^(I {2}| [LSM] )[\da-f]+,\d/i.test(line)) return 'lackey';
    if (/^\s*[012rwi]\s+(0x)?[\da-f]+\b/i.test(line)) return 'din';
  }
  return null;
}

function headText(head: Uint8Array): string {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (bytes.length < 2 || bytes.readUInt16BE(0) !== GZIP_MAGIC) return bytes.toString('latin1');
  try {
    return gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).toString('latin1');
  } catch {
    return ''; // damaged: the reader will say where
  }
}
