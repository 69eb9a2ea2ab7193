// Mistakes that the explorer makes in the code under test, to see whether a protocol finds them.
import type { Access } from './access.ts';
import type { Mistake } from './protocol.ts';

/**
 * Takes a mistake apart.
 *
 * @throws RangeError if it has another form.
 */
export function mistakeOf(mistake: Mistake | undefined): { leftOut: string | null; inTwo: string | null } {
  if (mistake === undefined) return { leftOut: null, inTwo: null };
  const [, leftOut = null, inTwo = null] = /^(?:without (.+)|(.+) in two)$/.exec(mistake) ?? [];
  if (leftOut !== null || inTwo !== null) return { leftOut, inTwo };
  throw new RangeError(`explore: mistake: got '${mistake}', expected 'without ACCESS' or 'ACCESS in two'`);
}

/** The access of a schedule's line, without its operands: `store(lock, 1)` is `store(lock)`, `counter = 1` is `counter =`. */
export function nameOfAccess(label: string): string {
  return label.replace(/, .*\)$/, ')').replace(/ = .*$/, ' =');
}

/**
 * An access that answers as if it were made, and leaves no trace.
 *
 * @param before What its actor found there before, if it did: a look that is left out finds that again.
 */
export function withoutEffect(access: Access, bytes: Uint8Array, before: number | string | undefined): Access {
  const { label, address, size, kind } = access;
  if (kind === 'read' || kind === 'load') {
    const look = (): number | string => before ?? access.peek();
    return { label, address, size, kind, peek: look, changes: () => false, perform: look };
  }
  const [peek, perform] = [() => access.peek(), () => undone(access, bytes)];
  return { label, address, size, kind, peek, changes: () => false, perform };
}

function undone(access: Access, bytes: Uint8Array): number | string {
  const { label, address, size } = access;
  if (label.startsWith('notify(')) return 0;
  if (label.startsWith('wait(')) return 'ok';
  const before = bytes.slice(address, address + size);
  const answer = access.perform() as number;
  bytes.set(before, address);
  return answer;
}
