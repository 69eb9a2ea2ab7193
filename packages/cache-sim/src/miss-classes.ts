// Why a cache missed: 3C (Hill, Smith: Evaluating associativity in CPU caches, IEEE Trans. Computers 38(12), 1989).
import { LruStack } from './lru-stack.ts';

/** Misses of one cache by cause. */
export interface MissClasses {
  /** The line was never used before. */
  compulsory: number;
  /** A fully associative LRU cache of the same size would have missed too. */
  capacity: number;
  /** The others: only the sets are to blame. */
  conflict: number;
}

/** Classifies the misses of one cache, given every use of it. */
export class MissClassifier implements MissClasses {
  compulsory = 0;
  capacity = 0;
  conflict = 0;
  private readonly stack: LruStack;
  /** Cause of the current access's first missing line. */
  private cause: keyof MissClasses | undefined;

  constructor(lines: number) {
    this.stack = new LruStack(lines);
  }

  /** Makes sure that so many new lines can be used without memory. */
  makeRoom(lines: number): void {
    this.stack.makeRoom(lines);
  }

  /** An access begins. */
  begin(): void {
    this.cause = undefined;
  }

  /** It uses a line; `insert` false: the line is not brought in. */
  use(line: number, hit: boolean, insert: boolean): void {
    const known = this.stack.has(line);
    const wouldHit = this.stack.use(line, insert);
    if (!hit) this.cause ??= known ? (wouldHit ? 'conflict' : 'capacity') : 'compulsory';
  }

  /** It ends, with all its lines used: a miss is counted once, by its first missing line. */
  end(): void {
    if (this.cause !== undefined) this[this.cause]++;
  }

  resetCounters(): void {
    this.compulsory = this.capacity = this.conflict = 0;
  }

  clear(): void {
    this.stack.clear();
    this.resetCounters();
  }
}
