// What all iterators of this package are.

/** The class of Iterator.prototype where there is one (Node 22): its methods, such as `map` and `take`, are then ours. */
const Base: new () => object = /* @__PURE__ */ iteratorBase();

function iteratorBase(): new () => object {
  return (globalThis as unknown as { Iterator?: new () => object }).Iterator ?? Object;
}

/**
 * An iterator without its `next`.
 *
 * A class, not a generator: V8 inlines `next` into a loop, and what it returns is then never allocated.
 */
export class Steps extends Base {
  /** The class that is iterated over. */
  declare private readonly owner: string;

  constructor(owner: string) {
    super();
    this.owner = owner;
  }

  [Symbol.iterator](): this {
    return this;
  }

  /**
   * Says what it iterates over: what is left would have to be looked for.
   *
   * @internal Isolated declarations have no way to write its name.
   */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `[${this.owner} Iterator]`;
  }
}
