// What is charged to the user of this process, and what may be: read in /proc/self.
import { readFileSync } from 'node:fs';

/** Returns the signals that are charged to the user of this process, timers included; 0 if it cannot be told. */
export function ownSigq(): number {
  return Number(/^SigQ:\s*(\d+)\//m.exec(textOf('/proc/self/status'))?.[1] ?? 0);
}

/** Returns the soft RLIMIT_SIGPENDING of this process and its children, timers; Infinity if there is none, or it cannot be told. */
export function ownSigpending(): number {
  return softLimit(textOf('/proc/self/limits')) ?? Number.POSITIVE_INFINITY;
}

/** Reads the soft RLIMIT_SIGPENDING in the text of /proc/PID/limits: Infinity for unlimited; null if it is not there. */
export function softLimit(limits: string): number | null {
  const soft = /^Max pending signals\s+(\d{1,15}|unlimited)\s/m.exec(limits)?.[1];
  if (soft === undefined) return null;
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
