// Translation look-aside buffers: caches whose lines are pages.
import { type Geometry, isPowerOfTwo } from './geometry.ts';
import { checkKeys, refusal, refused, show } from './misuse.ts';
import type { TlbOptions, TlbShape } from './options.ts';
import { SetCache } from './set-cache.ts';

/** Lookups of one TLB. */
export interface TlbLevelStats {
  lookups: number;
  misses: number;
}

/** Counts of the TLBs, all cores together. An access over two pages looks both up and is counted once, as in the caches. */
export interface TlbStats {
  /** Bytes in a page. */
  page: number;
  data: TlbLevelStats;
  instruction?: TlbLevelStats;
  second?: TlbLevelStats;
  /** Accesses whose translation was in no TLB. */
  walks: number;
}

/** TLBs are made where a simulation is. */
const CALL = 'new CacheSim';
const MIN_PAGE = 8;
const MAX_PAGE = 2 ** 40;
const MAX_ENTRIES = 2 ** 24;

/** One of the TLBs, with its counts. */
class TlbLevel {
  readonly stats: TlbLevelStats = { lookups: 0, misses: 0 };
  private readonly perCore: readonly SetCache[];

  constructor(geometry: Geometry, cores: number) {
    this.perCore = Array.from({ length: cores }, () => new SetCache(geometry, 'lru', 1));
  }

  /** Looks up all pages of an access. Returns true when all were there. */
  lookUp(core: number, first: number, last: number): boolean {
    const cache = this.perCore[core];
    let hit = true;
    for (let page = first; page <= last; page++) {
      const place = cache.find(page);
      if (place >= 0) cache.use(place);
      else {
        cache.insert(page, 0);
        hit = false;
      }
    }
    this.stats.lookups++;
    if (!hit) this.stats.misses++;
    return hit;
  }

  resetCounters(): void {
    this.stats.lookups = this.stats.misses = 0;
  }

  clear(): void {
    for (const cache of this.perCore) cache.clear();
    this.resetCounters();
  }
}

/** The TLBs of all cores. */
export class Tlb {
  readonly page: number;
  private readonly data: TlbLevel;
  private readonly instruction: TlbLevel | undefined;
  private readonly second: TlbLevel | undefined;
  private readonly levels: readonly TlbLevel[];
  private walks = 0;

  /** @throws RangeError for an impossible shape. */
  constructor(options: TlbOptions, cores: number) {
    const {
      page = 4096,
      data,
      instruction,
      second,
    } = checkKeys(CALL, 'tlb', options, 'page, data, instruction, second');
    if (!isPowerOfTwo(page) || page < MIN_PAGE || page > MAX_PAGE)
      throw refused(CALL, 'tlb page', page, 'a power of two, 8…1099511627776');
    this.page = page;
    const level = (name: string, shape: TlbShape | undefined): TlbLevel | undefined =>
      shape && new TlbLevel(geometryOf(name, shape, page), cores);
    this.data = new TlbLevel(geometryOf('data TLB', data, page), cores);
    this.instruction = level('instruction TLB', instruction);
    this.second = level('second TLB', second);
    this.levels = [this.data, this.instruction, this.second].filter((one) => one !== undefined);
  }

  /** Translates. Returns 0 when the first TLB knew the pages, 1 when the second did, 2 for a walk of the page table. */
  translate(core: number, isFetch: boolean, address: number, bytes: number): 0 | 1 | 2 {
    const first = Math.floor(address / this.page);
    const last = Math.floor((address + bytes - 1) / this.page);
    const level = (isFetch && this.instruction) || this.data;
    if (level.lookUp(core, first, last)) return 0;
    if (this.second?.lookUp(core, first, last)) return 1;
    this.walks++;
    return 2;
  }

  stats(): TlbStats {
    return {
      page: this.page,
      data: { ...this.data.stats },
      ...(this.instruction && { instruction: { ...this.instruction.stats } }),
      ...(this.second && { second: { ...this.second.stats } }),
      walks: this.walks,
    };
  }

  resetCounters(): void {
    for (const level of this.levels) level.resetCounters();
    this.walks = 0;
  }

  clear(): void {
    for (const level of this.levels) level.clear();
    this.walks = 0;
  }
}

function geometryOf(name: string, shape: TlbShape, page: number): Geometry {
  const { entries, ways } = checkKeys(CALL, name, shape, 'entries, ways');
  if (!Number.isInteger(ways) || ways < 1) throw refused(CALL, `${name} ways`, ways, '1 or more');
  if (!Number.isInteger(entries) || !isPowerOfTwo(entries / ways)) {
    const got = `${show(entries)} entries, ${ways} ways`;
    throw refusal(CALL, name, got, `a power of two (entries / ways is ${Number(entries) / ways} sets)`);
  }
  if (entries > MAX_ENTRIES) throw refused(CALL, `${name} entries`, entries, `at most ${MAX_ENTRIES}`);
  return { name, size: entries * page, ways, line: page };
}
