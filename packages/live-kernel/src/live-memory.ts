// LiveMemory: what pointers given to the kernel point at: memory that stays where it is.
import type { Libc } from './libc.ts';
import { LiveKernelError } from './live-kernel-error.ts';
import { refused } from './misuse.ts';
import type { Itimerspec, Sigevent } from './timer-types.ts';

/** A multiple of every page size there is (4, 16 and 64 KiB). */
const PAGE = 65_536;
const PROT_NONE = 0;
const PROT_READ = 1;
const PROT_READ_WRITE = 3;
const MAP_PRIVATE_ANONYMOUS = 0x22;

/** sizeof(struct sigevent). */
const SIGEVENT_BYTES = 64;
/** Offsets of the structures in the first page, and of fields in words of four bytes. */
const SIGEVENT = 0;
const SIGEVENT_SIGNO = (SIGEVENT + 8) / 4;
const SIGEVENT_NOTIFY = (SIGEVENT + 12) / 4;
const SIGEVENT_TID = (SIGEVENT + 16) / 4;
/** The caller's timer_t: the kernel reads and writes four bytes, though the C library's type has eight. */
const ID = SIGEVENT + SIGEVENT_BYTES;
/** struct itimerspec: it_interval, it_value; two longs each. */
const SETTING = 128;
/** struct rlimit64: rlim_cur, rlim_max; a long each. */
const LIMIT = 160;
/** The parts of a struct itimerspec, in their order. */
const SETTING_PARTS = ['intervalSec', 'intervalNsec', 'valueSec', 'valueNsec'] as const;
const RLIM_INFINITY = -1n; // all 64 bits

/** One sigevent, one ID, one setting and one limit in memory of their own, and the addresses of good and bad pointers. */
export class LiveMemory {
  /** A struct sigevent. */
  readonly sigevent: number;
  /** Four bytes that can be read and written. */
  readonly id: number;
  /** Four bytes that can be read but not written. */
  readonly readOnlyId: number;
  /** A struct itimerspec. */
  readonly setting: number;
  /** A struct rlimit64. */
  readonly limit: number;
  /** Memory that can be neither read nor written. */
  readonly unmapped: number;

  private readonly libc: Libc;
  private readonly words: Int32Array;
  private readonly longs: BigInt64Array;
  private readonly limits: BigInt64Array;
  private readonly readOnlyWords: Int32Array;

  /** @throws LiveKernelError (unavailable) if there is no memory for it. */
  constructor(libc: Libc) {
    this.libc = libc;
    const base = libc.mmap(0, 3 * PAGE, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
    if (base === -1) throw new LiveKernelError('unavailable', `mmap failed with errno ${libc.errno()}`);
    const buffer = libc.view(base, 2 * PAGE);
    this.words = new Int32Array(buffer, 0, PAGE / 4);
    this.longs = new BigInt64Array(buffer, SETTING, 4);
    this.limits = new BigInt64Array(buffer, LIMIT, 2);
    this.readOnlyWords = new Int32Array(buffer, PAGE, 1);
    this.sigevent = base + SIGEVENT;
    this.id = base + ID;
    this.setting = base + SETTING;
    this.limit = base + LIMIT;
    this.readOnlyId = base + PAGE;
    this.unmapped = base + 2 * PAGE;
    this.protect(this.readOnlyId, PROT_READ);
    this.protect(this.unmapped, PROT_NONE);
  }

  /** Fills in the sigevent. */
  writeSigevent(sigevent: Sigevent): void {
    const { words } = this;
    const value = sigevent.value ?? 0;
    words[0] = typeof value === 'number' ? value : Number(BigInt.asIntN(32, value));
    words[1] = typeof value === 'number' ? Math.floor(value / 2 ** 32) : Number(BigInt.asIntN(32, value >> 32n));
    words[SIGEVENT_SIGNO] = sigevent.signo ?? 0;
    words[SIGEVENT_NOTIFY] = sigevent.notify;
    words[SIGEVENT_TID] = sigevent.tid ?? 0;
  }

  readId(): number {
    return this.words[ID / 4];
  }

  writeId(id: number): void {
    this.words[ID / 4] = id;
  }

  /** Fills in the ID that can only be read. */
  writeReadOnlyId(id: number): void {
    this.protect(this.readOnlyId, PROT_READ_WRITE);
    this.readOnlyWords[0] = id;
    this.protect(this.readOnlyId, PROT_READ);
  }

  readSetting(out: Itimerspec): void {
    const { longs } = this;
    out.intervalSec = Number(longs[0]);
    out.intervalNsec = Number(longs[1]);
    out.valueSec = Number(longs[2]);
    out.valueNsec = Number(longs[3]);
  }

  /** @throws RangeError if a part is not an integer. */
  writeSetting(setting: Itimerspec): void {
    for (const [index, part] of SETTING_PARTS.entries()) {
      const value = setting[part];
      if (!Number.isInteger(value)) throw refused(part, value, 'an integer');
      this.longs[index] = BigInt(value);
    }
  }

  /** Fills in a limit, soft and hard. @throws RangeError if it is neither an integer nor Infinity. */
  writeLimit(limit: number): void {
    const isLimit = limit === Number.POSITIVE_INFINITY || (Number.isSafeInteger(limit) && limit >= 0);
    if (!isLimit) throw refused('limit', limit, 'an integer 0…9007199254740991 or Infinity');
    this.limits.fill(limit === Number.POSITIVE_INFINITY ? RLIM_INFINITY : BigInt(limit));
  }

  private protect(address: number, protection: number): void {
    if (this.libc.mprotect(address, PAGE, protection) !== 0) {
      throw new LiveKernelError('unavailable', `mprotect failed with errno ${this.libc.errno()}`);
    }
  }
}
