// What this package needs of an AbortSignal, so that its declarations can be read where neither the DOM's types nor Node's are loaded.

/** Tells a call to stop. Every `AbortSignal` is one. */
export interface StopSignal {
  readonly aborted: boolean;
  /** What a promise that is stopped is rejected with. */
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}
