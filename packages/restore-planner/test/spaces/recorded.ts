// Restores that a real CRIU 4.2 was asked for: the images, what the target was like, how it ended, what was printed.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkpoint, Target } from '@idspace/restore-planner';

export const RECORDED: string = join(import.meta.dirname, '..', 'ground-truth', 'criu-ids');

/** One restore. */
export interface RecordedRestore {
  case: string;
  mode: string;
  target: {
    taken?: Target['taken'];
    pid_max?: number;
    pid_max_where_criu_runs?: number;
    criu_pid?: number;
    criu_sid?: number;
    shell_job?: boolean;
    cannot_ask?: string[];
    ptys_taken?: number[];
    possible_cpus?: number;
    aio_nr?: number;
    aio_max_nr?: number;
    root_sigq?: number;
    criu_rlimit_sigpending?: number;
    ipcmni_extend?: boolean;
    ipc_namespace_has?: { shm: number[]; sem: number[]; msg: number[]; keys: string };
  };
  verdict: 'ok' | 'fails' | 'does not finish';
  /** The first lines that CRIU printed. */
  words: string[];
  /** System calls, as counted by the kernel. */
  calls: Record<string, number>;
}

export const RESTORES: RecordedRestore[] = JSON.parse(readFileSync(join(RECORDED, 'expected.json'), 'utf8'));

const NAMES: Record<string, string> = { 'clone3 set_tid': 'clone3-set-tid', INOTIFY_IOC_SETNEXTWD: 'inotify-next-wd' };
const PID_MAX = 4_194_304;

/** The target of a recorded restore; what is not said of it was as on an idle machine with 2 CPUs. */
export function targetOf({ target: said }: RecordedRestore, checkpoint: Checkpoint): Target {
  // biome-ignore format: what belongs together stands in a row
  return {
    kernel: '6.18', criu: '4.2', pidMax: said.pid_max ?? PID_MAX,
    pidMaxWhereCriuRuns: said.pid_max_where_criu_runs ?? said.pid_max ?? PID_MAX,
    taken: said.taken ?? [],
    criuPid: said.criu_pid ?? 20_000, criuSid: said.criu_sid ?? 20_000, shellJob: said.shell_job ?? false,
    cannotAsk: (said.cannot_ask ?? []).map((way) => NAMES[way] ?? way),
    ptysTaken: said.ptys_taken ?? [],
    possibleCpus: said.possible_cpus ?? 2, aioNr: said.aio_nr ?? 0, aioMaxNr: said.aio_max_nr ?? 65_536,
    sigqOfCriuUser: said.root_sigq ?? 2, rtc: false, capWakeAlarm: true,
    ipcmniExtend: said.ipcmni_extend ?? false, shmmniMax: 32_768,
    maxUserWatches: 100_000, maxUserInstances: 128, userWatches: 0,
    ...(said.criu_rlimit_sigpending !== undefined && { criuRlimitSigpending: said.criu_rlimit_sigpending }),
    ...(said.ipc_namespace_has && { joinedIpc: joined(said.ipc_namespace_has, checkpoint) }),
  };
}

function joined(
  has: NonNullable<RecordedRestore['target']['ipc_namespace_has']>,
  checkpoint: Checkpoint,
): NonNullable<Target['joinedIpc']> {
  const sysv = checkpoint.ids![0]!.sysv;
  if (sysv === null || 'missing' in sysv) throw new Error('no SysV objects');
  const of = (kind: 'shm' | 'sem' | 'msg') =>
    has[kind].map((id, at) => {
      const own = sysv.objects[kind][at];
      return { id, key: has.keys === 'the same' && own !== undefined ? own.key : 900_000 + id };
    });
  return { shm: of('shm'), sem: of('sem'), msg: of('msg') };
}

/** The images of a recorded case. */
export function recordedImages(name: string): Record<string, Uint8Array> {
  const files = readdirSync(join(RECORDED, name)).filter((file) => file.endsWith('.img'));
  return Object.fromEntries(files.map((file) => [file, new Uint8Array(readFileSync(join(RECORDED, name, file)))]));
}
