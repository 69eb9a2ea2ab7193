// What is known of every part of a checkpoint, of any kind.
import type { Head } from './framing.ts';
import type { ImageKind } from './image-name.ts';
import type { Decoded } from './message.ts';

/** A place in a file. */
export type Where = Decoded<unknown>['where'];

/** What every part tells of itself. */
export interface Found<Kind extends ImageKind> {
  kind: Kind;
  /** The last entry's place. */
  where: Where;
  head: Head;
}
