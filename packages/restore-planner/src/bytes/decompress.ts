// Takes compression away, told by its first bytes: podman calls its archives .tar.gz and writes zstd.
import { CheckpointError } from '../checkpoint-error.ts';
import { BufferedBytes, type ByteSource } from './byte-source.ts';
import { gunzip } from './gunzip.ts';
import { unzstd } from './unzstd.ts';

// An input may expand 250 times, and 128 MiB beyond that: more is a bomb, or memory full of zeros.
const MAX_RATIO = 250;
const FREE_BYTES = 128 * 2 ** 20;

interface Compression {
  name: string;
  magic: readonly number[];
  /** Absent where it is not read. */
  decode?: (bytes: ByteSource) => AsyncIterable<Uint8Array>;
}

const COMPRESSIONS: readonly Compression[] = [
  { name: 'gzip', magic: [0x1f, 0x8b], decode: gunzip },
  { name: 'zstd', magic: [0x28, 0xb5, 0x2f, 0xfd], decode: unzstd },
  { name: 'bzip2', magic: [0x42, 0x5a, 0x68] },
  { name: 'xz', magic: [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00] },
  { name: 'lz4', magic: [0x04, 0x22, 0x4d, 0x18] },
];

const LONGEST_MAGIC = 6;

/** Names the compression that begins with these bytes. */
export function compressionOf(head: Uint8Array): string | undefined {
  return found(head)?.name;
}

/**
 * Returns the bytes of a file without their compression.
 *
 * @throws CheckpointError at once for a compression that is not read; on reading, for damaged data and for bombs.
 */
export async function decompressed(file: ByteSource): Promise<ByteSource> {
  const compression = found(await file.peek(LONGEST_MAGIC));
  if (compression === undefined) return file;
  if (compression.decode !== undefined) return new Decompressed(file, compression.name, compression.decode(file));
  const expected = 'none, gzip or zstd: decompress it first';
  throw new CheckpointError('unsupported-format', { file: file.name }, `${compression.name} compression`, expected);
}

function found(head: Uint8Array): Compression | undefined {
  return COMPRESSIONS.find(({ magic }) => magic.every((byte, index) => head[index] === byte));
}

class Decompressed extends BufferedBytes {
  private readonly file: ByteSource;
  private readonly compression: string;
  private readonly chunks: AsyncIterator<Uint8Array>;
  private expanded = 0;

  constructor(file: ByteSource, compression: string, chunks: AsyncIterable<Uint8Array>) {
    super(file.name, null);
    this.file = file;
    this.compression = compression;
    this.chunks = chunks[Symbol.asyncIterator]();
  }

  protected async next(): Promise<Uint8Array> {
    const { done, value } = await this.chunks.next();
    if (done) return new Uint8Array(0);
    this.expanded += value.length;
    const allowed = MAX_RATIO * this.file.position + FREE_BYTES;
    if (this.expanded > allowed) {
      const got = `${this.file.position} bytes of ${this.compression} that expand to more than ${allowed}`;
      const expected = `at most ${MAX_RATIO} times as many and 128 MiB: decompress it first if that is right`;
      throw new CheckpointError('too-large', { file: this.name, offset: this.file.position }, got, expected);
    }
    return value.length === 0 ? this.next() : value;
  }

  protected jump(): number {
    return 0;
  }

  /** The file itself stays open. */
  async close(): Promise<void> {
    await this.chunks.return?.();
  }
}
