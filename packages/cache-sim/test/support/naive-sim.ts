// A hierarchy as a textbook has it: every set a list of slots, every rule written out, no thought of speed.
import type { CacheSimOptions, Level, Policy } from '../../src/index.ts';
import { firstRandom, nextRandom, randomBelow } from '../../src/set-cache.ts';

export type Kind = 'fetch' | 'read' | 'write';

interface Slot {
  line: number;
  dirty: boolean;
  early: boolean;
  used: number;
  came: number;
  bytes: Set<number>;
}

/** Which slots of a set a tree of bits has turned away from: [low half, high half] with the bit that says which is older. */
class Tree {
  private highIsOlder = false;
  private readonly halves: [Tree, Tree] | undefined;
  private readonly from: number;
  private readonly to: number;

  constructor(from: number, to: number) {
    this.from = from;
    this.to = to;
    const middle = (from + to) / 2;
    this.halves = to - from > 1 ? [new Tree(from, middle), new Tree(middle, to)] : undefined;
  }

  used(slot: number): void {
    if (this.halves === undefined) return;
    const isHigh = slot >= (this.from + this.to) / 2;
    this.highIsOlder = !isHigh;
    this.halves[isHigh ? 1 : 0].used(slot);
  }

  oldest(): number {
    return this.halves === undefined ? this.from : this.halves[this.highIsOlder ? 1 : 0].oldest();
  }
}

export interface NaiveCounts {
  refs: Record<Kind, number>;
  misses: Record<Kind, number>;
  linesIn: number;
  writebacks: number;
  bytesOut: number;
  prefetches: number;
  prefetchHits: number;
  backInvalidations: number;
  compulsory: number;
  capacity: number;
  conflict: number;
}

// biome-ignore format: what belongs together stands in a row
const noCounts = (): NaiveCounts => ({
  refs: { fetch: 0, read: 0, write: 0 },
  misses: { fetch: 0, read: 0, write: 0 },
  linesIn: 0, writebacks: 0, bytesOut: 0, prefetches: 0, prefetchHits: 0, backInvalidations: 0,
  compulsory: 0, capacity: 0, conflict: 0,
});

class NaiveCache {
  readonly level: Level;
  readonly counts: NaiveCounts;
  readonly core: number | undefined;
  readonly sets: Map<number, { slots: (Slot | undefined)[]; tree: Tree }> = new Map();
  below: NaiveCache | undefined;
  above: NaiveCache[] = [];
  /** Bytes used of every line that came and went. */
  readonly usedBytes: number[] = [];
  private readonly policy: Policy;
  private readonly sim: NaiveSim;
  private time = 0;
  private random: number;
  /** Every line in the order of last use: what a fully associative cache would hold is its end. */
  private history: number[] = [];
  private readonly seen = new Set<number>();

  constructor(sim: NaiveSim, level: Level, counts: NaiveCounts, core: number | undefined) {
    this.sim = sim;
    this.level = level;
    this.counts = counts;
    this.core = core;
    this.policy = level.policy ?? sim.options.policy ?? 'lru';
    this.random = firstRandom(sim.options.seed ?? 1);
  }

  setOf(line: number): { slots: (Slot | undefined)[]; tree: Tree } {
    const { size, ways, line: bytes } = this.level;
    const number = line % (size / ways / bytes);
    const set = this.sets.get(number) ?? { slots: Array(ways).fill(undefined), tree: new Tree(0, ways) };
    this.sets.set(number, set);
    return set;
  }

  slotOf(line: number): Slot | undefined {
    return this.setOf(line).slots.find((slot) => slot?.line === line);
  }

  access(kind: Kind, address: number, bytes: number, given: Set<number>): boolean {
    const missing: number[] = [];
    let cause: 'compulsory' | 'capacity' | 'conflict' | undefined;
    for (const { line, part } of this.sim.linesOf(address, bytes, this.level.line)) {
      if (given.has(line)) continue;
      const hit = this.slotOf(line) !== undefined;
      const brought = kind !== 'write' || this.level.allocate !== false;
      const why = this.wouldHaveHit(line, brought);
      if (!hit) {
        missing.push(line);
        cause ??= why;
      } else this.hit(line);
      if (!hit && brought) this.insert(line, false);
      const slot = this.slotOf(line);
      if (slot) for (const byte of part) slot.bytes.add(byte);
      if (kind !== 'write') continue;
      if (slot && this.level.write !== 'through') slot.dirty = true;
      else this.counts.bytesOut += part.length;
    }
    this.counts.refs[kind]++;
    if (missing.length === 0) return true;
    this.counts.misses[kind]++;
    if (cause) this.counts[cause]++;
    const next = Math.floor((address + bytes - 1) / this.level.line) + 1;
    if (this.level.prefetch && (next * this.level.line) % 4096 !== 0 && !this.slotOf(next)) {
      this.counts.prefetches++;
      this.insert(next, true);
      this.below?.bring(next * this.level.line, this.level.line);
    }
    return false;
  }

  bring(address: number, bytes: number): void {
    const lines = this.sim.linesOf(address, bytes, this.level.line).map(({ line }) => line);
    const absent = lines.filter((line) => {
      if (this.slotOf(line)) return false;
      this.insert(line, false);
      return true;
    });
    if (absent.length > 0) this.below?.bring(address, bytes);
  }

  /** Bytes written back from above, one by one. */
  receive(address: number, bytes: number): void {
    for (const { line, part } of this.sim.linesOf(address, bytes, this.level.line)) {
      const slot = this.slotOf(line);
      if (slot && this.level.write !== 'through') slot.dirty = true;
      else this.send(line * this.level.line + part[0], part.length);
    }
  }

  send(address: number, bytes: number): void {
    this.counts.bytesOut += bytes;
    this.below?.receive(address, bytes);
  }

  writeBack(slot: Slot): void {
    slot.dirty = false;
    this.counts.writebacks++;
    this.send(slot.line * this.level.line, this.level.line);
  }

  remove(line: number): Slot | undefined {
    const { slots } = this.setOf(line);
    const at = slots.findIndex((slot) => slot?.line === line);
    const slot = slots[at];
    if (slot) {
      slots[at] = undefined;
      this.usedBytes.push(slot.bytes.size);
    }
    return slot;
  }

  get slots(): Slot[] {
    return [...this.sets.values()].flatMap(({ slots }) => slots.filter((slot) => slot !== undefined));
  }

  private hit(line: number): void {
    const { slots, tree } = this.setOf(line);
    const slot = this.slotOf(line)!;
    if (slot.early) this.counts.prefetchHits++;
    slot.early = false;
    slot.used = ++this.time;
    if (this.policy === 'plru') tree.used(slots.indexOf(slot));
  }

  private insert(line: number, early: boolean): void {
    const { slots, tree } = this.setOf(line);
    const at = this.victim(slots, tree);
    const victim = slots[at];
    const now = ++this.time;
    slots[at] = { line, early, dirty: false, used: now, came: now, bytes: new Set() };
    if (this.policy === 'plru') tree.used(at);
    this.counts.linesIn++;
    if (!victim) return;
    this.usedBytes.push(victim.bytes.size);
    if (this.sim.options.inclusive) {
      for (const cache of this.above) {
        const dropped = cache.remove(victim.line);
        if (!dropped) continue;
        cache.counts.backInvalidations++;
        victim.dirty ||= dropped.dirty;
      }
    }
    if (victim.dirty) this.writeBack(victim);
  }

  private victim(slots: (Slot | undefined)[], tree: Tree): number {
    if (this.policy === 'plru') return tree.oldest();
    if (slots.includes(undefined)) return slots.indexOf(undefined);
    const all = slots as Slot[];
    if (this.policy === 'lru') return all.indexOf(all.toSorted((a, b) => a.used - b.used)[0]);
    if (this.policy === 'fifo') return all.indexOf(all.toSorted((a, b) => a.came - b.came)[0]);
    this.random = nextRandom(this.random);
    return randomBelow(this.random, slots.length);
  }

  /** Why a miss of this line would be one; and the fully associative cache uses it. */
  private wouldHaveHit(line: number, brought: boolean): 'compulsory' | 'capacity' | 'conflict' {
    const lines = this.level.size / this.level.line;
    const isIn = this.history.slice(-lines).includes(line);
    const isKnown = this.seen.has(line);
    this.seen.add(line);
    if (isIn || brought) this.history = [...this.history.slice(-lines).filter((other) => other !== line), line];
    return isIn ? 'conflict' : isKnown ? 'capacity' : 'compulsory';
  }
}

/** One write of a core to a byte, or one stay of a line with a core after another core had taken it. */
interface Write {
  time: number;
  core: number;
  byte: number;
}
interface Stay {
  core: number;
  line: number;
  lost: number;
  began: number;
  uses: Set<number>;
}

export class NaiveSim {
  readonly options: CacheSimOptions;
  readonly levels: NaiveCounts[];
  readonly instruction: NaiveCounts | undefined;
  readonly data: NaiveCache[][] = [];
  readonly fetches: NaiveCache[][] = [];
  readonly moves = { transfers: 0, upgrades: 0, invalidations: 0 };
  private readonly firstShared: number;
  private readonly privates: NaiveCache[][] = [];
  private readonly states = new Map<string, 'M' | 'E' | 'S'>();
  private time = 0;
  private readonly writes: Write[] = [];
  private readonly lostAt = new Map<string, number>();
  private readonly open = new Map<string, Stay>();
  private readonly stays: Stay[] = [];

  constructor(options: CacheSimOptions) {
    this.options = options;
    const { levels, instruction, cores = 1 } = options;
    this.levels = levels.map(noCounts);
    this.instruction = instruction && noCounts();
    const shared = levels.findIndex((level, at) => level.shared ?? (at > 0 && at === levels.length - 1));
    this.firstShared = shared < 0 || cores === 1 ? levels.length : shared;
    const common = levels.map((level, at) => new NaiveCache(this, level, this.levels[at], undefined));
    for (let core = 0; core < cores; core++) {
      const own = (level: Level, counts: NaiveCounts): NaiveCache => new NaiveCache(this, level, counts, core);
      const data = levels.map((level, at) => (at < this.firstShared ? own(level, this.levels[at]) : common[at]));
      const fetch = instruction ? [own(instruction, this.instruction!), ...data.slice(1)] : data;
      for (const path of [data, fetch]) {
        for (const [at, cache] of path.entries()) {
          cache.below = path[at + 1];
          cache.above = [...new Set([...cache.above, ...path.slice(0, at)])];
        }
      }
      this.data.push(data);
      this.fetches.push(fetch);
      const fetchOnly = fetch === data ? [] : [fetch[0]];
      this.privates.push([...fetchOnly, ...data.slice(0, this.firstShared)]);
    }
  }

  /** Every line that the bytes lie on, with the offsets that they have in it. */
  linesOf(address: number, bytes: number, lineBytes: number): { line: number; part: number[] }[] {
    const lines: { line: number; part: number[] }[] = [];
    for (let at = address; at < address + bytes; at++) {
      const line = Math.floor(at / lineBytes);
      if (lines.at(-1)?.line !== line) lines.push({ line, part: [] });
      lines.at(-1)!.part.push(at - line * lineBytes);
    }
    return lines;
  }

  access(kind: Kind, address: number, bytes: number, core: number): number {
    const given = new Set<number>();
    if ((this.options.cores ?? 1) > 1) {
      for (const { line, part } of this.linesOf(address, bytes, this.options.levels[0].line)) {
        if (this.obtain(core, line, kind === 'write', part)) given.add(line);
      }
    }
    const path = (kind === 'fetch' ? this.fetches : this.data)[core];
    let served = path.length;
    for (const [level, cache] of path.entries()) {
      if (!cache.access(kind, address, bytes, level === this.firstShared ? given : new Set())) continue;
      served = Math.min(served, level);
      if (kind !== 'write' || cache.level.write !== 'through') break;
    }
    this.forgetEvicted();
    return served;
  }

  flush(): void {
    const first = this.fetches.flatMap((path) => (this.instruction ? [path[0]] : []));
    const caches = [...first, ...this.levels.flatMap((_, level) => this.data.map((path) => path[level]))];
    for (const cache of new Set(caches)) for (const slot of cache.slots) if (slot.dirty) cache.writeBack(slot);
  }

  /** Misses on lines that another core had taken: those that found something new, and all. */
  sharing(): { trueSharing: number; falseSharing: number } {
    const all = [...this.stays, ...this.open.values()];
    const isTrue = ({ core, line, lost, began, uses }: Stay): boolean =>
      this.writes.some(
        (write) =>
          write.core !== core &&
          write.time > lost &&
          write.time <= began &&
          Math.floor(write.byte / this.options.levels[0].line) === line &&
          uses.has(write.byte),
      );
    const trueSharing = all.filter(isTrue).length;
    return { trueSharing, falseSharing: all.length - trueSharing };
  }

  state(core: number, line: number): string {
    return this.states.get(`${core} ${line}`) ?? 'I';
  }

  private obtain(core: number, line: number, isWrite: boolean, part: number[]): boolean {
    const mine = `${core} ${line}`;
    const others = this.data
      .map((_, other) => other)
      .filter((other) => other !== core && this.state(other, line) !== 'I');
    const modified = others.find((other) => this.state(other, line) === 'M');
    const state = this.state(core, line);
    const transferred = state === 'I' && modified !== undefined;
    if (transferred) this.moves.transfers++;
    if (state === 'S' && isWrite) this.moves.upgrades++;
    const lost = this.lostAt.get(mine);
    if (state === 'I' && lost !== undefined) {
      this.open.set(mine, { core, line, lost, began: this.time, uses: new Set() });
      this.lostAt.delete(mine);
    }
    const bytes = part.map((offset) => line * this.options.levels[0].line + offset);
    for (const byte of bytes) this.open.get(mine)?.uses.add(byte);
    if (isWrite) {
      for (const other of others) {
        this.moves.invalidations++;
        for (const cache of this.privates[other]) cache.remove(line);
        this.states.delete(`${other} ${line}`);
        this.close(`${other} ${line}`);
        this.lostAt.set(`${other} ${line}`, this.time);
      }
      this.time++;
      for (const byte of bytes) this.writes.push({ time: this.time, core, byte });
      this.states.set(mine, 'M');
    } else if (state === 'I') {
      if (modified !== undefined) this.cleanCopies(modified, line);
      for (const other of others) this.states.set(`${other} ${line}`, 'S');
      this.states.set(mine, others.length > 0 ? 'S' : 'E');
    }
    return transferred;
  }

  private cleanCopies(core: number, line: number): void {
    for (const cache of this.privates[core]) {
      const slot = cache.slotOf(line);
      if (slot?.dirty) cache.writeBack(slot);
    }
  }

  /** Lines that a core has no copy of any more are in state I. */
  private forgetEvicted(): void {
    for (const key of this.states.keys()) {
      const [core, line] = key.split(' ').map(Number);
      if (this.privates[core].some((cache) => cache.slotOf(line))) continue;
      this.states.delete(key);
      this.lostAt.delete(key);
      this.close(key);
    }
  }

  private close(key: string): void {
    const stay = this.open.get(key);
    if (stay) this.stays.push(stay);
    this.open.delete(key);
  }
}
