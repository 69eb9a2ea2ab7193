// Allocations that fail: every constructor that asks the engine for a buffer can be told to throw as the engine does.

/** The constructors that can throw if there is no memory, and do so where a program can catch it. */
const CONSTRUCTORS = [
  'ArrayBuffer',
  'SharedArrayBuffer',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
] as const;

type Constructor = new (...args: unknown[]) => { constructor: unknown };
const world = globalThis as unknown as Record<string, Constructor>;

/** What the engine says. */
const MESSAGE = 'Array buffer allocation failed';

/** Tells the error of an allocation that failed from any other. */
export function isRefusal(error: unknown): boolean {
  return error instanceof RangeError && error.message === MESSAGE;
}

/** What came of a call during which an allocation may have failed. */
export interface Attempt {
  /** Whether the allocation chosen was asked for: false when the call needed fewer. */
  readonly refused: boolean;
  /** What the call returned, unless it threw. */
  readonly value?: unknown;
  /** What it threw. */
  readonly error?: unknown;
}

/**
 * Stands between a program and its memory, from its making to `uninstall`.
 *
 * Counted are buffers of any size, be they made by a constructor, `of`, `from`, `slice`, `map` or `filter`; a view of a buffer
 * that is there is not. Code must name the constructors by their global names when it uses them.
 */
export class FailingAllocations {
  /** Allocations that have failed. */
  refusals = 0;
  private readonly originals = new Map<string, Constructor>();
  /** Allocations to go until the one that fails; 0: none does. */
  private left = 0;
  /** Whether those after it fail, too. */
  private forGood = false;
  private refused = false;

  constructor() {
    for (const name of CONSTRUCTORS) this.install(name);
  }

  private install(name: string): void {
    const original = world[name]!;
    const proxy: Constructor = new Proxy(original, {
      construct: (target, args, newTarget) => {
        if (this.left > 0 && !isBuffer(args[0])) this.count();
        return Reflect.construct(target, args, newTarget === proxy ? target : newTarget);
      },
    });
    this.originals.set(name, original);
    original.prototype.constructor = proxy;
    world[name] = proxy;
  }

  private count(): void {
    if (--this.left > 0) return;
    this.refused = true;
    this.refusals++;
    this.left = this.forGood ? 1 : 0;
    throw new RangeError(MESSAGE);
  }

  /** Makes a call in which the n-th allocation fails, n = 1, 2…; with `forGood` all after it do, too. */
  attempt(n: number, call: () => unknown, forGood = false): Attempt {
    this.left = n;
    this.forGood = forGood;
    this.refused = false;
    let outcome: { value: unknown } | { error: unknown };
    try {
      outcome = { value: call() };
    } catch (error) {
      outcome = { error };
    }
    this.left = 0;
    return { refused: this.refused, ...outcome };
  }

  /** Puts the constructors back. */
  uninstall(): void {
    for (const [name, original] of this.originals) {
      original.prototype.constructor = original;
      world[name] = original;
    }
    this.originals.clear();
  }
}

function isBuffer(value: unknown): boolean {
  const tag = Object.prototype.toString.call(value);
  return tag === '[object ArrayBuffer]' || tag === '[object SharedArrayBuffer]';
}
