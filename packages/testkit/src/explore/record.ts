// Records what code does to a piece of shared memory, access by access: for counts of probes, and for simulated caches.
import { ASLEEP } from './access.ts';
import { type Observer, withFakes } from './fake-memory.ts';

/**
 * Receives one access before the next is made.
 *
 * @param address Byte of the memory where it begins.
 * @param bytes Bytes it reads or writes.
 * @param isWrite Whether a core must own the line: every call of `Atomics` that may write does, also one that changes nothing.
 */
export type AccessSink = (address: number, bytes: number, isWrite: boolean) => void;

/**
 * Runs code on shared memory, and passes on every access that it makes through views which it creates meanwhile.
 *
 * @returns What `run` returns.
 * @throws Error if the code would sleep: there is no other thread to wake it.
 */
export function recordAccesses<T>(memory: SharedArrayBuffer, sink: AccessSink, run: () => T): T {
  let isCall = false;
  const { now } = performance;
  const observer: Observer = {
    again: () => undefined,
    access: (access) => {
      isCall = false;
      const value = access.perform();
      if (value === ASLEEP) throw new Error(`recordAccesses: ${access.label} would sleep`);
      if (!isCall) sink(access.address, access.size, access.kind !== 'read' && access.kind !== 'load');
      return value;
    },
    isInTwo: () => false,
    now: () => now.call(performance),
    // A notification touches no word.
    wake: () => {
      isCall = true;
      return 0;
    },
    nameOf: String,
  };
  return withFakes(memory, observer, run);
}
