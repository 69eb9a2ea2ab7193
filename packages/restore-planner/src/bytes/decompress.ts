// Decompresses, whatever the first bytes say it is: podman calls its archives .tar.gz and writes zstd.
import { CheckpointError } from '../checkpoint-error.ts';
import { nextTurn } from '../next-turn.ts';
import type { StopSignal } from '../stop-signal.ts';
import { BufferedBytes, type ByteSource } from './byte-source.ts';
import { gunzip } from './gunzip.ts';
import { unzstd } from './unzstd.ts';
import type { Piece } from './zstd-frames.ts';

// Memory full of zeros expands 1,000 times in gzip and 16,000 in zstd, so that no ratio tells it from a bomb: what is limited is
// the time. A MiB of the most compressible gzip takes a second.
const FREE_MS = 10_000;
const MS_PER_MIB = 3_000; // of the compressed file
const MIB = 2 ** 20;
const RUN_BYTES = 64 * 1024; // that are made in one piece
const BREATH_MS = 20; // after so long, other things get their turn: signals, timers

interface Compression {
  name: string;
  magic: readonly number[];
  /** Absent where it is not read. */
  decode?: (bytes: ByteSource) => AsyncIterable<Piece>;
}

// What pzstd writes begins with a skippable frame, of 16 kinds.
const SKIPPABLE = Array.from({ length: 16 }, (_, kind) => [0x50 + kind, 0x2a, 0x4d, 0x18]);

const COMPRESSIONS: readonly Compression[] = [
  { name: 'gzip', magic: [0x1f, 0x8b], decode: gunzip },
  ...[[0x28, 0xb5, 0x2f, 0xfd], ...SKIPPABLE].map((magic) => ({ name: 'zstd', magic, decode: unzstd })),
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
 * @param signal Stops the reading, which then rejects with the signal's reason.
 * @throws CheckpointError for a compression that is not read; on reading, for damaged data, and for what takes more time than 10 s and 3 s for each MiB of the file, waiting for the file itself left out.
 */
export async function decompressed(file: ByteSource, signal?: StopSignal): Promise<ByteSource> {
  const compression = found(await file.peek(LONGEST_MAGIC));
  if (compression === undefined) return file;
  if (compression.decode !== undefined) {
    return new Decompressed(file, compression.name, compression.decode(file), signal);
  }
  const expected = 'none, gzip or zstd: decompress it first';
  throw new CheckpointError('unsupported-format', { file: file.name }, `${compression.name} compression`, expected);
}

function found(head: Uint8Array): Compression | undefined {
  return COMPRESSIONS.find(({ magic }) => magic.every((byte, index) => head[index] === byte));
}

class Decompressed extends BufferedBytes {
  private readonly file: ByteSource;
  private readonly compression: string;
  private readonly chunks: AsyncIterator<Piece>;
  private readonly signal: StopSignal | undefined;
  /** What is left of a run: bytes that are made only where they are looked at. */
  private run = 0;
  private runBytes = new Uint8Array(0);
  private expanded = 0;
  private spent = 0; // ms
  private sinceBreath = 0; // ms

  constructor(file: ByteSource, compression: string, chunks: AsyncIterable<Piece>, signal?: StopSignal) {
    super(file.name, null);
    this.file = file;
    this.compression = compression;
    this.chunks = chunks[Symbol.asyncIterator]();
    this.signal = signal;
  }

  protected async next(): Promise<Uint8Array> {
    if (this.run > 0) return this.runBytes.subarray(0, this.jump(RUN_BYTES));
    if (this.sinceBreath > BREATH_MS) {
      this.sinceBreath = 0;
      await nextTurn();
    }
    this.signal?.throwIfAborted();
    const start = performance.now() - this.file.waited;
    const { done, value } = await this.chunks.next();
    const spent = performance.now() - this.file.waited - start;
    this.spent += spent;
    this.sinceBreath += spent;
    if (done) return new Uint8Array(0);
    this.expanded += value.length;
    this.checkTime();
    if (value instanceof Uint8Array) return value;
    this.run = value.length;
    this.runBytes = new Uint8Array(RUN_BYTES).fill(value.byte);
    return this.next();
  }

  private checkTime(): void {
    const { position } = this.file;
    if (this.spent <= FREE_MS + (MS_PER_MIB * position) / MIB) return;
    const seconds = Math.round(this.spent / 1000);
    const got = `${position} bytes of ${this.compression} that took ${seconds} s to expand to ${this.expanded} bytes`;
    const expected = `at most ${FREE_MS / 1000} s and 3 s for each MiB: decompress it first if that is right`;
    throw new CheckpointError('too-large', { file: this.name, offset: position }, got, expected);
  }

  protected jump(length: number): number {
    const jumped = Math.min(length, this.run);
    this.run -= jumped;
    return jumped;
  }

  /** The file itself stays open. */
  async close(): Promise<void> {
    await this.chunks.return?.();
  }
}
