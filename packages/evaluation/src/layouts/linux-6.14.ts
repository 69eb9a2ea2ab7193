// The timer of 6.13 and 6.14: 360 bytes, aligned to 8, its signal inside.
// Source: struct k_itimer, include/linux/posix-timers.h, 6.14, computed from the header; rcu is taken to be the last member.
import type { TimerStruct } from './timer-struct.ts';

/** The structures of timers in Linux 6.14. */
export const LINUX_6_14: TimerStruct = {
  name: 'k_itimer of 6.14 (360 B)',
  size: 360,
  stride: 360,
  perSlab: 11, // ⌊4096 / 360⌋
  slabBytes: 4096,
  list: 0,
  listHead: false,
  hash: 32,
  id: 68,
  signal: 120,
  lock: 48,
  // it_id is beside the clock and the notification; it_pid and the signal are taken to be where 6.15 has them.
  shown: [
    [68, 16],
    [128, 8],
    [160, 32],
  ],
  rcu: 344, // 360 − 16
  sigqueue: false,
};
