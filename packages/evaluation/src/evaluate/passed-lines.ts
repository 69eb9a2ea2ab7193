// PassedLines: what skipped operations use, until the caches see it. They see it core by core: the tags of one core stay in the caches of
// the machine that simulates, those of 64 cores do not.
import { Touched } from '../layouts/touched.ts';
import { SERVED } from './lru-caches.ts';

/** Lines that are kept for each core, more or less: whole operations are. */
const LINES_PER_CORE = 4096;

/** Lines of each core, and the order in which the cores used them. */
export class PassedLines {
  /** By core. */
  readonly touched: readonly Touched[];
  /** Whether what forgets soon sees them, too. */
  seen = false;
  /** The cores that used lines, in turn; and how many lines of its own each had used at the end of a turn. The last turn goes on. */
  private readonly turns: number[] = [];
  private readonly ends: number[] = [];

  /** @param cores How many there are. */
  constructor(cores: number) {
    this.touched = Array.from({ length: cores }, () => new Touched());
  }

  get isEmpty(): boolean {
    return this.turns.length === 0;
  }

  isFull(core: number): boolean {
    return this.touched[core].length >= LINES_PER_CORE;
  }

  /** Returns what takes the lines of a core until this is asked for another. */
  by(core: number): Touched {
    const { turns, touched } = this;
    if (turns.at(-1) !== core) {
      this.endTurn();
      turns.push(core);
    }
    return touched[core];
  }

  /** Adds those that are not `SERVED` to others, in the order in which they were used, and forgets all. */
  moveTo(others: Touched): void {
    const { turns, ends, touched } = this;
    this.endTurn();
    const places = new Int32Array(touched.length);
    for (let turn = 0; turn < turns.length; turn++) {
      const core = turns[turn];
      const { lines } = touched[core];
      for (let at = places[core]; at < ends[turn]; at++) if (lines[at] !== SERVED) others.add(lines[at]);
      places[core] = ends[turn];
    }
    turns.length = ends.length = 0;
    for (const own of touched) own.length = 0;
  }

  private endTurn(): void {
    const { turns, ends, touched } = this;
    if (turns.length > ends.length) ends.push(touched[turns.at(-1)!].length);
  }
}
