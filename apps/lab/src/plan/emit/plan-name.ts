// What a plan is called in a sentence.
import type { RestorePlan } from '@idspace/restore-planner';
import { kernelName } from '../../format/kernel-name.ts';

/** 'CRIU 4.2 on Linux 6.18'. */
export function planName({ criu, kernel }: Pick<RestorePlan, 'criu' | 'kernel'>): string {
  return `CRIU ${criu} on ${kernelName(kernel)}`;
}
