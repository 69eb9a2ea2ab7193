// AioContexts: how large the ring of an AIO context becomes, and what the machine charges for it.
// Reference: Linux fs/aio.c (v6.18), ioctx_alloc, aio_setup_ring.

import { EAGAIN, EINVAL } from './errno.ts';
import { INT_MAX } from './int-max.ts';
import { checkInteger, checkKeys } from './misuse.ts';

const MAX_CPUS = 8192; // NR_CPUS of the largest configuration
const PAGE = 4096;
const EVENT_BYTES = 32; // struct io_event
const HEADER_EVENTS = 1; // struct aio_ring is as large as an event
/** Above this, io_setup refuses a size out of hand: 2²⁸ bytes of events. */
const MOST_EVENTS = 0x10000000 / EVENT_BYTES;

/** A ring as the kernel makes it. */
export interface AioRing {
  /** Pages of 4,096 bytes. */
  readonly pages: number;
  /** Events that it holds: the `nr` in its header. */
  readonly events: number;
}

/**
 * Tells the ring that io_setup(requests) makes.
 *
 * It depends on how many CPUs the machine can have, plugged in or not: the kernel keeps some requests for each.
 * @param requests 1…2³¹−1.
 * @param possibleCpus /sys/devices/system/cpu/possible, counted; 1…8192.
 * @throws RangeError for a number out of range.
 */
export function aioRing(requests: number, possibleCpus: number): AioRing {
  checkInteger(requests, 'requests', 1, INT_MAX);
  checkInteger(possibleCpus, 'possibleCpus', 1, MAX_CPUS);
  // Twice the larger of both, and two more: one slot stays empty, and one more in case the ring runs over.
  const wanted = 2 * Math.max(requests, 4 * possibleCpus) + 2;
  const pages = Math.ceil(((wanted + HEADER_EVENTS) * EVENT_BYTES) / PAGE);
  return { pages, events: Math.floor((pages * PAGE) / EVENT_BYTES) - HEADER_EVENTS };
}

/**
 * The AIO contexts of a machine, as far as fs.aio-nr counts them.
 *
 * Source: ioctx_alloc, fs/aio.c, v6.18.
 */
export class AioContexts {
  private readonly possibleCpus: number;
  private readonly max: number;
  private charged = 0;

  /**
   * @param options.possibleCpus CPUs the machine can have, 1…8192; default 1.
   * @param options.max fs.aio-max-nr, 0…2³¹−1; default 65,536.
   * @param options.charged fs.aio-nr to begin with, 0…2³¹−1; default 0.
   * @throws RangeError for an unknown option or a number out of range.
   */
  constructor(
    options: { possibleCpus?: number | undefined; max?: number | undefined; charged?: number | undefined } = {},
  ) {
    const { possibleCpus = 1, max = 65_536, charged = 0 } = checkKeys(options, 'possibleCpus', 'max', 'charged');
    checkInteger(possibleCpus, 'possibleCpus', 1, MAX_CPUS);
    checkInteger(max, 'max', 0, INT_MAX);
    checkInteger(charged, 'charged', 0, INT_MAX);
    this.possibleCpus = possibleCpus;
    this.max = max;
    this.charged = charged;
  }

  /** fs.aio-nr: requests charged, as they were asked for. */
  get nr(): number {
    return this.charged;
  }

  /**
   * Makes a context.
   *
   * @param requests How many requests io_setup is asked for.
   * @returns Its ring; −EINVAL for 0 or more than 2²³ requests; −EAGAIN if fs.aio-nr would pass fs.aio-max-nr.
   */
  setUp(requests: number): AioRing | number {
    if (!(Number.isInteger(requests) && requests >= 1 && requests <= MOST_EVENTS)) return -EINVAL;
    if (this.charged + requests > this.max) return -EAGAIN;
    this.charged += requests;
    return aioRing(requests, this.possibleCpus);
  }

  /** Destroys a context that was set up with so many requests. */
  destroy(requests: number): void {
    checkInteger(requests, 'requests', 1, this.charged);
    this.charged -= requests;
  }
}
