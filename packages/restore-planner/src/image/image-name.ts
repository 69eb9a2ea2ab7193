// What images are called: core-123.img holds the core of thread 123.

/** The kinds of images that tell about processes and POSIX timers. */
export type TimerImageKind = 'inventory' | 'pstree' | 'core' | 'posix-timers' | 'rlimit';

/** The kinds of images that tell about other IDs. */
export type IdImageKind =
  | 'files'
  | 'tty-info'
  | 'fdinfo'
  | 'ids'
  | 'mm'
  | 'ipcns-var'
  | 'ipcns-shm'
  | 'ipcns-msg'
  | 'ipcns-sem';

/** The kinds of images that are read. */
export type ImageKind = TimerImageKind | IdImageKind;

/** Which image a file name names. */
export interface ImageName {
  kind: ImageKind;
  /** Process or thread ID, or what CRIU calls a table of files or a namespace by; null where there is one image of the kind. */
  id: number | null;
}

const SINGLE = 'inventory|pstree|files|tty-info';
const NUMBERED = 'core|posix-timers|rlimit|fdinfo|ids|mm|ipcns-(?:var|shm|msg|sem)';
const NAME = new RegExp(`^(?:(${SINGLE})|(${NUMBERED})-(0|[1-9]\\d{0,9}))\\.(img|json)$`);

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
