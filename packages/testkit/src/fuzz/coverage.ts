// Which edges executions have reached, and how often in one execution: 1, 2, 3, 4…7, 8…15, 16…31, 32…127, more.

/** Bit of the bucket by the count. */
const BUCKET = Uint8Array.from({ length: 256 }, (_, count) => {
  if (count < 4) return [0, 1, 2, 4][count]!;
  return count < 8 ? 8 : count < 16 ? 16 : count < 32 ? 32 : count < 128 ? 64 : 128;
});

/** What an execution found that none before had reached. */
export type Novelty = 'nothing' | 'count' | 'edge';

export class Coverage {
  /** Edges reached. */
  reached = 0;
  private readonly counters: Uint8Array;
  /** The same, four at a time: most are zero. */
  private readonly quads: Uint32Array;
  /** By edge: the buckets that were reached. */
  private readonly seen: Uint8Array;

  /** @param counters Counted up by the instrumented code; must begin at a multiple of 4 of its buffer. */
  constructor(counters: Uint8Array) {
    this.counters = counters;
    this.quads = new Uint32Array(counters.buffer, counters.byteOffset, counters.length >>> 2);
    this.seen = new Uint8Array(counters.length);
  }

  /** Forgets what was counted: call it before an execution. */
  clear(): void {
    this.counters.fill(0);
  }

  /** Takes in what was counted since `clear`. @returns What was new. */
  take(): Novelty {
    let novelty: Novelty = 'nothing';
    const { quads, counters, seen } = this;
    for (let quad = 0; quad < quads.length; quad++) {
      if (quads[quad] === 0) continue;
      for (let edge = quad << 2; edge < (quad << 2) + 4; edge++) {
        const bucket = BUCKET[counters[edge]!]!;
        if ((bucket & ~seen[edge]!) === 0) continue;
        if (seen[edge] === 0) {
          this.reached++;
          novelty = 'edge';
        } else if (novelty === 'nothing') novelty = 'count';
        seen[edge]! |= bucket;
      }
    }
    return novelty;
  }

  /** The edges that were counted since `clear`. */
  edges(): number[] {
    const edges: number[] = [];
    for (let edge = 0; edge < this.counters.length; edge++) if (this.counters[edge] !== 0) edges.push(edge);
    return edges;
  }
}

/** An array of counters for code with so many edges. */
export function countersFor(edges: number): Uint8Array {
  return new Uint8Array((edges + 3) & ~3);
}
