// Makes the calls by which CRIU gets AIO rings: io_setup, then no-op requests until the tail is where it was.
import type { RingCalls } from '../id-calls.ts';
import type { Playing } from '../playing.ts';
import { type AioRing, noOpsFor, pagesOf, slotsOf } from './ring.ts';

const BATCH = 64; // requests in a call

/** Plays all rings. */
export async function playAio(rings: readonly AioRing[], calls: RingCalls, playing: Playing): Promise<void> {
  for (const ring of rings) {
    if (await playing.isStopped()) return;
    const made = calls.setUp(ring.nrReq);
    if (made < 0) return void playing.miss(ring.pid, `io_setup(${ring.nrReq})`, 0, made);
    const slots = slotsOf(pagesOf(ring));
    if (!playing.expect(ring.pid, `io_setup(${ring.nrReq}): slots of the ring`, slots, calls.read(made).nr)) return;
    if (ring.head === null) {
      playing.unverified.push(
        `The tail of a ring of process ${ring.pid} was not played: its memory is not in the checkpoint.`,
      );
    } else {
      if (Math.max(ring.head, ring.tail!) >= slots)
        return void playing.miss(ring.pid, 'head and tail', slots, ring.tail!);
      if (!(await moveTail(ring, made, calls, playing))) return;
    }
    playing.restored++;
  }
}

async function moveTail(ring: AioRing, made: number, calls: RingCalls, playing: Playing): Promise<boolean> {
  for (let left = noOpsFor(ring); left > 0; ) {
    if (await playing.isStopped()) return false;
    const count = Math.min(left, BATCH);
    const taken = calls.submit(made, count);
    if (taken <= 0) return playing.miss(ring.pid, 'io_submit', count, taken);
    playing.creates += taken;
    left -= taken;
  }
  return playing.expect(ring.pid, 'tail of the ring', ring.tail!, calls.read(made).tail);
}
