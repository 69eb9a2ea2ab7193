// The fuzzer: draws an input of those that reached something new, changes it, runs it, and keeps it if it reaches something new again.
import { getHeapStatistics } from 'node:v8';
import { type Random, random } from '../random.ts';
import { changeBytes } from './bytes.ts';
import type { Coverage } from './coverage.ts';
import { minimised } from './minimise.ts';
import { DEFAULTS, type Draw, type FuzzTarget, type Structure, type Words } from './target.ts';

/** What should not have happened. */
export interface Finding {
  /** The same for inputs that fail in the same way. */
  readonly signature: string;
  readonly report: string;
  readonly input: Uint8Array;
}

/** An input that reached something that none before had reached. */
interface Kept {
  readonly input: Uint8Array;
  readonly edges: readonly number[];
}

export interface FuzzerOptions {
  readonly seed: number;
  /** Without it, all inputs are equal: those given are changed, none is added. */
  readonly coverage?: Coverage;
  readonly words?: Words;
  /** Whether too much time or memory is a finding: only where nothing else runs in the process. Default false. */
  readonly measures?: boolean;
  /** Called with each input before it runs. */
  readonly before?: (input: Uint8Array) => void;
  readonly onFinding?: (finding: Finding) => void;
  readonly onNewEdge?: (input: Uint8Array) => void;
}

/** Executions that it may take to make an input smaller. */
const MOST_TRIES = 1500;
const MEBIBYTE = 2 ** 20;

export class Fuzzer {
  executions = 0;
  /** The execution that reached a new edge last. */
  lastNewEdge = 0;
  readonly findings: Map<string, Finding> = new Map();
  private readonly target: FuzzTarget;
  private readonly options: FuzzerOptions;
  private readonly random: Random;
  private readonly kept: Kept[] = [];
  /** How many of them were given. */
  private given = 0;
  /** By edge: the smallest input that reaches it. */
  private readonly smallest: Map<number, Kept> = new Map();
  private champions: Kept[] = [];

  constructor(target: FuzzTarget, options: FuzzerOptions) {
    this.target = target;
    this.options = options;
    this.random = random(options.seed);
  }

  /** How many inputs are drawn from. */
  get size(): number {
    return this.kept.length;
  }

  /** Runs the inputs to begin with; all are drawn from. */
  async begin(inputs: Iterable<Uint8Array>): Promise<void> {
    for (const input of inputs) {
      if (await this.tried(input)) this.keep(input);
    }
    if (this.kept.length === 0) this.kept.push({ input: new Uint8Array(0), edges: [] });
    this.given = this.kept.length;
  }

  /** Makes an input, and runs it. */
  async step(): Promise<void> {
    const input = this.nextInput();
    if (!(await this.tried(input)) || this.options.coverage === undefined) return;
    const novelty = this.options.coverage.take();
    if (novelty === 'nothing') return;
    this.keep(input);
    if (novelty === 'count') return;
    this.lastNewEdge = this.executions;
    this.options.onNewEdge?.(input);
  }

  /** Returns what reaches edges that the given inputs do not, smallest first, each made smaller. */
  async chosen(): Promise<Uint8Array[]> {
    const covered = new Set(this.kept.slice(0, this.given).flatMap(({ edges }) => edges));
    const found = this.kept.slice(this.given).sort((a, b) => a.input.length - b.input.length);
    const chosen: Uint8Array[] = [];
    for (const { input, edges } of found) {
      const fresh = edges.filter((edge) => !covered.has(edge));
      if (fresh.length === 0) continue;
      const reaches = async (candidate: Uint8Array): Promise<boolean> => {
        if ((await this.run(candidate)) !== undefined) return false;
        const reached = new Set(this.options.coverage!.edges());
        return fresh.every((edge) => reached.has(edge));
      };
      // What is reached once only, such as code that fills a cache, is not reached again.
      if (!(await reaches(input))) continue;
      chosen.push(await minimised(input, reaches, this.target.isSlow ? 0 : 60));
      await this.run(chosen.at(-1)!);
      for (const edge of this.options.coverage!.edges()) covered.add(edge);
    }
    return chosen;
  }

  private keep(input: Uint8Array): void {
    const { coverage } = this.options;
    coverage?.take();
    const kept = { input, edges: coverage?.edges() ?? [] };
    this.kept.push(kept);
    for (const edge of kept.edges) {
      if (input.length < (this.smallest.get(edge)?.input.length ?? Number.POSITIVE_INFINITY))
        this.smallest.set(edge, kept);
    }
    this.champions = [];
  }

  /** Half of the inputs are the smallest that reach some edge, a quarter are new. */
  private draw(): Uint8Array {
    const { random, kept } = this;
    if (this.champions.length === 0) this.champions = [...new Set(this.smallest.values())];
    const kind = random.below(4);
    if (kind < 2 && this.champions.length > 0) return random.pick(this.champions).input;
    if (kind === 2) return kept[kept.length - 1 - random.below(Math.min(kept.length, 16))]!.input;
    return random.pick(kept).input;
  }

  private nextInput(): Uint8Array {
    const { structures = [], longest = DEFAULTS.longest } = this.target;
    const { words = NO_WORDS } = this.options;
    const { random } = this;
    let input = this.draw();
    const form: Structure | undefined =
      structures.length > 0 && random.chance(0.8) ? random.pick(structures) : undefined;
    for (let changes = 1 << random.below(4); changes > 0; changes--) {
      const draw: Draw = { random, words, other: this.draw() };
      input = form?.(input, draw) ?? changeBytes(input, draw);
    }
    return input.length > longest ? input.slice(0, longest) : input;
  }

  /** @returns Whether the execution was as it should be. */
  private async tried(input: Uint8Array): Promise<boolean> {
    this.executions++;
    this.options.before?.(input);
    const wrong = await this.run(input);
    if (wrong === undefined) return true;
    if (this.findings.has(wrong.signature)) return false;
    const isSame = async (candidate: Uint8Array): Promise<boolean> => {
      this.options.before?.(candidate);
      return (await this.run(candidate))?.signature === wrong.signature;
    };
    const tries = /^(slow|memory)$/.test(wrong.signature) ? 20 : MOST_TRIES;
    const smallest = await minimised(input, isSame, tries);
    const finding = { ...((await this.run(smallest)) ?? wrong), input: smallest };
    this.findings.set(wrong.signature, finding);
    this.options.onFinding?.(finding);
    return false;
  }

  /** Runs an input. @returns What was wrong. */
  async run(input: Uint8Array): Promise<Omit<Finding, 'input'> | undefined> {
    const { milliseconds = DEFAULTS.milliseconds, mebibytes = DEFAULTS.mebibytes } = this.target;
    this.options.coverage?.clear();
    const start = performance.now();
    const { measures } = this.options;
    const held = measures ? memory() : 0;
    try {
      const result = this.target.run(input);
      if (result instanceof Promise) await result;
    } catch (error) {
      return describe(error);
    }
    if (!measures) return undefined;
    const grown = (memory() - held) / MEBIBYTE;
    if (grown > mebibytes) {
      const report = `memory grew by ${Math.round(grown)} MiB, expected at most ${mebibytes}`;
      return { signature: 'memory', report };
    }
    if (performance.now() - start <= milliseconds) return undefined;
    const used = await this.cpuTime(input);
    if (used <= milliseconds) return undefined;
    return { signature: 'slow', report: `took ${Math.round(used)} ms of CPU time, expected at most ${milliseconds}` };
  }

  /** Runs an input again, since another process may have had the CPU. */
  private async cpuTime(input: Uint8Array): Promise<number> {
    const start = process.cpuUsage();
    await this.target.run(input);
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  }
}

const NO_WORDS: Words = { texts: [], numbers: [] };

/** Bytes of the heap and of buffers, garbage included. */
function memory(): number {
  const { used_heap_size, external_memory } = getHeapStatistics();
  return used_heap_size + external_memory;
}

/** Two failures are the same if the error is, numbers and quotations apart, and it comes from the same functions. */
function describe(error: unknown): Omit<Finding, 'input'> {
  if (!(error instanceof Error)) return { signature: `threw ${typeof error}`, report: `threw ${String(error)}` };
  const message = error.message
    .replace(/'[^']*'|"[^"]*"/g, '…')
    .replace(/\d+/g, '#')
    .split('\n')[0]!
    .slice(0, 80);
  const frames = Array.from((error.stack ?? '').matchAll(/^ {4}at (?:async )?(\S+)/gm), ([, name]) => name!);
  const places = frames.filter((name) => !/^(?:file|node):|Error/.test(name)).slice(0, 2);
  const report = [
    error.stack ?? String(error),
    error.cause && `caused by ${(error.cause as Error).stack ?? error.cause}`,
  ];
  return {
    signature: `${error.name}: ${message} in ${places.join(' of ')}`,
    report: report.filter(Boolean).join('\n'),
  };
}
