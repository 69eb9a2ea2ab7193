// One class that hands out IDs, under a fixed sequence of calls, with every access to its typed arrays recorded.
import { regionsOf, trace, type Unseen } from '@idspace/mem-trace';
import { type Caches, type Counts, Meter, type Metered } from './meter.ts';

/** What is asked of an allocator. */
export interface Allocator {
  allocate(): unknown;
  free(id: number): unknown;
}

/** The calls: IDs are allocated up to a number, then one at random is freed and another allocated, again and again. */
export interface Calls {
  /** IDs that live at the same time, 1…{@link MOST_LIVE}. */
  readonly live: number;
  /** Pairs of a free and an allocate after that, 0…{@link MOST_PAIRS}. */
  readonly pairs: number;
  /** Chooses which are freed: 32 bits. */
  readonly seed: number;
}

export const MOST_LIVE = 100_000;
export const MOST_PAIRS = 100_000;
export const MOST_SEED = 0xffff_ffff;
/** Accesses that are recorded of one class; a recorded one takes a tenth of a microsecond. */
const MOST_ACCESSES = 30_000_000;
/** Bytes of typed arrays that a class may hold over time. */
const MOST_BYTES = 2 ** 28;

/** What a class cost under the calls. */
export interface AllocatorResult extends Metered {
  readonly name: string;
  readonly calls: number;
  /** Bytes of the typed arrays that its fields have held. */
  readonly bytes: number;
  /** By field, most misses first. */
  readonly fields: readonly (Counts & { readonly name: string })[];
  /** What cannot be seen of it, so that its accesses are not counted. */
  readonly unseen: readonly Unseen[];
}

/** Says what an allocator did wrong. */
export class AllocatorError extends Error {
  override readonly name = 'AllocatorError';
  readonly code = 'allocator';
}

/**
 * Runs an allocator.
 *
 * @throws AllocatorError for an ID that is none or lives already, and where it accesses or holds too much; RangeError where it has no typed array that can be
 *   seen, or for calls out of range; whatever it throws itself.
 */
export function runAllocator(name: string, make: () => Allocator, calls: Calls, caches: Caches): AllocatorResult {
  checkCalls(calls);
  const meter = new Meter(caches, { regions: true });
  const allocator = guarded(`new ${name}()`, make);
  let accesses = 0;
  const tracing = trace({ [name]: allocator }, (_array, _element, isWrite, raw, address) => {
    if (++accesses > MOST_ACCESSES) {
      throw new AllocatorError(`${name} made more than ${MOST_ACCESSES.toLocaleString('en-US')} accesses`);
    }
    meter.access(address, raw.BYTES_PER_ELEMENT, isWrite);
  });
  let bytes = 0;
  regionsOf(tracing, (region) => {
    bytes += region.bytes;
    if (bytes > MOST_BYTES)
      throw new AllocatorError(`${name} made typed arrays of more than ${MOST_BYTES.toLocaleString('en-US')} bytes`);
    meter.sim.addRegion(region);
  });
  try {
    const made = play(name, allocator, calls);
    return { ...meter.result(), name, calls: made, bytes, fields: fieldsOf(meter), unseen: tracing.unseen() };
  } finally {
    tracing.stop();
  }
}

function play(name: string, allocator: Allocator, { live, pairs, seed }: Calls): number {
  const ids: number[] = [];
  const taken = new Set<number>();
  const allocate = (): number => {
    const id = guarded(`${name}.allocate()`, () => allocator.allocate());
    if (typeof id !== 'number' || !Number.isInteger(id) || id < 0) {
      throw new AllocatorError(
        `${name}.allocate() returned ${shown(id)} with ${ids.length} IDs live, expected an integer, 0 or more`,
      );
    }
    if (taken.has(id)) throw new AllocatorError(`${name}.allocate() returned ${id}, which is in use`);
    taken.add(id);
    return id;
  };
  while (ids.length < live) ids.push(allocate());
  const random = generator(seed);
  for (let pair = 0; pair < pairs; pair++) {
    const at = Math.floor(random() * live);
    guarded(`${name}.free(${ids[at]})`, () => allocator.free(ids[at]!));
    taken.delete(ids[at]!);
    ids[at] = allocate();
  }
  return live + 2 * pairs;
}

/** Says which call threw, and in which line of what was pasted, where the engine tells. */
function guarded<Result>(call: string, run: () => Result): Result {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof AllocatorError || !(cause instanceof Error)) throw cause;
    const [, line] = /^\s*(?:at .*)?blob:\S*?:(\d+):\d+\)?$/m.exec(cause.stack ?? '') ?? [];
    throw new AllocatorError(
      `${call} threw ${cause.name}: ${cause.message}${line === undefined ? '' : `, line ${line}`}`,
    );
  }
}

function fieldsOf({ sim }: Meter): AllocatorResult['fields'] {
  return (sim.stats().regions ?? [])
    .filter(({ region }) => region !== '')
    .map(({ region, reads, writes, misses: [d1Misses, llMisses] }) => {
      return { name: region, reads, writes, d1Misses: d1Misses!, llMisses: llMisses! };
    })
    .reduce(sumByName, [])
    .sort((a, b) => b.d1Misses - a.d1Misses || b.reads + b.writes - a.reads - a.writes);
}

type FieldCounts = AllocatorResult['fields'][number];

/** A field that has grown has been several regions. */
function sumByName(fields: FieldCounts[], field: FieldCounts): FieldCounts[] {
  const at = fields.findIndex(({ name }) => name === field.name);
  if (at < 0) return [...fields, field];
  const { name, reads, writes, d1Misses, llMisses } = fields[at]!;
  fields[at] = {
    name,
    reads: reads + field.reads,
    writes: writes + field.writes,
    d1Misses: d1Misses + field.d1Misses,
    llMisses: llMisses + field.llMisses,
  };
  return fields;
}

function checkCalls({ live, pairs, seed }: Calls): void {
  const check = (name: string, value: number, min: number, max: number): void => {
    if (Number.isInteger(value) && value >= min && value <= max) return;
    throw new RangeError(
      `${name}: got ${value.toLocaleString('en-US')}, expected a whole number, ${min}…${max.toLocaleString('en-US')}`,
    );
  };
  check('IDs', live, 1, MOST_LIVE);
  check('pairs', pairs, 0, MOST_PAIRS);
  check('seed', seed, 0, MOST_SEED);
}

function shown(value: unknown): string {
  try {
    return String(value).slice(0, 80);
  } catch {
    return typeof value;
  }
}

/** mulberry32: numbers in 0…1 that depend on the seed alone. */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
