// struct k_itimer of every era, oldest first.
import { LINUX_4_9 } from './linux-4.9.ts';
import { LINUX_5_17 } from './linux-5.17.ts';
import { LINUX_6_14 } from './linux-6.14.ts';
import { LINUX_6_15 } from './linux-6.15.ts';
import type { TimerStruct } from './timer-struct.ts';

/** By the kernel whose header or type information it was read from. */
export const ERAS: Readonly<Record<'4.9' | '5.17' | '6.14' | '6.15', TimerStruct>> = {
  '4.9': LINUX_4_9,
  '5.17': LINUX_5_17,
  '6.14': LINUX_6_14,
  '6.15': LINUX_6_15,
};
