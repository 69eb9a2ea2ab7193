// Checkpoints: copies of a machine at earlier positions, denser near the present, from which the way back is short.
import type { Machine } from './machine.ts';

const KEPT = 8;

interface Checkpoint {
  /** Calls made. */
  readonly position: number;
  /** Never run: copies of it are. */
  readonly machine: Machine;
}

export class Checkpoints {
  private kept: Checkpoint[] = [];

  /** Keeps a copy. Where there are too many, that goes which leaves the smallest gap for its distance. */
  add(position: number, machine: Machine): void {
    if (this.kept.some((each) => each.position === position)) return;
    this.kept.push({ position, machine: machine.copy() });
    this.kept.sort((a, b) => a.position - b.position);
    if (this.kept.length > KEPT) this.kept.splice(this.leastMissed(position), 1);
  }

  /** Returns a copy of the latest one at or before a position, and where it is; undefined without one. */
  before(position: number): Checkpoint | undefined {
    const found = this.kept.findLast((each) => each.position <= position);
    return found && { position: found.position, machine: found.machine.copy() };
  }

  /** The position of the latest one; −1 without one. */
  get latest(): number {
    return this.kept.at(-1)?.position ?? -1;
  }

  /** Forgets those after a position: what follows there is another history. */
  cutAfter(position: number): void {
    this.kept = this.kept.filter((each) => each.position <= position);
  }

  private leastMissed(now: number): number {
    let [least, at] = [Number.POSITIVE_INFINITY, 0];
    for (let i = 0; i < this.kept.length - 1; i++) {
      const gap = this.kept[i + 1].position - (this.kept[i - 1]?.position ?? 0);
      const missed = gap / (now - this.kept[i].position + 1);
      if (missed < least) [least, at] = [missed, i];
    }
    return at;
  }
}
