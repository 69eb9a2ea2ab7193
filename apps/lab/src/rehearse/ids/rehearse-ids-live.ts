// The job of a child process: plays the IDs of a checkpoint on the running kernel, in namespaces of their own.
import { type JobContext, type LiveIds, LiveKernelError, openLiveIds } from '@idspace/live-kernel';
import { type CheckpointIds, playSpaces, type SpaceReport, type Target } from '@idspace/restore-planner';

/** What is played. */
export interface LiveIdsPart {
  ids: readonly CheckpointIds[];
  kernel: string;
  criu: string;
  /** This machine, seen from fresh namespaces. */
  target: Target;
}

/** Plays each container in fresh namespaces, which end with all that was made in them. */
export async function rehearseIdsLive(
  { ids, ...options }: LiveIdsPart,
  { signal }: JobContext<never>,
): Promise<SpaceReport[]> {
  const reports: SpaceReport[] = [];
  for (const one of ids) {
    const stage = await openStage();
    try {
      reports.push(...(await playSpaces(one, { ...options, signal }, stage)));
    } finally {
      stage.close();
    }
  }
  return reports;
}

async function openStage(): Promise<LiveIds> {
  try {
    return await openLiveIds();
  } catch (error) {
    if (!(error instanceof LiveKernelError)) throw error;
    const nothing = { why: `Nothing was played: ${error.message}.` };
    return { inotify: nothing, sysv: nothing, pty: nothing, aio: nothing, pids: nothing, close: () => {} };
  }
}
