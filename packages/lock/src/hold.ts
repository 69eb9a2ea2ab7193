// What is held until it is given back: by a call, or by the end of a block that declares it with `using`.

declare global {
  // As the library of TypeScript 5.2 and Node's types have it.
  interface SymbolConstructor {
    readonly dispose: unique symbol;
  }
}

/**
 * The key of what `using` calls at the end of a block.
 *
 * Where the engine has no Symbol.dispose, it is the symbol that esbuild puts in its place when it compiles `using`.
 */
const DISPOSE: typeof Symbol.dispose = /* @__PURE__ */ disposeKey();

function disposeKey(): typeof Symbol.dispose {
  return Symbol.dispose ?? (Symbol.for('Symbol.dispose') as typeof Symbol.dispose);
}

/** A lock, or a part of one, that is held. `using held = lock.hold()` gives it back at the end of the block. */
export interface Hold {
  /** How it was taken: `'owner-died'` if its last owner died holding it, so that what it guards may be half-written. */
  readonly outcome: true | 'owner-died';
  /** Gives it back. Again, it does nothing. */
  unlock(): void;
  /** The same. */
  [Symbol.dispose](): void;
}

/** Makes what is held. */
export function makeHold(outcome: true | 'owner-died', release: () => void): Hold {
  let isHeld = true;
  const unlock = (): void => {
    if (!isHeld) return;
    isHeld = false;
    release();
  };
  return { outcome, unlock, [DISPOSE]: unlock };
}
