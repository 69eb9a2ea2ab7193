// Writes the code of a plain hierarchy: straight, with every shape a constant, each way of a set a line of its own.
//
// An address comes as its low 32 bits; the rest is its region (4 GiB), entered before. A tag is the whole line number:
//   narrow  Int32    region's number << (32 − lineShift) | line within the region     (up to 2^lineShift − 1 regions)
//   wide    Float64  address / line, exact below 2⁵³                                  (the same code, slower)

import type { Policy } from './options.ts';
import { EMPTY } from './set-cache.ts';
import type { AccessBatch } from './simulator.ts';

/** A cache as the code knows it. */
export interface CacheShape {
  sets: number;
  ways: number;
  /** Bytes in a line, a power of two. */
  line: number;
  policy: Policy;
}

/** A hierarchy: caches, and the ways through them as indices, first level first. */
export interface PlainShape {
  caches: readonly CacheShape[];
  fetchPath: readonly number[];
  dataPath: readonly number[];
  seed: number;
}

/** What the code works on. Arrays by cache. */
export interface PlainState {
  /** Int32Array or, wide, Float64Array, shape [sets × ways], EMPTY where there is none. */
  tags: (Int32Array | Float64Array)[];
  /** Int32Array, shape [sets], nothing for lru; fifo: next place; random: places filled; plru: the tree, as in SetCache. */
  orders: Int32Array[];
  /** Int32Array, shape [1]: random's state. */
  randoms: Int32Array[];
  /** Float64Array, shape [3 kinds × (levels + 1)]: accesses by the level that served them. */
  served: Float64Array;
  /** Float64Array, shape [3 kinds]: accesses that the last `play` sent the straight way, without counting them in `served`. */
  played: Float64Array;
  /** Int32Array, as `served`: those of them that a level after the first served. */
  further: Int32Array;
  /** Returns the number of a region, −1 when there is none for it: what the code then returns tells who has to go on. */
  numberOf: (upper: number) => number;
}

/** Arrays of a batch. */
export type BatchArrays = Pick<AccessBatch, 'kinds' | 'addresses' | 'bytes'>;

/** The code. */
export interface PlainCode {
  /** Plays an access of 1 byte or more. Returns the level that served it, or else NO_REGION or OVER_THE_END. */
  access(kind: number, address: number, bytes: number): number;
  /** Plays the accesses `from` … `to` − 1 of the batch's arrays. Returns `to`, or the first that is not for it: bad, over the end of a region. */
  play(from: number, to: number): number;
  /** Makes a region the one whose lines `touch` means. Returns false when it has no number. */
  enter(upper: number): boolean;
  /** By cache: uses a line of the region. Returns whether it was there. */
  touch: ((line: number) => boolean)[];
}

/** The access is in a region without a number. */
export const NO_REGION: number = -1;
/** The access goes on into the next region. */
export const OVER_THE_END: number = -2;

/** Ways that get a line of code each; with more, a loop goes over them. */
const UNROLLED = 32;
/** Regions that are recognised at the same time; a power of two. */
const RECENT = 64;

/** Makes fresh state: all caches empty. */
export function emptyState({ caches, seed, dataPath }: PlainShape, numberOf: PlainState['numberOf']): PlainState {
  return {
    tags: caches.map(({ sets, ways }) => new Int32Array(sets * ways).fill(EMPTY)),
    orders: caches.map(({ sets, policy }) => new Int32Array(policy === 'lru' ? 0 : sets)),
    randoms: caches.map(() => Int32Array.of(seed)),
    served: new Float64Array(3 * (dataPath.length + 1)),
    played: new Float64Array(3),
    further: new Int32Array(3 * (dataPath.length + 1)),
    numberOf,
  };
}

/**
 * Compiles a hierarchy.
 *
 * @param batch The arrays that `play` reads, and no others: an engine that knows where they are reads them a third faster.
 * @throws EvalError where a page forbids it.
 */
export function compile(shape: PlainShape, state: PlainState, batch: BatchArrays, wide: boolean): PlainCode {
  return new Function('state', 'batch', `${source(shape, wide)}// ${++compiled}`)(state, batch) as PlainCode;
}

/**
 * One more for each simulation. No two get the same text, not even of two copies of this module: an engine that shares code between them
 * can no longer take their arrays for constants, and loses a third of its speed.
 */
let compiled = Math.random();

/** The code of a hierarchy. */
export function source(shape: PlainShape, wide: boolean): string {
  const { caches, fetchPath, dataPath } = shape;
  const shifts = [...new Set(caches.map(({ line }) => Math.log2(line)))];
  const levels = dataPath.length;
  const smallest = Math.min(...caches.map(({ line }) => line));
  const isOne = fetchPath[0] === dataPath[0];
  return `'use strict';
const { served, played, further, numberOf } = state, { kinds, addresses, bytes } = batch;
${caches.map((_, at) => `const t${at} = state.tags[${at}], o${at} = state.orders[${at}], x${at} = state.randoms[${at}];`).join('\n')}
const keys = new Float64Array(${RECENT}).fill(-1), numbers = new Int32Array(${RECENT});
const upper = new Float64Array(1).fill(NaN), ${shifts.map((shift) => `region${shift} = new ${wide ? 'Float64' : 'Int32'}Array(1)`).join(', ')};
function enter(u) {
  const at = u & ${RECENT - 1};
  let number = numbers[at];
  if (keys[at] !== u) {
    number = numberOf(u);
    if (number < 0) return false;
    keys[at] = u;
    numbers[at] = number;
  }
  upper[0] = u;
  ${shifts.map((shift) => `region${shift}[0] = ${wide ? `number * ${2 ** (32 - shift)}` : `number << ${32 - shift}`};`).join(' ')}
  return true;
}
${caches.map((cache, at) => touchFunction(cache, at, wide)).join('\n')}
${manyLines('fetchLines', fetchPath, caches)}
${manyLines('dataLines', dataPath, caches)}
function access(kind, address, bytes) {
  const low = address >>> 0, u = (address - low) * ${2 ** -32};
  if (u !== upper[0] && !enter(u)) return ${NO_REGION};
  let level;
  if ((low & ${smallest - 1}) + bytes > ${smallest}) {
    if (low + bytes > ${2 ** 32}) return ${OVER_THE_END};
    level = kind === 0 ? fetchLines(low, bytes) : dataLines(low, bytes);
  }
  ${isOne ? '' : `else if (kind === 0) level = ${oneLine(fetchPath, caches)};\n  `}else level = ${oneLine(dataPath, caches)};
  served[kind * ${levels + 1} + level]++;
  return level;
}
${playFunction(shape, wide)}
return { access, play, enter, touch: [${caches.map((_, at) => `touch${at}`).join(', ')}] };
`;
}

/**
 * A function: `play`. Its inner loop calls nothing, and goes on only within a region and a line. An access to the line that the same
 * first cache was asked for last is a hit that changes nothing, whatever the policy.
 */
function playFunction({ caches, fetchPath, dataPath }: PlainShape, wide: boolean): string {
  const smallest = Math.min(...caches.map(({ line }) => line));
  const shifts = [...new Set(caches.map(({ line }) => Math.log2(line)))];
  const columns = dataPath.length + 1;
  const isOne = fetchPath[0] === dataPath[0];
  const touch = (at: number, hit: string): string =>
    `const line = low >>> ${Math.log2(caches[at].line)};\n${touchCode(caches[at], at, wide, hit)}`;
  const first = (at: number, last: string): string =>
    `if (unit === ${last}) continue;\n${last} = unit;\n${touch(at, 'continue each;')}`;
  const later = dataPath.slice(1).map((at, level) => {
    return `{\n${touch(at, `further[kind * ${columns} + ${level + 1}]++; continue each;`)}}`;
  });
  return `function apart(i) {
  const kind = kinds[i], size = bytes[i];
  return kind <= 2 && size >= 1 && size <= ${2 ** 30} && access(kind, addresses[i], size) >= 0;
}
function play(from, to) {
  const end = to | 0;
  let i = from | 0, others = 0, sum = 0, odd = 0;
  for (;;) {
    const base = upper[0] * ${2 ** 32}, ${shifts.map((shift) => `r${shift} = region${shift}[0]`).join(', ')};
    let lastFetch = -1, lastData = -1;
    each: for (; i < end; i = (i + 1) | 0) {
      const offset = addresses[i] - base, low = offset >>> 0, kind = kinds[i];
      if (low !== offset || kind > 2 || (bytes[i] - 1) >>> 0 > ${smallest - 1} - (low & ${smallest - 1})) break;
      const unit = low >>> ${Math.log2(smallest)};
      sum = (sum + kind) | 0;
      odd = (odd + (kind & 1)) | 0;
      ${isOne ? '' : `if (kind === 0) { ${first(fetchPath[0], 'lastFetch')} } else`} { ${first(dataPath[0], 'lastData')} }
      ${later.join('\n')}
      further[kind * ${columns} + ${dataPath.length}]++;
    }
    if (i >= end || !apart(i)) break;
    i = (i + 1) | 0;
    others = (others + 1) | 0;
  }
  played[1] = odd;
  played[2] = (sum - odd) / 2;
  played[0] = i - from - others - played[1] - played[2];
  return i;
}`;
}

/** A function: uses a line of the region in a cache. */
function touchFunction(cache: CacheShape, at: number, wide: boolean): string {
  const shift = Math.log2(cache.line);
  return `function touch${at}(line) {
const r${shift} = region${shift}[0];
${touchCode(cache, at, wide, 'return true;')}
return false;
}`;
}

/** An expression: the level that serves an access within one line. */
function oneLine(path: readonly number[], caches: readonly CacheShape[]): string {
  const asked = path.map((at, level) => `touch${at}(low >>> ${Math.log2(caches[at].line)}) ? ${level} : `);
  return `${asked.join('')}${path.length}`;
}

/** A function: the level that serves an access on several lines, which uses them all in every level that it comes to. */
function manyLines(name: string, path: readonly number[], caches: readonly CacheShape[]): string {
  const levels = path.map((at, level) => {
    const shift = Math.log2(caches[at].line);
    return `hit = true;
  for (let line = low >>> ${shift}, last = (low + bytes - 1) >>> ${shift}; line <= last; line++) if (!touch${at}(line)) hit = false;
  if (hit) return ${level};`;
  });
  return `function ${name}(low, bytes) {\n  let hit;\n  ${levels.join('\n  ')}\n  return ${path.length};\n}`;
}

/** Statements: use `line` of the region r in a cache; `hit` when it was there, else fall through with it brought in. */
function touchCode(cache: CacheShape, at: number, wide: boolean, hit: string): string {
  const { sets, ways, line, policy } = cache;
  const shift = Math.log2(line);
  const first = Number.isInteger(Math.log2(ways)) ? `<< ${Math.log2(ways)}` : `* ${ways}`;
  const start = `const set = line & ${sets - 1}, p = set ${first}, tag = ${wide ? `line + r${shift}` : `(line + r${shift}) | 0`};\n`;
  return start + (policy === 'lru' ? lruCode(ways, `t${at}`, hit) : orderedCode(cache, at, hit));
}

/** Moves the tag to the front; what stood before it moves back by one, and on a miss the last falls out. */
function lruCode(ways: number, t: string, hit: string): string {
  const start = `let a = ${t}[p];\nif (a === tag) { ${hit} }\n${t}[p] = tag;\n`;
  if (ways > UNROLLED) {
    return `${start}for (let q = p + 1; q < p + ${ways}; q++) { const b = ${t}[q]; ${t}[q] = a; if (b === tag) { ${hit} } a = b; }`;
  }
  let code = ways > 1 ? `${start}let b;\n` : start;
  for (let way = 1; way < ways; way++) {
    const [taken, moved] = way % 2 === 1 ? ['b', 'a'] : ['a', 'b'];
    code += `${taken} = ${t}[p + ${way}]; ${t}[p + ${way}] = ${moved}; if (${taken} === tag) { ${hit} }\n`;
  }
  return code;
}

/** Looks for the tag, then lets the policy see the use or choose a place. */
function orderedCode({ ways, policy }: CacheShape, at: number, hit: string): string {
  const [t, o] = [`t${at}`, `o${at}`];
  const find = `let w = 0;\nwhile (w < ${ways} && ${t}[p + w] !== tag) w++;\n`;
  if (policy === 'plru') {
    return `${find}const found = w < ${ways};
if (!found) { let node = 1; while (node < ${ways}) node = 2 * node + ((${o}[set] >>> node) & 1); w = node - ${ways}; ${t}[p + w] = tag; }
let tree = ${o}[set];
for (let node = w + ${ways}; node > 1; node >>= 1) tree = (node & 1) !== 0 ? tree & ~(1 << (node >> 1)) : tree | (1 << (node >> 1));
${o}[set] = tree;
if (found) { ${hit} }\n`;
  }
  const filled = `const next = ${o}[set];\n`;
  if (policy === 'fifo') {
    return `${find}if (w < ${ways}) { ${hit} }\n${filled}${t}[p + next] = tag;\n${o}[set] = next + 1 === ${ways} ? 0 : next + 1;\n`;
  }
  return `${find}if (w < ${ways}) { ${hit} }\n${filled}if (next < ${ways}) { ${t}[p + next] = tag; ${o}[set] = next + 1; }
else {
  let x = x${at}[0];
  x ^= x << 13; x ^= x >>> 17; x ^= x << 5;
  x${at}[0] = x;
  ${t}[p + Math.floor((x >>> 0) * ${2 ** -32 * ways})] = tag;
}\n`;
}
