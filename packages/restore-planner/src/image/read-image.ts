// From the bytes of one image to what is needed of it.
import type { ImageEntry } from './framing.ts';
import { openImage } from './framing.ts';
import type { ImageFile } from './image-file.ts';
import type { ImageKind } from './image-name.ts';
import { type Decoded, decodeMessage } from './message.ts';
import { type Part, partOf, SCHEMAS } from './parts.ts';
import { isRelevant, isRunKind, type RunKind } from './relevant.ts';

/**
 * Reads one image.
 *
 * @throws CheckpointError if it is damaged, or not of the kind its name says.
 * Cost: memory for one entry, at most 16 MiB, beside the result.
 */
export async function readImage(file: ImageFile, kind: ImageKind): Promise<Part> {
  const { head, entries, runs, raw } = await openImage(file, kind);
  const messages = isRunKind(kind) ? relevant(runs, kind) : decoded(entries, kind);
  return partOf(kind, file.name, head, messages, raw);
}

async function* decoded(entries: AsyncIterable<ImageEntry>, kind: ImageKind): AsyncGenerator<Decoded<never>> {
  for await (const entry of entries) yield decodeMessage(SCHEMAS[kind], entry) as Decoded<never>;
}

async function* relevant(runs: AsyncIterable<ImageEntry[]>, kind: RunKind): AsyncGenerator<Decoded<never>> {
  for await (const run of runs) {
    for (const entry of run) {
      if (isRelevant(kind, entry.payload)) yield decodeMessage(SCHEMAS[kind], entry) as Decoded<never>;
    }
  }
}
