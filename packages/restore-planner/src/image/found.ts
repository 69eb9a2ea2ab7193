// What is known of every part of a checkpoint, whatever its kind.
import type { ImageKind } from './image-name.ts';
import type { Decoded } from './message.ts';

export type Where = Decoded<unknown>['where'];

/** How an image file begins; null where there is no such thing. */
export type Head = 'v1' | 'v1.1' | null;

export interface Found<Kind extends ImageKind> {
  kind: Kind;
  /** The last entry's place. */
  where: Where;
  head: Head;
}
