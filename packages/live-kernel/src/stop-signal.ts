// The host's AbortSignal, by a name that declarations can use where neither the DOM's types nor Node's are loaded.

/** An `AbortSignal`; where no types declare one, the part of it that is used here. */
export type StopSignal = typeof globalThis extends { AbortSignal: { prototype: infer Signal } }
  ? Signal
  : {
      readonly aborted: boolean;
      readonly reason: unknown;
      throwIfAborted(): void;
      addEventListener(type: 'abort', listener: () => void, options?: { once?: boolean }): void;
      removeEventListener(type: 'abort', listener: () => void): void;
    };
