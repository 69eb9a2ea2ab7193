// The steps of a create+delete pair on bare typed arrays: what the model would cost without checks, classes and calls.
import { GOLDEN_RATIO_32, jhash2 } from '@idspace/hash-table';

/** How a release hashes and locks. */
export interface BareRelease {
  readonly buckets: number;
  /** jhash2 rather than hash_32. */
  readonly jhash: boolean;
  /** A lock per bucket, and the timer's lock held while it is published. */
  readonly scaled: boolean;
}

const INT_MAX = 2 ** 31 - 1;
/** The timers, entries and processes of a dance: one of each is in use, and handle 0 is none. */
const ROOM = 65;
const OWNER_LO = 0x0012_3400;
const OWNER_HI = 0xffff_8881;
const PROCESS = 1;
const PID = 1000;
const CLOCK = 1;
const SIGEV_NONE = 1;
const LIMIT = 96_365;

/**
 * Creates and deletes timers one by one, from ID 0 on, on the arrays that the model has: slab, table, list, locks, charge.
 *
 * @param filled How many pairs write what the caller wants into the timer: all, as single calls do, or the first.
 * @returns The next ID.
 */
export function bareDance({ buckets, jhash, scaled }: BareRelease, pairs: number, filled: number): number {
  const words = (length: number): Int32Array => new Int32Array(length);
  // The slab: one array per field of struct k_itimer that a pair writes, its free list, who pays, the charge of users.
  const [timerId, timerSignal, timerLock, timerClock] = [words(ROOM), words(ROOM), words(ROOM), words(ROOM)];
  const [timerNotify, timerSigno, timerPid, timerOverrun] = [words(ROOM), words(ROOM), words(ROOM), words(ROOM)];
  const [sigvalLo, sigvalHi] = [new Uint32Array(ROOM), new Uint32Array(ROOM)];
  const [intervalSec, valueSec] = [new Float64Array(ROOM), new Float64Array(ROOM)];
  const [intervalNsec, valueNsec, payer, nextFree] = [words(ROOM), words(ROOM), words(ROOM), words(ROOM)];
  const pending = words(1);
  // The table: entries in chains, their free list, locks and counts.
  const [entryNext, entryLo, entryHi, entryId, entryTimer] = [
    words(ROOM),
    words(ROOM),
    words(ROOM),
    words(ROOM),
    words(ROOM),
  ];
  const [heads, locks] = [words(buckets), words(scaled ? buckets : 1)];
  const lockMask = scaled ? buckets - 1 : 0;
  // The list of the process, its lock, its next ID.
  const [listHead, listNext, listPrev, siglock, cursor] = [words(2), words(ROOM), words(ROOM), words(2), words(1)];

  const mask = buckets - 1;
  const shift = Math.clz32(mask);
  const lo = OWNER_LO | 0;
  const hi = OWNER_HI | 0;
  let [firstFree, touched, live, firstFreeEntry, touchedEntries, entries, acquired] = [0, 0, 0, 0, 0, 0, 0];

  for (let pair = 0; pair < pairs; pair++) {
    // timer_create: the charge, a timer, an ID.
    if (pending[0] >= LIMIT) return -1;
    pending[0]++;
    let timer = firstFree;
    if (timer !== 0) firstFree = nextFree[timer];
    else timer = ++touched;
    live++;
    timerId[timer] = 0;
    timerSignal[timer] = 0;
    timerOverrun[timer] = 0;
    payer[timer] = 0;
    const id = cursor[0];
    cursor[0] = id === INT_MAX ? 0 : id + 1;
    // Into the table, if the ID is not in it.
    const bucket = jhash
      ? jhash2(OWNER_LO, OWNER_HI, id) & mask
      : (Math.imul(lo ^ hi ^ id, GOLDEN_RATIO_32) >>> shift) & mask;
    locks[bucket & lockMask] = 1;
    acquired++;
    let entry = heads[bucket];
    while (entry !== 0 && !(entryLo[entry] === lo && entryHi[entry] === hi && entryId[entry] === id))
      entry = entryNext[entry];
    if (entry !== 0) return -1;
    entry = firstFreeEntry;
    if (entry !== 0) firstFreeEntry = entryNext[entry];
    else entry = ++touchedEntries;
    entryLo[entry] = lo;
    entryHi[entry] = hi;
    entryId[entry] = id;
    entryTimer[entry] = timer;
    entryNext[entry] = heads[bucket];
    heads[bucket] = entry;
    entries++;
    locks[bucket & lockMask] = 0;
    timerId[timer] = id;
    // What the caller wants, and onto the list.
    if (pair < filled) {
      timerNotify[timer] = SIGEV_NONE;
      timerSigno[timer] = 0;
      sigvalLo[timer] = 0;
      sigvalHi[timer] = 0;
      timerPid[timer] = PID;
      timerClock[timer] = CLOCK;
      intervalSec[timer] = 0;
      intervalNsec[timer] = 0;
      valueSec[timer] = 0;
      valueNsec[timer] = 0;
    }
    if (scaled) timerLock[timer]++;
    siglock[PROCESS]++;
    timerSignal[timer] = PROCESS;
    const first = listHead[PROCESS];
    listNext[timer] = first;
    if (first !== 0) listPrev[first] = timer;
    listHead[PROCESS] = timer;
    listPrev[timer] = 0;
    siglock[PROCESS]++;
    if (scaled) timerLock[timer]++;

    // timer_delete: found in the table,
    const again = jhash
      ? jhash2(OWNER_LO, OWNER_HI, id) & mask
      : (Math.imul(lo ^ hi ^ id, GOLDEN_RATIO_32) >>> shift) & mask;
    let found = heads[again];
    while (found !== 0 && !(entryLo[found] === lo && entryHi[found] === hi && entryId[found] === id))
      found = entryNext[found];
    if (found === 0) return -1;
    const gone = entryTimer[found];
    timerLock[gone]++;
    if (timerSignal[gone] !== PROCESS) return -1;
    // off the list,
    siglock[PROCESS]++;
    timerSignal[gone] = 0;
    const next = listNext[gone];
    const prev = listPrev[gone];
    if (prev !== 0) listNext[prev] = next;
    else listHead[PROCESS] = next;
    if (next !== 0) listPrev[next] = prev;
    listPrev[gone] = 0;
    siglock[PROCESS]++;
    timerLock[gone]++;
    // out of the table,
    const last = jhash
      ? jhash2(OWNER_LO, OWNER_HI, id) & mask
      : (Math.imul(lo ^ hi ^ id, GOLDEN_RATIO_32) >>> shift) & mask;
    locks[last & lockMask] = 1;
    acquired++;
    let before = 0;
    let out = heads[last];
    while (out !== 0 && !(entryLo[out] === lo && entryHi[out] === hi && entryId[out] === id)) {
      before = out;
      out = entryNext[out];
    }
    if (before === 0) heads[last] = entryNext[out];
    else entryNext[before] = entryNext[out];
    entryTimer[out] = 0;
    entryNext[out] = firstFreeEntry;
    firstFreeEntry = out;
    entries--;
    locks[last & lockMask] = 0;
    // and the charge and the memory given back.
    if (timerClock[gone] < 0) return -1;
    pending[payer[gone]]--;
    nextFree[gone] = firstFree;
    firstFree = gone;
    live--;
  }
  return live === 0 && entries === 0 && acquired === 2 * pairs ? cursor[0] : -1;
}
