// The simulator that follows pycachesim: loads and stores travel line by line, and what is written back is a store one level below.
import { LevelTally } from './cache-node.ts';
import { type CacheStats, cacheStats, FETCH, READ, WRITE } from './cache-stats.ts';
import { type CacheSimOptions, type Level, policyOf } from './options.ts';
import { DIRTY, EMPTY, SetCache } from './set-cache.ts';
import type { AccessOutcome, Simulator } from './simulator.ts';

/**
 * Loads and stores as pycachesim describes them:
 *
 * - every line of an access is looked up, counted and passed on by itself;
 * - a load that misses loads the whole line from the level below, and only then makes room for it;
 * - a store that misses loads the whole line; a store that hits leaves the order of its set as it is;
 * - a dirty line that makes room is stored one level below, where the same holds: it is loaded there if it is not there.
 *
 * In its words, of every level: LOAD = reads + writeMisses (in lines), STORE = writes, MISS = readMisses + writeMisses,
 * HIT = reads − readMisses, EVICT = traffic.writebacks.
 *
 * Source: J. Hammer, pycachesim 0.2, its documentation and the description of cachesim's backend; no code.
 */
export class PycachesimSim implements Simulator {
  readonly last: AccessOutcome = { tlb: 0, transferred: false, upgraded: false, invalidated: 0, lost: false };
  private readonly nodes: readonly Node[];
  /** The first level of fetches. */
  private readonly instruction: Node | undefined;

  constructor(options: CacheSimOptions) {
    const { levels, instruction } = options;
    const nodes: Node[] = [];
    for (let at = levels.length - 1; at >= 0; at--) nodes.unshift(new Node(levels[at], at, nodes[0], options));
    this.nodes = nodes;
    this.instruction = instruction && new Node(instruction, 0, nodes[1], options);
  }

  access(kind: number, address: number, bytes: number): number {
    if (kind === WRITE) return this.nodes[0].store(address, bytes);
    return ((kind === FETCH && this.instruction) || this.nodes[0]).load(kind, address, bytes);
  }

  stats(): CacheStats {
    const { nodes, instruction } = this;
    const stats = cacheStats({ levels: nodes.map(({ tally }) => tally), instruction: instruction?.tally });
    for (const [at, level] of stats.levels.entries()) level.traffic = nodes[at].tally.traffic();
    if (stats.instruction) stats.instruction.traffic = instruction!.tally.traffic();
    return stats;
  }

  flush(): void {
    for (const node of this.all()) node.flush();
  }

  resetCounters(): void {
    for (const { tally } of this.all()) tally.reset();
  }

  clear(): void {
    for (const { cache } of this.all()) cache.clear();
    this.resetCounters();
  }

  private all(): readonly Node[] {
    return this.instruction ? [this.instruction, ...this.nodes] : this.nodes;
  }
}

class Node {
  readonly cache: SetCache;
  readonly tally: LevelTally;
  private readonly at: number;
  private readonly below: Node | undefined;
  private readonly through: boolean;
  private readonly lineBytes: number;

  /** @param at Its number, 0 for the first level. @param below Where misses and dirty lines go; undefined: memory. */
  constructor(level: Level, at: number, below: Node | undefined, options: CacheSimOptions) {
    this.cache = new SetCache(level, policyOf(level, options), options.seed ?? 1);
    this.tally = new LevelTally(level.name);
    this.at = at;
    this.below = below;
    this.through = level.write === 'through';
    this.lineBytes = level.line;
  }

  /** Loads every line that the bytes lie on. Returns the level that served the last of them to come. */
  load(kind: number, address: number, bytes: number): number {
    let served = this.at;
    this.forEachLine(address, bytes, (line) => {
      this.tally.refs[kind]++;
      const place = this.cache.find(line);
      if (place >= 0) {
        this.cache.use(place);
        return;
      }
      this.tally.misses[kind]++;
      served = Math.max(served, this.fill(line, kind));
    });
    return served;
  }

  /** Stores to every line that the bytes lie on. Returns the level that served the last of them to come. */
  store(address: number, bytes: number): number {
    let served = this.at;
    this.forEachLine(address, bytes, (line, from, to) => {
      this.tally.refs[WRITE]++;
      if (this.cache.find(line) < 0) {
        this.tally.misses[WRITE]++;
        served = Math.max(served, this.fill(line, READ));
      }
      if (this.through) this.send(from, to - from);
      else this.cache.flags[this.cache.find(line)] |= DIRTY;
    });
    return served;
  }

  /** Writes dirty lines back and keeps them. */
  flush(): void {
    const { tags, flags } = this.cache;
    for (let place = 0; place < tags.length; place++) {
      if ((flags[place] & DIRTY) === 0) continue;
      flags[place] &= ~DIRTY;
      this.writeBack(tags[place]);
    }
  }

  /** Brings a line in from below. Returns the level that had it. */
  private fill(line: number, kind: number): number {
    const { lineBytes, tally, cache } = this;
    const served = this.below?.load(kind, line * lineBytes, lineBytes) ?? this.at + 1;
    tally.linesIn++;
    tally.bytesIn += lineBytes;
    cache.insert(line, 0);
    const { evicted, evictedFlags } = cache;
    if (evicted !== EMPTY && (evictedFlags & DIRTY) !== 0) this.writeBack(evicted);
    return served;
  }

  private writeBack(line: number): void {
    this.tally.writebacks++;
    this.send(line * this.lineBytes, this.lineBytes);
  }

  private send(address: number, bytes: number): void {
    this.tally.bytesOut += bytes;
    this.below?.store(address, bytes);
  }

  /** Calls with each line and the bytes from…to−1 of the access on it. */
  private forEachLine(address: number, bytes: number, use: (line: number, from: number, to: number) => void): void {
    const { lineBytes } = this;
    const end = address + bytes;
    for (let from = address; from < end; ) {
      const line = Math.floor(from / lineBytes);
      const to = Math.min((line + 1) * lineBytes, end);
      use(line, from, to);
      from = to;
    }
  }
}
