// Turns: the tasks of one thread that use the same handle, one after the other. To the lock they are one owner.
import { limit, type Patience } from './patience.ts';

/** Tasks in the order in which they came. */
export class Turns {
  private isTaken = false;
  private readonly waiting = new Set<() => void>();

  /** Resolves with true at this task's turn, with false at the deadline; rejects when the signal says stop. */
  next(patience: Patience): Promise<boolean> {
    if (!this.isTaken) {
      this.isTaken = true;
      return Promise.resolve(true);
    }
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.waiting.delete(begin);
        release();
      };
      const release = limit(
        patience,
        () => {
          leave();
          resolve(false);
        },
        (reason) => {
          leave();
          reject(reason);
        },
      );
      const begin = (): void => {
        leave();
        resolve(true);
      };
      this.waiting.add(begin);
    });
  }

  /** Ends a turn. */
  done(): void {
    const [next] = this.waiting;
    if (next === undefined) this.isTaken = false;
    else next();
  }
}
