// A hierarchy of set-associative caches, counting as cachegrind does (Valgrind manual, "Cachegrind: a cache profiler").
import { noRegions } from './attribution.ts';
import { type CacheStats, FETCH, READ, WRITE } from './cache-stats.ts';
import type { MesiState, SharedLine } from './coherence.ts';
import { DetailedSim } from './detailed-sim.ts';
import { type Refusal, refusal, refused, show } from './misuse.ts';
import { type CacheSimOptions, checkOptions, isPlain, type Level, type Region } from './options.ts';
import { PlainSim } from './plain-sim.ts';
import { PycachesimSim } from './pycachesim-sim.ts';
import { type AccessBatch, type AccessOutcome, checkBatch, type Simulator } from './simulator.ts';

/** Addresses are exact doubles: 0…2⁵³−1. */
const ADDRESS_END = 2 ** 53;
/** Most bytes in one access, 1 GiB: line offset + bytes stays an Int32. */
const MAX_BYTES = 2 ** 30;

/**
 * Simulates what a memory access finds in a hierarchy of caches.
 *
 * Unless options say otherwise: LRU, write-allocate, not inclusive and without back-invalidation. An access that lies on several
 * lines uses all of them, is counted once, misses if one of them misses, and then goes on to the next level as a whole.
 */
export class CacheSim {
  /**
   * What the option `codegen` is where it is not given. A page whose policy forbids generated code sets it to false before it makes
   * a simulation, also through other packages: else the first one tries, and the browser reports the refusal.
   */
  static codegen = true;
  /** The shapes of the data path, first level first. */
  readonly levels: readonly Readonly<Level>[];
  /** The first level of fetches, where it is not the data's. */
  readonly instruction: Readonly<Level> | undefined;
  /** Bytes in the shortest line of any cache; cachegrind cuts data accesses to this. */
  readonly smallestLine: number;
  readonly cores: number;
  private readonly sim: Simulator;
  private readonly detailed: DetailedSim | undefined;

  /**
   * Makes a simulation whose caches are empty.
   *
   * @param options See {@link CacheSimOptions}.
   * @throws RangeError when a geometry is impossible (see `Geometry`), an option is or is not known, or two of them do not go together.
   *
   * Cost: 4 bytes per cache line; 8 once the accesses have spread over `smallestLine` − 1 regions of 4 GiB. With more than hits and
   * misses to watch: 17 bytes per cache line of each core; with several cores 79 + 4 × ⌈cores / 32⌉ bytes for every line of memory that
   * is used, and 14 + line / 8 for each core that lost it to another's write; twice that where arrays have just doubled.
   */
  constructor(options: CacheSimOptions) {
    checkOptions(options);
    const { levels, instruction, cores = 1 } = options;
    this.levels = levels.map((level) => Object.freeze({ ...level }));
    this.instruction = instruction && Object.freeze({ ...instruction });
    this.smallestLine = Math.min(...this.caches().map(({ line }) => line));
    this.cores = cores;
    const plain = isPlain(options) && (options.codegen ?? CacheSim.codegen) ? plainSim(options) : undefined;
    const other = options.compat ? new PycachesimSim(options) : plain;
    this.detailed = other ? undefined : new DetailedSim(options);
    this.sim = other ?? this.detailed!;
  }

  /** What the last access met besides the level that served it: TLB, other cores. One object that every access overwrites. */
  get last(): Readonly<AccessOutcome> {
    return this.sim.last;
  }

  /**
   * Fetches an instruction.
   *
   * @param address 0…2⁵³−1; the access may not go beyond that end.
   * @param bytes 1…2³⁰.
   * @param core 0…`cores` − 1.
   * @returns The level that served it: 0 for the first (the instruction cache, if there is one) … the number of levels for memory. A
   *   line that comes from another core is served by the first shared level, or by memory where none is shared.
   * @throws RangeError when an argument is out of range.
   */
  fetch(address: number, bytes = 1, core = 0): number {
    return this.access('fetch', FETCH, address, bytes, core);
  }

  /** Reads data; as {@link fetch}, through the data path. */
  read(address: number, bytes = 1, core = 0): number {
    return this.access('read', READ, address, bytes, core);
  }

  /** Writes data; as {@link read}. A line that is not there is brought in first, unless the level does not allocate. */
  write(address: number, bytes = 1, core = 0): number {
    return this.access('write', WRITE, address, bytes, core);
  }

  /**
   * Plays many accesses, faster than one by one.
   *
   * @throws RangeError at the first that is out of range; those before it have been played.
   *
   * Cost: least where the arrays are those of the first batch, filled again; they are kept as long as the simulation. Accesses in
   * others are copied.
   */
  play(batch: AccessBatch, core = 0): void {
    const { kinds, addresses, bytes, length } = checkBatch('CacheSim.play', batch, ['kinds', 'addresses', 'bytes']);
    const shortest = Math.min(kinds.length, addresses.length, bytes.length);
    if (!(Number.isInteger(length) && length >= 0 && length <= shortest)) {
      throw refused('CacheSim.play', 'length', length, `0…${shortest}, as many as the arrays have`);
    }
    for (let at = 0; at < length; at++) {
      if (core === 0 && this.sim.play) at = this.sim.play(batch, at);
      if (at < length) this.access('play', kinds[at], addresses[at], bytes[at], core);
    }
  }

  /** Returns the counts so far, cachegrind's nine by their names, those of each level, and what the options add. */
  stats(): CacheStats {
    return this.sim.stats();
  }

  /**
   * Names a part of memory from now on, as one of the option `regions` (which may be empty to begin with).
   *
   * @throws RangeError when it overlaps another, its shape is impossible, or the option was not given.
   */
  addRegion(region: Region): void {
    if (this.detailed === undefined) throw noRegions();
    this.detailed.addRegion(region);
  }

  /**
   * Returns the lines that move most between cores: by transfers + upgrades, ties by address. None with one core.
   *
   * @param limit How many at most, 0 or more; default 10.
   * @throws RangeError for another number.
   */
  sharedLines(limit = 10): SharedLine[] {
    if (typeof limit !== 'number' || !(limit >= 0)) throw refused('CacheSim.sharedLines', 'limit', limit, '0 or more');
    return this.detailed?.sharedLines(limit) ?? [];
  }

  /**
   * Returns what a core may do with the line of an address; always 'I' with one core, which shares lines with no other.
   *
   * @param address 0…2⁵³−1.
   * @param core 0…`cores` − 1.
   * @throws RangeError when an argument is out of range.
   */
  state(address: number, core: number): MesiState {
    if (!Number.isSafeInteger(address) || address < 0) throw this.misuse('state', address, 1, core);
    if (!Number.isInteger(core) || core < 0 || core >= this.cores) throw this.misuse('state', address, 1, core);
    return this.detailed?.state(address, core) ?? 'I';
  }

  /**
   * Returns the lines that a cache holds now, by their places.
   *
   * @param level 0 for the first data cache … `levels.length` − 1.
   * @param core 0…`cores` − 1.
   * @returns Float64Array, shape [sets × ways], address / line of each; −1 where there is none. Which way of its set a line is in means
   *   nothing. A copy.
   * @throws RangeError for another level or core, or with `compat`.
   */
  lines(level = 0, core = 0): Float64Array {
    if (!Number.isInteger(level) || level < 0 || level >= this.levels.length) {
      throw refused('CacheSim.lines', 'level', level, `0…${this.levels.length - 1}`);
    }
    if (!Number.isInteger(core) || core < 0 || core >= this.cores)
      throw refused('CacheSim.lines', 'core', core, `0…${this.cores - 1}`);
    if (this.sim.lines === undefined)
      throw refusal('CacheSim.lines', 'compat', "'pycachesim'", 'a simulation without it');
    return this.sim.lines(level, core);
  }

  /** Writes all dirty lines back and keeps them: with it, `traffic` of the last level has all bytes that went to memory. */
  flush(): void {
    this.sim.flush?.();
  }

  /** Sets the counts to zero and keeps what the caches hold: the end of a warm-up. */
  resetCounters(): void {
    this.sim.resetCounters();
  }

  /** Empties the caches and sets the counts to zero. */
  clear(): void {
    this.sim.clear();
  }

  /**
   * Shows the caches in one line of `console.log`.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    const cores = this.cores > 1 ? `${this.cores} cores · ` : '';
    const shape = ({ name, size, ways, line }: Level): string => `${name} ${size},${ways},${line}`;
    return `CacheSim { ${cores}${this.caches().map(shape).join(' · ')} }`;
  }

  private caches(): readonly Level[] {
    return this.instruction ? [this.instruction, ...this.levels] : this.levels;
  }

  private access(call: string, kind: number, address: number, bytes: number, core: number): number {
    if (kind > WRITE) throw refused('CacheSim.play', 'kind', kind, '0 fetch, 1 read or 2 write');
    const isInside = typeof bytes === 'number' && (bytes | 0) === bytes && bytes >= 1 && bytes <= MAX_BYTES;
    if (!isInside || typeof core !== 'number' || (core | 0) !== core || core < 0 || core >= this.cores)
      throw this.misuse(call, address, bytes, core);
    if (
      typeof address !== 'number' ||
      !(address >= 0 && address <= ADDRESS_END - bytes && Math.floor(address) === address)
    ) {
      throw this.misuse(call, address, bytes, core);
    }
    return this.sim.access(kind, address, bytes, core);
  }

  /** Makes the error for an access: of its three arguments, the first that cannot be. */
  private misuse(call: string, address: number, bytes: number, core: number): Refusal {
    const where = `CacheSim.${call}`;
    if (!Number.isInteger(bytes) || bytes < 1 || bytes > MAX_BYTES)
      return refused(where, 'bytes', bytes, '1…1073741824');
    if (!Number.isInteger(core) || core < 0 || core >= this.cores) {
      return refused(where, 'core', core, this.cores === 1 ? '0' : `0…${this.cores - 1}`);
    }
    if (bytes === 1) return refused(where, 'address', address, 'an integer 0…9007199254740991');
    return refusal(
      where,
      'address',
      `${show(address)} of ${bytes} bytes`,
      'an integer, address + bytes at most 9007199254740992',
    );
  }
}

/** The fast simulator; undefined where a page forbids the generation of code. */
function plainSim(options: CacheSimOptions): PlainSim | undefined {
  try {
    return new PlainSim(options);
  } catch (error) {
    if (error instanceof EvalError) return undefined;
    throw error;
  }
}
