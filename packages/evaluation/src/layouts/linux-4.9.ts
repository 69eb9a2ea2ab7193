// The timer of 3.9–4.x: 216 bytes, its signal apart.
// Source: struct k_itimer, include/linux/posix-timers.h, 4.9 without TIMER_STATS, computed from the header. 3.9 is taken to be
// alike; rcu is taken to be the last member.
import type { TimerStruct } from './timer-struct.ts';

/** The structures of timers up to Linux 4.9. */
export const LINUX_4_9: TimerStruct = {
  name: 'k_itimer of 4.9 (216 B) + sigqueue (80 B)',
  size: 216,
  stride: 216,
  perSlab: 18, // ⌊4096 / 216⌋
  slabBytes: 4096,
  list: 0,
  listHead: true,
  hash: 16,
  id: 40,
  signal: 64,
  lock: 32,
  // it_id is beside the clock and the notification; the signal is in the sigqueue.
  shown: [[40, 16]],
  rcu: 200, // 216 − 16
  sigqueue: true,
};
