// The timer of 6.15 and later: 384 bytes on whole lines, what a chain walk reads all in the first.
// Source: BTF of a running 6.18.44, /sys/kernel/slab: 21 objects in 8 KiB.
import type { TimerStruct } from './timer-struct.ts';

/** The structures of timers in Linux 6.15 and later. */
export const LINUX_6_15: TimerStruct = {
  name: 'k_itimer of 6.15 (384 B, aligned to lines)',
  size: 360, // 344 + 16; the alignment of 64 makes it 384
  stride: 384,
  perSlab: 21, // ⌊8192 / 384⌋
  slabBytes: 8192,
  list: 16,
  listHead: false,
  hash: 0,
  id: 32,
  signal: 48,
  lock: 64,
  // it_id 32, it_clock 36, it_sigev_notify 40, it_pid_type 44; it_pid 128; sigq from 136, its info 24 bytes on.
  shown: [
    [32, 16],
    [128, 8],
    [160, 32],
  ],
  rcu: 344,
  sigqueue: false,
};
