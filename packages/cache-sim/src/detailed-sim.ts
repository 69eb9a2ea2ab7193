// The simulator that watches everything: which lines move and why, address translation, several cores.
import { Attribution, noRegions } from './attribution.ts';
import { CacheNode, LevelTally } from './cache-node.ts';
import { type CacheStats, cacheStats, FETCH, type LevelStats, WRITE } from './cache-stats.ts';
import { type CopyKeeper, Directory, type MesiState, type SharedLine } from './coherence.ts';
import type { MissClasses } from './miss-classes.ts';
import { type CacheSimOptions, isPlain, isShared, type Level, policyOf, type Region } from './options.ts';
import type { AccessOutcome, Simulator } from './simulator.ts';
import { Tlb } from './tlb.ts';
import { usageStats } from './usage.ts';

const NONE: readonly number[] = [];

export class DetailedSim implements Simulator, CopyKeeper {
  readonly last: AccessOutcome = { tlb: 0, transferred: false, upgraded: false, invalidated: 0, lost: false };
  private readonly options: CacheSimOptions;
  private readonly cores: number;
  private readonly lineBytes: number;
  private readonly tallies: readonly LevelTally[];
  private readonly instructionTally: LevelTally | undefined;
  /** The caches of each level, one for each core or one for all, those of fetches first. */
  private readonly nodes: CacheNode[] = [];
  /** The caches that a core's accesses go through, by core. */
  private readonly dataPaths: CacheNode[][] = [];
  private readonly fetchPaths: CacheNode[][] = [];
  /** Caches that belong to one core, by core. */
  private readonly privates: CacheNode[][] = [];
  /** First level that all cores share; the number of levels when there is none. */
  private readonly firstShared: number;
  private readonly tlb: Tlb | undefined;
  private readonly directory: Directory | undefined;
  private attribution: Attribution | undefined;
  /** Lines of the current access that come from another core. */
  private readonly elsewhere: number[] = [];
  /** Lines that left a core's caches in the current access; a lower one may have taken them in since. */
  private readonly gone: { core: number; line: number }[] = [];

  constructor(options: CacheSimOptions) {
    const { levels, instruction, cores = 1 } = options;
    this.options = options;
    this.cores = cores;
    this.lineBytes = levels[0].line;
    this.tallies = levels.map(({ name }) => new LevelTally(name));
    this.instructionTally = instruction && new LevelTally(instruction.name);
    const firstShared = levels.findIndex((_, at) => isShared(levels, at));
    this.firstShared = cores === 1 || firstShared < 0 ? levels.length : firstShared;
    this.attribution = options.regions && new Attribution(levels.length, options.regions);
    this.tlb = options.tlb && new Tlb(options.tlb, cores);
    this.directory = cores > 1 ? new Directory(cores, this.lineBytes, this, this.attribution) : undefined;
    this.build();
  }

  access(kind: number, address: number, bytes: number, core: number): number {
    const { last, attribution, elsewhere } = this;
    const path = kind === FETCH ? this.fetchPaths[core] : this.dataPaths[core];
    this.makeRoom(path, kind === WRITE, address, bytes, core);
    const row = attribution === undefined ? -1 : attribution.rowOf(address);
    if (this.tlb !== undefined) last.tlb = this.tlb.translate(core, kind === FETCH, address, bytes);
    if (this.directory !== undefined) this.acquire(this.directory, kind === WRITE, address, bytes, core, row);
    let served = path.length;
    for (let level = 0; level < path.length; level++) {
      const node = path[level];
      if (!node.visit(kind, address, bytes, level === this.firstShared ? elsewhere : NONE)) continue;
      if (level < served) served = level;
      if (kind !== WRITE || !node.through) break;
    }
    if (this.gone.length > 0) this.forgetGone();
    attribution?.count(row, kind, served, last.tlb === 2);
    return served;
  }

  /** Makes sure that an access needs no memory: from there on it cannot fail halfway. */
  private makeRoom(path: readonly CacheNode[], isWrite: boolean, address: number, bytes: number, core: number): void {
    if (this.options.classify) for (let level = 0; level < path.length; level++) path[level].makeRoom(bytes);
    if (this.directory === undefined) return;
    const { lineBytes } = this;
    const last = Math.floor((address + bytes - 1) / lineBytes);
    this.directory.makeRoom(core, isWrite, Math.floor(address / lineBytes), last);
  }

  stats(): CacheStats {
    const stats = cacheStats({ levels: this.tallies, instruction: this.instructionTally });
    if (!isPlain(this.options)) {
      for (const [at, level] of stats.levels.entries()) this.addDetail(level, this.tallies[at]);
      if (stats.instruction) this.addDetail(stats.instruction, this.instructionTally!);
    }
    if (this.tlb) stats.tlb = this.tlb.stats();
    if (this.directory) stats.coherence = this.directory.stats();
    const usages = this.dataPaths.flatMap(([first]) => first.usage ?? []);
    if (usages.length > 0) stats.usage = usageStats(usages, this.lineBytes);
    if (this.attribution) stats.regions = this.attribution.stats();
    return stats;
  }

  lines(level: number, core: number): Float64Array {
    return this.dataPaths[core][level].cache.tags.slice();
  }

  addRegion(region: Region): void {
    if (this.attribution === undefined) throw noRegions();
    this.attribution.add(region);
  }

  sharedLines(limit: number): SharedLine[] {
    const lines = this.directory?.hottest(limit) ?? [];
    const fields = (from: number): string[] => this.attribution?.namesIn(from, from + this.lineBytes) ?? [];
    return lines.map((line) => ({ ...line, fields: fields(line.address) }));
  }

  /** The state of a line in a core's caches; of a single core's: M, E or I. */
  state(address: number, core: number): MesiState {
    return this.directory?.state(core, Math.floor(address / this.lineBytes)) ?? 'I';
  }

  flush(): void {
    for (const node of this.nodes) node.flush();
  }

  resetCounters(): void {
    for (const tally of this.tallies) tally.reset();
    this.instructionTally?.reset();
    for (const { classes, usage } of this.nodes) {
      classes?.resetCounters();
      usage?.resetCounters();
    }
    this.tlb?.resetCounters();
    this.directory?.resetCounters();
    this.attribution?.resetCounters();
  }

  clear(): void {
    for (const node of this.nodes) node.clear();
    this.tlb?.clear();
    this.directory?.clear();
    this.resetCounters();
  }

  invalidate(core: number, line: number): void {
    for (const node of this.privates[core]) node.drop(line);
  }

  clean(core: number, line: number): void {
    // Level by level, so that the line ends up where all cores find it.
    for (const node of this.privates[core]) if (node.clean(line)) node.writeBack(line);
  }

  /** Makes the caches of all cores and ties them together. */
  private build(): void {
    const { levels, instruction } = this.options;
    const cores = Array.from({ length: this.cores }, (_, core) => core);
    const shared = levels.map((level, at) => {
      return at >= this.firstShared ? this.node(level, this.tallies[at], undefined) : undefined;
    });
    for (const core of cores) {
      const data = levels.map((level, at) => shared[at] ?? this.node(level, this.tallies[at], core));
      const fetch = instruction && this.node(instruction, this.instructionTally!, core);
      const paths = fetch ? [data, [fetch, ...data.slice(1)]] : [data];
      for (const path of paths) tie(path);
      this.dataPaths.push(data);
      this.fetchPaths.push(paths.at(-1)!);
      this.privates.push([...(fetch ? [fetch] : []), ...data.slice(0, this.firstShared)]);
    }
    const byLevel = [...(instruction ? this.fetchPaths.map(([first]) => [first]) : [])];
    for (let at = 0; at < levels.length; at++) byLevel.push(this.dataPaths.map((path) => path[at]));
    this.nodes.push(...new Set(byLevel.flat()));
  }

  private node(level: Level, tally: LevelTally, core: number | undefined): CacheNode {
    const { options, directory } = this;
    return new CacheNode(level, tally, {
      policy: policyOf(level, options),
      seed: options.seed ?? 1,
      inclusive: options.inclusive === true,
      classify: options.classify === true,
      usage: options.usage === true && tally === this.tallies[0],
      left: directory && core !== undefined ? (line) => this.gone.push({ core, line }) : undefined,
    });
  }

  /** Makes the lines of an access the core's to use. */
  private acquire(
    directory: Directory,
    isWrite: boolean,
    address: number,
    bytes: number,
    core: number,
    row: number,
  ): void {
    const { last, lineBytes, elsewhere } = this;
    last.transferred = last.upgraded = last.lost = false;
    last.invalidated = 0;
    elsewhere.length = 0;
    const end = address + bytes;
    for (let line = Math.floor(address / lineBytes); line * lineBytes < end; line++) {
      const start = line * lineBytes;
      const from = Math.max(address - start, 0);
      if (directory.acquire(core, line, isWrite, from, Math.min(end - start, lineBytes), row)) elsewhere.push(line);
      last.upgraded ||= directory.upgraded;
      last.lost ||= directory.cameBack;
      last.invalidated += directory.invalidated;
    }
    last.transferred = elsewhere.length > 0;
  }

  private forgetGone(): void {
    for (const { core, line } of this.gone) {
      if (this.privates[core].every((node) => node.cache.find(line) < 0)) this.directory!.leave(core, line);
    }
    this.gone.length = 0;
  }

  private addDetail(level: LevelStats, tally: LevelTally): void {
    level.traffic = tally.traffic();
    if (!this.options.classify) return;
    const classes: MissClasses = { compulsory: 0, capacity: 0, conflict: 0 };
    for (const node of this.nodes) {
      if (node.tally !== tally || node.classes === undefined) continue;
      classes.compulsory += node.classes.compulsory;
      classes.capacity += node.classes.capacity;
      classes.conflict += node.classes.conflict;
    }
    level.classes = classes;
  }
}

/** Tells each cache of a path what is below it, and what is above. */
function tie(path: readonly CacheNode[]): void {
  for (const [at, node] of path.entries()) {
    node.below = path[at + 1];
    for (const upper of path.slice(0, at)) if (!node.above.includes(upper)) node.above.push(upper);
  }
}
