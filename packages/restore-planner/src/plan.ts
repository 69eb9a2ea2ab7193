// Plans and verdicts, from a checkpoint and what is known of a target. Runs in a browser, too: nothing is asked of a system.
export { armedValue } from './armed-value.ts';
export { type Charges, chargesOf } from './charges.ts';
export { CheckpointError, type CheckpointErrorCode } from './checkpoint-error.ts';
export { clockName } from './clock-name.ts';
export {
  bestFirst,
  type CandidateNode,
  compareNodes,
  isPossible,
  type NodeComparison,
  type NodeOutcome,
} from './compare-nodes.ts';
export { type CpuClock, cpuClockOf } from './cpu-clock.ts';
export { type ExecuteOptions, executePlan } from './execute/execute-plan.ts';
export type { Difference, ExecuteProgress, Report } from './execute/report.ts';
export { validatePlan } from './execute/validate-plan.ts';
export { nearestWords } from './nearest.ts';
export type { Outcome } from './outcome.ts';
export { OUTCOMES, worstOutcome } from './outcome.ts';
export { type PlanDocument, parsePlan, planDocument } from './plan-document.ts';
export { type PlanJson, type PlanTimerJson, type ProcessPlanJson, planToJson } from './plan-json.ts';
export {
  MATRIX_CRIUS,
  MATRIX_KERNELS,
  type MatrixOptions,
  type MatrixRow,
  type PlanMatrix,
  planMatrix,
} from './plan-matrix.ts';
export { type NodePlan, planNode } from './plan-node.ts';
export { NS_PER_PAIR, NS_PER_RESTORE, planRestore, restorePlanner, secondsOf } from './plan-restore.ts';
export { planTogether, type Together } from './plan-together.ts';
export type { Refusal } from './refusal.ts';
export type {
  ProcessRehearsal,
  RehearsalCheck,
  RehearsalCheckName,
  RehearsedProcess,
  RehearseOptions,
} from './rehearse/process-rehearsal.ts';
export { type Rehearsed, rehearseProcess } from './rehearse/rehearse-process.ts';
export { type RestoreCost, restoreCost, restoreSeconds } from './restore-cost.ts';
export type { CheckpointIds, NotRead } from './spaces/checkpoint-ids.ts';
export type {
  IdStage,
  ObjectCalls,
  ProcessCalls,
  Ring,
  RingCalls,
  TerminalCalls,
  Unavailable,
  WatchCalls,
} from './spaces/id-calls.ts';
export { type PlayOptions, playSpaces, type SpaceReport } from './spaces/play-spaces.ts';
export { REASON_CODES, type Reason, type ReasonCode } from './spaces/reason.ts';
export type { SpaceSummary } from './spaces/space.ts';
export { SPACE_TITLES, type SpaceName } from './spaces/space-name.ts';
export type { SysvKind } from './spaces/sysv/sysv-ids.ts';
export { parseTarget, type TakenNumber, type Target } from './spaces/target.ts';
export { KERNEL_KINDS, type KernelKind, kernelKind } from './spaces/timers/kernel-policy.ts';
export { type PlanWarning, WARNING_CODES, type WarningCode } from './spaces/timers/warnings/plan-warning.ts';
export { decisiveReason, decisiveSpace, SPACES } from './spaces/verdict.ts';
export { type Itimerspec, SIGEV_USE_ID, type Sigevent, type TimerSyscalls } from './timer-syscalls.ts';
export type {
  CallCounts,
  Checkpoint,
  CheckpointProcess,
  CheckpointTimer,
  Container,
  CreateCall,
  Duration,
  IntervalTimer,
  Notify,
  PlanOptions,
  PlanTotals,
  ProcessPlan,
  RestorePlan,
  Step,
  Strategy,
} from './types.ts';
