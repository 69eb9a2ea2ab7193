// The arithmetic of AIO rings: a header of 32 bytes, then slots of 32 bytes, in whole pages.
// Source: fs/aio.c (ioctx_alloc, aio_setup_ring), 6.1 and 6.18, measured; criu/aio.c, v4.2.

const PAGE = 4096;
const SLOT = 32;
const SLOTS_PER_PAGE = PAGE / SLOT;

/** One ring of one process. */
export interface AioRing {
  pid: number;
  /** Requests that CRIU asks io_setup for. */
  nrReq: number;
  /** Bytes of its mapping. */
  ringLen: number;
  /** From the memory of the process; both null where that was not there. */
  head: number | null;
  tail: number | null;
}

/** Returns the pages of 4,096 bytes that a ring has. */
export function pagesOf({ ringLen }: Pick<AioRing, 'ringLen'>): number {
  return Math.floor(ringLen / PAGE);
}

/** Slots in a ring of so many pages: the header takes the place of one. */
export function slotsOf(pages: number): number {
  return SLOTS_PER_PAGE * pages - 1;
}

/** Pages of the ring that io_setup makes for so many requests on a machine with so many possible CPUs. */
export function newPages(requests: number, cpus: number): number {
  return Math.ceil((2 * Math.max(requests, 4 * cpus) + 3) / SLOTS_PER_PAGE);
}

/** Numbers of possible CPUs with which io_setup makes a ring of the same size; null if there is none. */
export function fittingCpus(ring: AioRing): { least: number; most: number } | null {
  const pages = pagesOf(ring);
  const fewest = newPages(ring.nrReq, 0); // where the CPUs ask for less than the process
  const most = Math.floor((SLOTS_PER_PAGE * pages - 3) / 8); // 8 · cpus + 3 ≤ 128 · pages
  const least = fewest === pages ? 1 : Math.floor((SLOTS_PER_PAGE * (pages - 1) - 3) / 8) + 1;
  return fewest > pages || most < least ? null : { least, most };
}

/** Requests that all rings are charged against fs.aio-max-nr. */
export function requestsOf(rings: readonly AioRing[]): number {
  return rings.reduce((sum, { nrReq }) => sum + nrReq, 0);
}

/** No-op requests until the tail is where it was; the most there can be if that is not known. */
export function noOpsFor(ring: AioRing): number {
  const { head, tail } = ring;
  const slots = Math.max(1, slotsOf(pagesOf(ring)));
  if (head === null || tail === null) return 2 * slots - 1;
  if (head === 0 && tail === 0) return 0;
  return tail >= head ? tail : slots + tail;
}
