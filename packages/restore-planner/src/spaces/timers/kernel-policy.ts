// What a restore can see of a kernel: whose IDs are one namespace, which ID comes next, and how to ask for one.
import { didYouMean } from '../../nearest.ts';
import { refusal } from '../../refusal.ts';
import { isBefore, parseVersion, type Version } from '../../version.ts';

/** How one kernel hands out timer IDs. */
export interface KernelPolicy {
  /** Which ID an ordinary create gives: the one after the last, the lowest free one, or the highest free one. */
  readonly ids: 'next' | 'lowest' | 'highest';
  /** IDs are 0…idCount−1. */
  readonly idCount: number;
  /** Within what an ID is unique. */
  readonly namespace: 'process' | 'system';
  /** How a caller may ask for an ID; null if it cannot. */
  readonly restoreCall: 'prctl' | 'create-at-id' | 'sigev-bit' | 'cursor' | null;
  /** In restore mode the wanted ID is looked at after RLIMIT_SIGPENDING, not before (6.15 … 6.17). */
  readonly limitFirst: boolean;
  /** The last clock that there is: 9 BOOTTIME_ALARM, from 3.10 on 11 TAI. */
  readonly lastClock: 9 | 11;
  /** Whether the vdso's data is mapped in two pieces, [vvar] and [vvar_vclock] (x86-64), at which CRIU before 4.1 stops. */
  readonly splitVvar: boolean;
}

/** A kind of kernel, as a row of a table for people. */
export interface KernelKind {
  /** '3.10 … 6.14', or the name of a proposed design. */
  readonly kernel: string;
  /** Which ID a create gives. */
  readonly nextId: string;
  /** How a process asks for an ID; '–' if it cannot. */
  readonly restoreCall: string;
  /** What it changes, or what it is good for. */
  readonly note: string;
}

const EVERY_ID = 2 ** 31;
const OLDEST: Version = [2, 6];

// biome-ignore format: what belongs together stands in a row
const NEXT_ID: KernelPolicy = {
  ids: 'next', idCount: EVERY_ID, namespace: 'process', restoreCall: null, limitFirst: false,
  lastClock: 11, splitVvar: false,
};
const DENSE: KernelPolicy = { ...NEXT_ID, ids: 'lowest' };
const NEXT_ID_PRCTL: KernelPolicy = { ...NEXT_ID, restoreCall: 'prctl' };

/** Releases by what changed, newest first. */
// biome-ignore format: what belongs together stands in a row
const ERAS: readonly (KernelKind & { since: Version; policy: KernelPolicy })[] = [
  {
    since: [6, 15], policy: NEXT_ID_PRCTL, kernel: '6.15 …',
    nextId: 'one after the last', restoreCall: 'prctl 77',
    note: 'restore mode; 6.15–6.17 leak the charge of an ID below 0, which only a damaged image asks for',
  },
  {
    since: [3, 10], policy: NEXT_ID, kernel: '3.10 … 6.14',
    nextId: 'one after the last', restoreCall: '–',
    note: 'a counter per process, 2³¹−1 → 0; 6.5 mended a race that one thread cannot see',
  },
  {
    since: OLDEST, policy: { ...DENSE, namespace: 'system' }, kernel: '… 3.9',
    nextId: 'lowest free, system-wide', restoreCall: '–',
    note: 'an ID that another process has is not available',
  },
];

/** Designs that were proposed and never merged, under names of their own. */
// biome-ignore format: what belongs together stands in a row
const DESIGNS: readonly (KernelKind & { policy: KernelPolicy })[] = [
  {
    policy: DENSE, kernel: 'dense', nextId: 'lowest free', restoreCall: '–',
    note: 'an xarray per process: little memory, no holes; no way back to a far ID but to fill all below',
  },
  {
    policy: { ...DENSE, restoreCall: 'prctl' }, kernel: 'xarray', nextId: 'lowest free',
    restoreCall: 'prctl 77', note: 'dense, with the restore mode that 6.15 got',
  },
  {
    policy: NEXT_ID_PRCTL, kernel: 'xarray-cyclic', nextId: 'one after the last', restoreCall: 'prctl 77',
    note: 'an xarray that keeps the counter: to callers it is 6.15',
  },
  {
    policy: { ...DENSE, ids: 'highest' }, kernel: 'reversed', nextId: 'highest free', restoreCall: '–',
    note: 'dense, shown as 2³¹−1 − ID: old CRIU fails immediately instead of hanging',
  },
  {
    policy: { ...DENSE, restoreCall: 'cursor' }, kernel: 'cursor-sysctl', nextId: 'lowest free from a cursor',
    restoreCall: 'sysctl, then create', note: 'dense, with a cursor that serves one create, as ns_last_pid does',
  },
  {
    policy: { ...DENSE, restoreCall: 'create-at-id' }, kernel: 'create-at-id', nextId: 'lowest free',
    restoreCall: 'a create that names it', note: 'dense, with a new system call',
  },
  {
    policy: { ...DENSE, restoreCall: 'sigev-bit' }, kernel: 'sigev-bit', nextId: 'lowest free',
    restoreCall: 'bit in sigev_notify', note: 'dense, with a bit (8) that means "use the given ID"',
  },
];

// biome-ignore format: what belongs together stands in a row
const RESTRICTED: KernelKind = {
  kernel: 'restricted:N', nextId: 'one after the last', restoreCall: '–',
  note: '3.10 with N IDs, N−1 → 0: shorter searches, but IDs from N on are out of reach',
};
const RESTRICTED_NAME = /^restricted:([1-9]\d{0,9})$/;

/** Every kind of kernel that a plan can be made for: the releases, oldest first, then the proposed designs. */
export const KERNEL_KINDS: readonly KernelKind[] = [...[...ERAS].reverse(), ...DESIGNS, RESTRICTED].map(
  ({ kernel, nextId, restoreCall, note }) => ({ kernel, nextId, restoreCall, note }),
);

/**
 * Tells how a kernel hands out timer IDs.
 *
 * @param release A release as `uname -r` prints it ('3.9', '6.18.44-fc'; all after x.y is ignored) or as its tag is named ('v6.1'), or a proposed design.
 * @throws RangeError if it is neither, or older than 2.6.
 * Source: kernel/time/posix-timers.c (posix_timer_add), 3.4, 3.10, 6.15; the designs: linux-kernel, May 2023 and February 2025.
 */
export function kernelPolicy(release: string): KernelPolicy {
  return find(release).policy;
}

/** Tells which of {@link KERNEL_KINDS} a kernel is. @throws RangeError if it is of no kind. */
export function kernelKind(release: string): KernelKind {
  const { kernel } = find(release);
  return KERNEL_KINDS.find((kind) => kind.kernel === kernel)!;
}

/** What changed at other releases than the way IDs are handed out. Source: kernel/time/alarmtimer.c, posix-timers.c, arch/x86/entry/vdso. */
function policyOf(policy: KernelPolicy, version: Version): KernelPolicy {
  return {
    ...policy,
    limitFirst: policy.restoreCall === 'prctl' && isBefore(version, [6, 18]),
    lastClock: isBefore(version, [3, 10]) ? 9 : 11,
    splitVvar: !isBefore(version, [6, 13]),
  };
}

function find(release: string): { kernel: string; policy: KernelPolicy } {
  const idCount = Number(RESTRICTED_NAME.exec(release)?.[1]);
  if (idCount <= EVERY_ID) return { ...RESTRICTED, policy: { ...NEXT_ID, idCount } };
  const design = DESIGNS.find(({ kernel }) => kernel === release);
  if (design !== undefined) return design;
  const version = parseVersion(release);
  const era = version === null ? undefined : ERAS.find(({ since }) => !isBefore(version, since));
  if (era !== undefined) return { kernel: era.kernel, policy: policyOf(era.policy, version!) };
  const hint = didYouMean(
    release,
    DESIGNS.map(({ kernel }) => kernel),
  );
  const designs = [...DESIGNS.map(({ kernel }) => `'${kernel}'`), "'restricted:N' (1…2147483648 IDs)"].join(', ');
  throw refusal('kernel', `'${release}'`, `a release of 2.6 or later such as '6.18', or ${designs}${hint}`);
}
