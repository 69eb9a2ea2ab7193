// The timer of 5.x to 6.5 or so: 256 bytes, its signal apart.
// Source: struct k_itimer, include/linux/posix-timers.h, 5.17, computed from the header; rcu is taken to be the last member.
import type { TimerStruct } from './timer-struct.ts';

/** The structures of timers around Linux 5.17. */
export const LINUX_5_17: TimerStruct = {
  name: 'k_itimer of 5.17 (256 B) + sigqueue (80 B)',
  size: 256,
  stride: 256,
  perSlab: 16, // 4096 / 256
  slabBytes: 4096,
  list: 0,
  listHead: true,
  hash: 16,
  id: 52,
  signal: 96,
  lock: 32,
  // it_id is beside the clock and the notification; the signal is in the sigqueue.
  shown: [[52, 16]],
  rcu: 240, // 256 − 16
  sigqueue: true,
};
