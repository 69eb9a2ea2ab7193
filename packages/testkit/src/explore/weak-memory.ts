// Weak memory: accesses may be made in another order than that of the program, as far as Atomics allow it.
//
// No access moves up past an Atomics call that reads, nor down past one that writes; all else may move. The Atomics calls themselves
// keep their order, and all threads agree on it. The memory has a history, so that each actor can go on in the order of its program:
//
// - A plain read that is made early finds what was there at some time since the actor's last Atomics call that reads.
// - Before an Atomics.load, plain reads may be left that are made late: so the load finds what was there at some time since the
//   actor's last Atomics call, while those reads have found what is there now.
// - A write reaches memory late: a plain one before the actor's next Atomics call that writes, an Atomics.store before its
//   next Atomics call. One write of each actor at a time; that of an Atomics call which also reads is never late.
//
// Source: ECMA-262, §29 (memory model); which accesses it lets compilers and processors reorder.
import type { Access } from './access.ts';

/** A change of the memory: bytes from `address` on. */
interface Change {
  readonly actor: number;
  readonly address: number;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** A write that its actor has made, and that is not in the memory yet. */
interface LateWrite {
  readonly label: string;
  readonly address: number;
  readonly after: Uint8Array;
  readonly isAtomic: boolean;
}

/** How far an actor's accesses may move. Times are numbers of changes in the history. */
interface Freedom {
  /** The earliest time at which a plain read may be made. */
  readonly plainFloor: number;
  /** The same for an Atomics.load. */
  readonly atomicFloor: number;
  /** Whether plain reads may be made later than the next Atomics.load. */
  readonly hasRead: boolean;
  /** Where it has found old values since its last Atomics call that writes: a loop that waits for a change sees it in the end. */
  readonly old: readonly number[];
  readonly late: LateWrite | null;
}

/** What a state has beside its memory if that is weak. */
export interface Weakness {
  readonly history: readonly Change[];
  readonly freedoms: readonly Freedom[];
}

/** One way to make an access. */
interface Variant {
  /** When a read is made. */
  readonly time: number;
  /** A read that finds another value than is there now. */
  readonly isOld: boolean;
  /** A write that does not reach memory yet. */
  readonly isLate: boolean;
}

/** Old values that an actor may find in one place. */
const MOST_OLD = 2;

const NO_FREEDOM: Freedom = { plainFloor: 0, atomicFloor: 0, hasRead: false, old: [], late: null };

/** The weakness of the state in which no actor has made an access. */
export function noHistory(actors: number): Weakness {
  return { history: [], freedoms: Array.from({ length: actors }, () => NO_FREEDOM) };
}

/** Whether a write of an actor must reach memory before it makes its next access. */
export function mustLand({ freedoms }: Weakness, actor: number, { kind, address }: Access): boolean {
  const { late } = freedoms[actor]!;
  if (late === null || kind === 'read') return false;
  return late.address === address || kind === 'update' || kind === 'store' || (kind === 'load' && late.isAtomic);
}

/** Lets the late write of an actor reach memory. */
export function land(weakness: Weakness, actor: number, bytes: Uint8Array): Weakness {
  const { late } = weakness.freedoms[actor]!;
  if (late === null) return weakness;
  const before = bytes.slice();
  bytes.set(late.after, late.address);
  const landed = recorded(weakness, actor, before, bytes, late.address, late.after.length);
  const time = landed.history.length;
  return freed(landed, actor, { late: null, ...(late.isAtomic && { atomicFloor: time, hasRead: false }) });
}

/** The ways in which an actor can make its next access. The first is to make it now. Leaves the bytes as they are. */
export function variantsOf(weakness: Weakness, actor: number, access: Access, bytes: Uint8Array): Variant[] {
  const { history, freedoms } = weakness;
  const { plainFloor, atomicFloor, hasRead, old, late } = freedoms[actor]!;
  const { kind, address } = access;
  const now = { time: history.length, isOld: false, isLate: false };
  if (kind === 'update' || (kind === 'load' && !hasRead) || late?.address === address) return [now];
  if (kind === 'write' || kind === 'store') {
    if (late !== null || !access.changes()) return [now];
    return [now, { ...now, isLate: true }];
  }
  const floor = kind === 'read' ? plainFloor : atomicFloor;
  const mayBeOld = old.filter((place) => place === address).length < MOST_OLD;
  const variants = new Map<number | string, Variant>();
  let end = history.length;
  // From the newest value to the oldest; each at the earliest time, which leaves the most to later reads.
  for (let time = end; time >= floor; time--) {
    const change = history[time - 1];
    const isChanged = time > floor && touches(change!, access);
    if (!isChanged && time > floor) continue;
    const value = access.peek();
    const isOld = end !== history.length;
    if (!variants.has(value)) variants.set(value, { time: kind === 'load' ? time : end, isOld, isLate: false });
    if (!isChanged || change!.actor === actor || !mayBeOld) break;
    end = time - 1;
    bytes.set(change!.before, change!.address);
  }
  for (const change of history.slice(floor)) if (touches(change, access)) bytes.set(change.after, change.address);
  return [...variants.values()];
}

/** Makes the bytes those that an actor sees if it reads at a time: with its own late write. */
export function rewind({ history, freedoms }: Weakness, actor: number, time: number, bytes: Uint8Array): void {
  for (let at = history.length; at > time; at--) bytes.set(history[at - 1]!.before, history[at - 1]!.address);
  const { late } = freedoms[actor]!;
  if (late !== null) bytes.set(late.after, late.address);
}

/** What follows from an access that an actor has made: `before` were the bytes, and a late write is taken out of them again. */
export function made(
  weakness: Weakness,
  actor: number,
  { kind, label, address, size }: Access,
  { time, isOld, isLate }: Variant,
  before: Uint8Array,
  bytes: Uint8Array,
): Weakness {
  const seen = weakness.freedoms[actor]!.old;
  const old = isOld ? [...seen, address].sort((a, b) => a - b) : seen;
  if (kind === 'read') return freed(weakness, actor, { hasRead: true, old });
  if (kind === 'load') {
    const hasRead = time < weakness.history.length;
    return freed(weakness, actor, { plainFloor: time, atomicFloor: time, hasRead, old });
  }
  if (isLate) {
    const after = bytes.slice(address, address + size);
    bytes.set(before);
    return freed(weakness, actor, { late: { label, address, after, isAtomic: kind === 'store' } });
  }
  const after = recorded(weakness, actor, before, bytes, address, size);
  if (kind === 'write') return after;
  const floors = { atomicFloor: after.history.length, hasRead: false, old: [] };
  return freed(after, actor, kind === 'store' ? floors : { ...floors, plainFloor: after.history.length });
}

/** Adds what has changed in the bytes to the history; anywhere, if no address is given. */
export function recorded(
  { history, freedoms }: Weakness,
  actor: number,
  before: Uint8Array,
  bytes: Uint8Array,
  address = 0,
  size: number = bytes.length,
): Weakness {
  let first = address;
  let end = address + size;
  while (first < end && before[first] === bytes[first]) first++;
  while (end > first && before[end - 1] === bytes[end - 1]) end--;
  if (first === end) return { history, freedoms };
  const change = { actor, address: first, before: before.slice(first, end), after: bytes.slice(first, end) };
  return { history: [...history, change], freedoms };
}

/** Forgets what no actor can see any more; `isOver` says which have ended. */
export function trimmed({ history, freedoms }: Weakness, isOver: (actor: number) => boolean): Weakness {
  // What an actor has written itself hides nothing from it.
  const past = (floor: number, actor: number): number => {
    let time = floor;
    while (time < history.length && (isOver(actor) || history[time]!.actor === actor)) time++;
    return time;
  };
  const kept = freedoms.map((freedom, actor) => ({
    ...(isOver(actor) ? { ...NO_FREEDOM, late: freedom.late } : freedom),
    plainFloor: past(freedom.plainFloor, actor),
    atomicFloor: past(freedom.atomicFloor, actor),
  }));
  const cut = Math.min(...kept.flatMap(({ plainFloor, atomicFloor }) => [plainFloor, atomicFloor]));
  return {
    history: history.slice(cut),
    freedoms: kept.map((freedom) => ({
      ...freedom,
      plainFloor: freedom.plainFloor - cut,
      atomicFloor: freedom.atomicFloor - cut,
    })),
  };
}

/** Equal for weaknesses from which the same can happen. */
export function keyOfWeakness({ history, freedoms }: Weakness): string {
  const changes = history.map(({ actor, address, before, after }) => `${actor},${address},${before},${after}`);
  const rest = freedoms.map(({ plainFloor, atomicFloor, hasRead, old, late }) =>
    [plainFloor, atomicFloor, hasRead, `${old}`, late && [late.address, late.after, late.isAtomic]].join(),
  );
  return `${changes.join('|')};${rest.join('|')}`;
}

function touches(change: Change, { address, size }: Access): boolean {
  return change.address < address + size && address < change.address + change.after.length;
}

function freed(weakness: Weakness, actor: number, changes: Partial<Freedom>): Weakness {
  const freedoms = weakness.freedoms.map((freedom, i) => (i === actor ? { ...freedom, ...changes } : freedom));
  return { ...weakness, freedoms };
}
