// CRIU's images: one or two magic numbers, then entries of a 32-bit size and a payload.
import { changeBytes, joined } from '../bytes.ts';
import type { Draw, Structure } from '../target.ts';
import { protobuf } from './protobuf.ts';

const WORD = 4;

/** Changes an entry of an image, or the list of entries. The sizes around it are right. */
export const image: Structure = (input, draw) => {
  const taken = takenApart(input);
  if (taken === undefined) return undefined;
  const { random } = draw;
  const entries = [...taken.entries];
  const at = random.below(entries.length + 1);
  const others = takenApart(draw.other)?.entries ?? [];
  const kind = random.below(12);
  if (entries.length === 0 || kind === 0) {
    if (others.length > 0) entries.splice(at, 0, random.pick(others));
  } else {
    const place = Math.min(at, entries.length - 1);
    const entry = entries[place]!;
    if (kind === 1) entries.splice(place, 1);
    else if (kind === 2) entries.splice(random.below(entries.length + 1), 0, entry);
    else entries[place] = changedEntry(entry, { ...draw, other: others.length > 0 ? random.pick(others) : entry });
  }
  return joined(taken.head, ...entries.flatMap((entry) => [sizeOf(entry), entry]));
};

function changedEntry(entry: Uint8Array, draw: Draw): Uint8Array {
  return protobuf(entry, draw) ?? changeBytes(entry, draw);
}

function takenApart(bytes: Uint8Array): { head: Uint8Array; entries: Uint8Array[] } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const head of [2 * WORD, WORD]) {
    const entries = entriesOf(bytes, view, head);
    if (entries !== undefined) return { head: bytes.subarray(0, head), entries };
  }
  return undefined;
}

function entriesOf(bytes: Uint8Array, view: DataView, head: number): Uint8Array[] | undefined {
  const entries: Uint8Array[] = [];
  let at = head;
  while (at + WORD <= bytes.length) {
    const from = at + WORD;
    const end = from + view.getUint32(at, true);
    if (end > bytes.length) return undefined;
    entries.push(bytes.subarray(from, end));
    at = end;
  }
  return at === bytes.length ? entries : undefined;
}

function sizeOf({ length }: Uint8Array): Uint8Array {
  return new Uint8Array(Uint32Array.of(length).buffer);
}
