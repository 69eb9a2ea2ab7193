// Makes the calls by which CRIU gets pseudo-terminals: ptmx is opened, and what comes is kept, until the index does.
import type { TerminalCalls } from '../id-calls.ts';
import type { Playing } from '../playing.ts';
import { REACH } from './devpts.ts';
import type { PtyMaster } from './pty-master.ts';

/** Plays the terminals of each devpts. @param instances In the order in which they are opened. */
export async function playPty(
  instances: readonly (readonly PtyMaster[])[],
  calls: TerminalCalls,
  playing: Playing,
): Promise<void> {
  for (const masters of instances) {
    if (!playing.expect(0, 'mount of a devpts', 0, calls.mount())) return;
    for (const { index } of masters) {
      if ((await playing.isStopped()) || !reach(index, calls, playing)) return;
      playing.restored++;
    }
  }
}

function reach(index: number, calls: TerminalCalls, playing: Playing): boolean {
  const onTheWay: number[] = [];
  try {
    for (;;) {
      const got = calls.open();
      if (got >= 0) playing.creates++;
      if (got === index) return true;
      if (got >= 0) onTheWay.push(got);
      if (got < 0 || got > index || index - got > REACH) return playing.miss(index, 'open of ptmx', index, got);
    }
  } finally {
    for (const other of onTheWay) calls.close(other);
    playing.deletes += onTheWay.length;
  }
}
