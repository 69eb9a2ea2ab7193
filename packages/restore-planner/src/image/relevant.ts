// Which entries need not be decoded: of a hundred thousand open files most are neither inotify files nor terminals. Looks at the outermost fields alone.
import type { ImageKind } from './image-name.ts';

/** Tags of a FileEntry's fields: number × 8 + wire type. */
const FILE_ID = (2 << 3) | 0;
const REG = (3 << 3) | 2;
const INOTIFY = (13 << 3) | 2;
const TTY_FILE = (19 << 3) | 2;
/** Tags of a FdinfoEntry's fields. */
const TYPE = (3 << 3) | 0;
const FDINFO_FIELDS = 0b11010; // id 1, type 3, fd 4
const TTY = 11; // a type of descriptor

const SLASH = 0x2f;
const P = 0x70;

/** Kinds of images of many entries that are mostly passed over. */
export type RunKind = 'files' | 'fdinfo' | 'tty-info';

export function isRunKind(kind: ImageKind): kind is RunKind {
  return kind === 'files' || kind === 'fdinfo' || kind === 'tty-info';
}

/** Whether an entry must be decoded; what is damaged must, so that it is refused. */
export function isRelevant(kind: RunKind, payload: Uint8Array): boolean {
  if (kind === 'tty-info') return true;
  return kind === 'files' ? isRelevantFile(payload) : isTerminal(payload);
}

/** Where the walk stands. */
let at = 0;

function isRelevantFile(payload: Uint8Array): boolean {
  let hasId = false;
  at = 0;
  while (at < payload.length) {
    const tag = varint(payload);
    if (tag === INOTIFY || tag === TTY_FILE) return true;
    if (tag === FILE_ID) hasId = true;
    const value = varint(payload);
    if (value < 0) return true;
    const wireType = tag & 7;
    if (wireType === 2) {
      if (tag === REG && mayBeTerminal(payload, at, Math.min(at + value, payload.length))) return true;
      at += value;
    } else if (wireType !== 0) return true;
  }
  return !hasId || at !== payload.length;
}

/** The paths of terminals have '/p' in them: /dev/ptmx, /dev/pts/3. */
function mayBeTerminal(payload: Uint8Array, from: number, to: number): boolean {
  for (let index = from; index < to - 1; index++) {
    if (payload[index] === SLASH && payload[index + 1] === P) return true;
  }
  return false;
}

function isTerminal(payload: Uint8Array): boolean {
  let fields = 0;
  at = 0;
  while (at < payload.length) {
    const tag = varint(payload);
    const value = varint(payload);
    if (value < 0 || (tag & 7) !== 0 || (tag === TYPE && value === TTY)) return true;
    fields |= 1 << (tag >> 3);
  }
  return (fields & FDINFO_FIELDS) !== FDINFO_FIELDS;
}

/** Reads a varint; −1 if it does not end, or is longer than 32 bits need. */
function varint(payload: Uint8Array): number {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    if (at >= payload.length) return -1;
    const byte = payload[at++]!;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return value;
  }
  return -1;
}
