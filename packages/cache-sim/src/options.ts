// The options of a simulation, and the check of them.
import { checkGeometry, type Geometry } from './geometry.ts';
import { checkKeys, refusal, refused, show } from './misuse.ts';

/** Which line of a full set makes room: the least recently used, the first in, a random one, or the one a tree of bits points at. */
export type Policy = 'lru' | 'fifo' | 'random' | 'plru';

/** A cache and its rules; the defaults are cachegrind's. */
export interface Level extends Geometry {
  /** Default: the simulation's. `plru` needs 2, 4, 8, 16 or 32 ways. */
  policy?: Policy | undefined;
  /** What becomes of a write: `back`, the default: it stays in the line until that leaves; `through`: it also goes to the next level immediately. */
  write?: 'back' | 'through' | undefined;
  /** Whether a write that misses brings its line in. Default true. */
  allocate?: boolean | undefined;
  /** Brings in the next line of the same 4 KiB page on a miss. */
  prefetch?: 'next-line' | undefined;
  /** With several cores: one cache for all of them. Default: true for the last of several levels. A shared level has only shared ones after it. */
  shared?: boolean | undefined;
}

/** Translations a TLB holds. */
export interface TlbShape {
  /** Translations, sets × ways. */
  entries: number;
  /** Places in a set; entries / ways must be a power of two. */
  ways: number;
}

/** The TLBs of a core. */
export interface TlbOptions {
  /** Bytes in a page, a power of two; default 4096. */
  page?: number | undefined;
  data: TlbShape;
  /** For fetches; without it they use `data`. */
  instruction?: TlbShape | undefined;
  /** The second level, which both use when they miss. */
  second?: TlbShape | undefined;
}

/** A named part of a record. */
export interface Field {
  name: string;
  /** Bytes from the record's start. */
  offset: number;
  bytes: number;
}

/** A named part of memory: one object, or an array of records. */
export interface Region {
  name: string;
  /** Address of the first byte. */
  start: number;
  bytes: number;
  /** Bytes from one record to the next; default: one record, the whole region. */
  stride?: number | undefined;
  /** Parts of a record; what lies in none of them is counted under the field ''. */
  fields?: readonly Field[] | undefined;
}

/** The caches of a {@link CacheSim}, and what else it counts. Only `levels` is needed. */
export interface CacheSimOptions {
  /** The data path: the first level holds data, the others data and instructions; 1…8 levels. */
  levels: readonly Level[];
  /** First-level instruction cache; what it misses goes to the second level. Without it, fetches take the data path. */
  instruction?: Level | undefined;
  /** Replacement in every level that names none; default `lru`. */
  policy?: Policy | undefined;
  /** Seed of `random`, an unsigned 32-bit integer; default 1. */
  seed?: number | undefined;
  /** Every level holds what those before it hold: a line that leaves it leaves them too. Default false. Needs lines of one size. */
  inclusive?: boolean | undefined;
  /** 1…1024 cores, kept coherent by MESI; default 1. More than one needs lines of one size, write-back, allocation and no prefetch. */
  cores?: number | undefined;
  /** Counts address translations. */
  tlb?: TlbOptions | undefined;
  /** Tells compulsory, capacity and conflict misses apart, in every cache. */
  classify?: boolean | undefined;
  /** Counts lines and bytes that come and go. Always counted when another option here or a rule of a level needs it. */
  traffic?: boolean | undefined;
  /** Counts the bytes of a line that are used while it is in the first data cache. */
  usage?: boolean | undefined;
  /** Tells where accesses and misses are. They may not overlap; {@link CacheSim.addRegion} adds others later. */
  regions?: readonly Region[] | undefined;
  /**
   * `pycachesim`: its rules and its way of counting. Every line of an access is counted by itself, a write that misses reads the line
   * from below, a write that hits does not make its line the latest, and a line that is written back is a write one level below, which
   * brings it in there. For levels, policies, write-through and traffic alone: none of the other options goes with it.
   */
  compat?: 'pycachesim' | undefined;
  /** false: no code is generated for the configuration. Same counts, slower; chosen by itself where a page forbids code generation. Default: `CacheSim.codegen`. */
  codegen?: boolean | undefined;
}

const CALL = 'new CacheSim';
const KEYS =
  'levels, instruction, policy, seed, inclusive, cores, tlb, classify, traffic, usage, regions, compat, codegen';
const LEVEL_KEYS = 'name, size, ways, line, policy, write, allocate, prefetch, shared';
const MAX_LEVELS = 8;
const MAX_CORES = 1024;
/** Most lines of all caches of all cores: 4 GiB in 64-byte lines, for which a simulation that watches takes 1.1 GB. */
const MAX_LINES = 2 ** 26;
const POLICIES: readonly string[] = ['lru', 'fifo', 'random', 'plru'];
const MAX_PLRU_WAYS = 32;

/** The policy of a level within a simulation. */
export function policyOf(level: Level, options: CacheSimOptions): Policy {
  return level.policy ?? options.policy ?? 'lru';
}

/** Whether a level is one for all cores. */
export function isShared(levels: readonly Level[], at: number): boolean {
  return levels[at].shared ?? (at > 0 && at === levels.length - 1);
}

/** Whether the plain simulator (hits and misses, one core) is enough for these options. */
export function isPlain({ levels, instruction, cores, inclusive, tlb, classify, ...rest }: CacheSimOptions): boolean {
  const caches = instruction ? [...levels, instruction] : levels;
  const watches = tlb || classify || rest.traffic || rest.usage || rest.regions || rest.compat;
  if (watches || inclusive || (cores ?? 1) > 1) return false;
  return caches.every(({ write, allocate, prefetch }) => write !== 'through' && allocate !== false && !prefetch);
}

/** @throws RangeError naming what was got and what is expected. */
export function checkOptions(options: CacheSimOptions): void {
  checkKeys(CALL, 'options', options, KEYS);
  const { levels, instruction, cores = 1, seed = 1, compat } = options;
  if (!Array.isArray(levels) || levels.length < 1 || levels.length > MAX_LEVELS) {
    const got = Array.isArray(levels) ? `${levels.length} levels` : show(levels);
    throw refusal(CALL, 'levels', got, `1…${MAX_LEVELS} of them`);
  }
  const caches: readonly Level[] = instruction ? [...levels, instruction] : levels;
  for (const level of caches) checkLevel(level, options);
  if (!Number.isInteger(cores) || cores < 1 || cores > MAX_CORES) throw refused(CALL, 'cores', cores, `1…${MAX_CORES}`);
  checkLines(options, cores);
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32)
    throw refused(CALL, 'seed', seed, 'an integer, 0…4294967295');
  if (compat !== undefined && compat !== 'pycachesim') throw refused(CALL, 'compat', compat, "'pycachesim'");
  if (compat !== undefined) checkCompat(options, caches);
  if ((cores > 1 || options.inclusive) && caches.some(({ line }) => line !== levels[0].line)) {
    const lines = caches.map(({ line }) => line).join(', ');
    throw refusal(CALL, 'lines', lines, 'one size where levels are inclusive or there are several cores');
  }
  const around = options.inclusive && levels.slice(1).find(({ allocate }) => allocate === false);
  if (around)
    throw refused(
      CALL,
      `${around.name} allocate`,
      false,
      'true: an inclusive level takes in what those before it take in',
    );
  if (cores > 1) checkCores(levels, caches);
}

function checkLevel(level: Level, options: CacheSimOptions): void {
  checkKeys(CALL, 'level', level, LEVEL_KEYS);
  checkGeometry(CALL, level);
  const { name, ways, write = 'back', allocate = true, prefetch, shared = false } = level;
  const policy = policyOf(level, options);
  if (!POLICIES.includes(policy)) throw refused(CALL, `${name} policy`, policy, POLICIES.join(', '));
  if (policy === 'plru' && (ways > MAX_PLRU_WAYS || ways === 1 || (ways & (ways - 1)) !== 0)) {
    throw refused(CALL, `${name} ways`, ways, `2, 4, 8, 16 or ${MAX_PLRU_WAYS} for plru`);
  }
  if (write !== 'back' && write !== 'through') throw refused(CALL, `${name} write`, write, 'back or through');
  if (typeof allocate !== 'boolean') throw refused(CALL, `${name} allocate`, allocate, 'true or false');
  if (typeof shared !== 'boolean') throw refused(CALL, `${name} shared`, shared, 'true or false');
  if (prefetch !== undefined && prefetch !== 'next-line')
    throw refused(CALL, `${name} prefetch`, prefetch, "'next-line'");
}

/** Caches that are each within the limits may together be too large. */
function checkLines({ levels, instruction }: CacheSimOptions, cores: number): void {
  let lines = instruction ? (instruction.size / instruction.line) * cores : 0;
  for (const [at, { size, line }] of levels.entries()) lines += (size / line) * (isShared(levels, at) ? 1 : cores);
  if (lines <= MAX_LINES) return;
  const got = `${lines} lines in all caches of ${cores} cores`;
  throw refusal(CALL, 'levels', got, `at most ${MAX_LINES}`);
}

function checkCores(levels: readonly Level[], caches: readonly Level[]): void {
  for (const { name, write, allocate, prefetch } of caches) {
    if (write === 'through' || allocate === false || prefetch) {
      throw refused(
        CALL,
        name,
        'another habit',
        'write-back, allocation and no prefetch where there are several cores',
      );
    }
  }
  if (levels[0].shared) throw refused(CALL, `${levels[0].name} shared`, true, 'a first level of its own for each core');
  for (let at = 1; at < levels.length; at++) {
    if (isShared(levels, at - 1) && !isShared(levels, at)) {
      throw refused(
        CALL,
        `${levels[at].name} shared`,
        false,
        `true, as the level before it (${levels[at - 1].name}) is shared`,
      );
    }
  }
}

/** pycachesim has none of this, or has it in another way. */
function checkCompat(options: CacheSimOptions, caches: readonly Level[]): void {
  const { inclusive, tlb, classify, usage, regions, cores = 1 } = options;
  const other = Object.entries({ inclusive, tlb, classify, usage, regions }).find(([, value]) => value);
  const name = other?.[0] ?? (cores > 1 ? 'cores' : undefined);
  if (name !== undefined) throw refusal(CALL, 'compat', `'pycachesim' beside ${name}`, 'one of them');
  for (const { name, allocate, prefetch } of caches) {
    if (allocate === false || prefetch)
      throw refusal(CALL, name, 'another habit', "allocation and no prefetch with compat 'pycachesim'");
  }
}
