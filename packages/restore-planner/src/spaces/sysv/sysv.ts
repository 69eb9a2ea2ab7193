// SysV IDs of shared memory, message queues and semaphores: each is asked for once, and CRIU gives up if another one comes.
// Source: criu/ipc_ns.c, v4.2; recorded restores.
import { isBefore } from '../../version.ts';
import { MOST_NAMED, type Reason } from '../reason.ts';
import { type Conditions, type Space, type SpacePlan, worstOf } from '../space.ts';
import { SECONDS_PER_ASK, SECONDS_PER_GET } from './about.ts';
import { FAULT_TEXTS, type SysvFault } from './faults.ts';
import { restoreObjects } from './restore-objects.ts';
import { SLOT_BITS, type SlotBits } from './slots.ts';
import { SYSV_KINDS, type SysvIds } from './sysv-ids.ts';

/** Plans SysV IDs. */
export const SYSV: Space<SysvIds | null> = {
  name: 'sysv',
  ids: 'SysV IPC IDs',
  reads: ['ipcns-shm-ID.img', 'ipcns-sem-ID.img', 'ipcns-msg-ID.img', 'ipcns-var-ID.img', 'ids-PID.img'],
  dependsOn: ['joinedIpc', 'ipcmniExtend', 'shmmniMax'],
  plan,
};

function plan(ids: SysvIds | null, conditions: Conditions): SpacePlan | undefined {
  if (ids === null) return undefined; // not in an IPC namespace of its own: CRIU saves none
  const count = SYSV_KINDS.reduce((sum, kind) => sum + ids.objects[kind].length, 0);
  const seconds = SYSV_KINDS.reduce(
    (sum, kind) => sum + ids.objects[kind].length * (SECONDS_PER_GET[kind] + SECONDS_PER_ASK),
    0,
  );
  const reasons = [...unknownReasons(ids, conditions), ...faultReasons(ids, conditions)];
  const left = leftBehind(ids, conditions);
  return { space: 'sysv', outcome: worstOf(reasons), asks: count, creates: count, deletes: 0, seconds, left, reasons };
}

/** What each width of slots would lead to; where it is not known and matters, the outcome depends on it. */
function faultReasons(ids: SysvIds, { target }: Conditions): Reason[] {
  const widths = SLOT_BITS.filter((bits) => target.ipcmniExtend === undefined || target.ipcmniExtend === (bits === 24));
  const { shmmniMax: _, ...extendedTarget } = target; // it tells of the kernel as it is booted
  const isHelped = target.ipcmniExtend !== true && restoreObjects(ids, 24, extendedTarget, false).length === 0;
  const outcomes = widths.map((bits) => ({ bits, faults: restoreObjects(ids, bits, target, isHelped) }));
  const [plain, extended = plain!] = outcomes;
  if (plain!.faults.length > 0 && extended.faults.length > 0) return plain!.faults.map(reasonOf);
  const failing = plain!.faults.length > 0 ? plain! : extended;
  if (failing.faults.length === 0) return [];
  return [dependsOnWidth(failing.faults, failing.bits)];
}

function dependsOnWidth([fault]: readonly SysvFault[], bits: SlotBits): Reason {
  const when = bits === 15 ? 'without ipcmni_extend' : 'with ipcmni_extend';
  // biome-ignore format: what belongs together stands in a row
  return {
    space: 'sysv', code: 'slots-unknown', outcome: 'depends', ids: fault!.ids, words: null,
    text: `on a kernel booted ${when}, ${FAULT_TEXTS[fault!.code](fault!)}, and how the target was booted is not known`,
    remedy: 'look for ipcmni_extend in /proc/cmdline on the target',
  };
}

function reasonOf(fault: SysvFault): Reason {
  const { code, ids, words, remedy } = fault;
  return {
    space: 'sysv',
    code,
    outcome: 'fails',
    ids: ids.slice(0, MOST_NAMED),
    text: FAULT_TEXTS[code](fault),
    words,
    remedy,
  };
}

function unknownReasons({ objects }: SysvIds, { target }: Conditions): Reason[] {
  const { joinedIpc } = target;
  if (joinedIpc === undefined) return [];
  const missing = SYSV_KINDS.filter((kind) => objects[kind].length > 0 && joinedIpc[kind] === undefined);
  if (missing.length === 0) return [];
  const text = `which ${missing.join(', ')} objects the joined IPC namespace holds is not known`;
  // biome-ignore format: what belongs together stands in a row
  return [
    {
      space: 'sysv', code: 'joined-unknown', outcome: 'depends', ids: [], text, words: null,
      remedy: 'list them with ipcs in that namespace and put them into the target, or do not join one',
    },
  ];
}

function leftBehind({ objects, nextIds }: SysvIds, { target, criu }: Conditions): string[] {
  const left: string[] = [];
  const used = SYSV_KINDS.filter((kind) => objects[kind].length > 0);
  if (used.length > 0 && target.joinedIpc === undefined) {
    left.push(
      `the next ${used.join(', ')} IDs begin again at slot 0, sequence 0: one that was removed before the dump may come again`,
    );
  }
  for (const kind of used) {
    if (nextIds[kind] === null || (criu !== null && isBefore(criu, [2, 6]))) continue;
    left.push(`the saved kernel.${kind}_next_id ${nextIds[kind]} is lost`);
  }
  return left;
}
