// The options of readers of large inputs.

import { checkKeys } from '../check-keys.ts';
import type { StopSignal } from '../stop-signal.ts';

/** What readers of large inputs can be told and asked. */
export interface ReadOptions {
  /** Stops the reading, which then rejects with the signal's reason. */
  signal?: StopSignal | undefined;
  /** Called after every chunk that is read of a file of known size. @param done Bytes passed. @param total Bytes of the file. */
  onProgress?: ((done: number, total: number) => void) | undefined;
  /** Of /proc/PID, reads the descendants of the process, too, as CRIU dumps them. */
  tree?: boolean | undefined;
}

const KEYS: readonly string[] = ['signal', 'onProgress', 'tree'] satisfies (keyof ReadOptions)[];

/** Checks what a reader is told. @throws RangeError for an option that there is not, naming the one that may be meant. */
export function checkReadOptions(options: ReadOptions): void {
  checkKeys(options, KEYS);
}
