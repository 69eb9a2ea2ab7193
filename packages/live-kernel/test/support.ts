// Whether the running kernel can be called from these tests.
import { LiveKernelError } from '../src/live-kernel-error.ts';
import { openLiveProcess } from '../src/open-live-process.ts';
import { findPolicy, hasRestoreCall } from '../src/probe/find-policy.ts';

/** Why tests on the running kernel are skipped; null where they can run. */
export const WHY_SKIPPED: string | null = await whySkipped();
if (WHY_SKIPPED !== null) console.warn(`SKIPPED: tests on the running kernel: ${WHY_SKIPPED}`);

async function whySkipped(): Promise<string | null> {
  try {
    const live = await openLiveProcess();
    if (findPolicy(live).idPolicy !== 'cyclic') return 'it has no usable POSIX timers';
    return hasRestoreCall(live) ? null : 'it is older than Linux 6.15 and cannot make timers by ID';
  } catch (error) {
    if (error instanceof LiveKernelError) return error.message;
    throw error;
  }
}
