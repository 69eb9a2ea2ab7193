// Reads checkpoints from bytes: streams, files that a browser was given, any other source. Runs in a browser, too.
export type { BlobLike } from './bytes/blob-bytes.ts';
export type { ByteSource } from './bytes/byte-source.ts';
export { decompressedBlob } from './bytes/decompressed-blob.ts';
export type { ReadOptions } from './bytes/read-options.ts';
export { CheckpointError, type CheckpointErrorCode } from './checkpoint-error.ts';
export type { FileMap } from './folder/blob-folder.ts';
export { readCheckpointBlob, readCheckpointBytes, readCheckpointStream } from './read-bytes.ts';
export { findCheckpointFiles, readCheckpointFiles } from './read-files.ts';
export type {
  Checkpoint,
  CheckpointProcess,
  CheckpointTimer,
  Container,
  Duration,
  IntervalTimer,
  Notify,
} from './types.ts';
