// What images are called: core-123.img holds the core of thread 123.

/** The kinds of images that tell about POSIX timers. */
export type ImageKind = 'inventory' | 'pstree' | 'core' | 'ids' | 'posix-timers' | 'rlimit';

/** Which image a file name names. */
export interface ImageName {
  kind: ImageKind;
  /** Process or thread ID; null for the two that there is one of. */
  id: number | null;
}

const NAME = /^(?:(inventory|pstree)|(core|ids|posix-timers|rlimit)-(0|[1-9]\d{0,9}))\.(img|json)$/;

/** Reads a file name; undefined for files that need not be read. */
export function imageName(name: string, extension: 'img' | 'json'): ImageName | undefined {
  const [, single, kind, id, found] = NAME.exec(name) ?? [];
  if (found !== extension) return undefined;
  return single === undefined ? { kind: kind as ImageKind, id: Number(id) } : { kind: single as ImageKind, id: null };
}

/** The inverse, without extension: 'core-123'. */
export function imageStem({ kind, id }: ImageName): string {
  return id === null ? kind : `${kind}-${id}`;
}
