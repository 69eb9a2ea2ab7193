// The running Linux kernel: its timer calls through FFI, in child processes; what it does with IDs; what a restore on this machine depends on.
export { type LiveIds, openLiveIds, type Unavailable } from './agent/live-ids.ts';
export { type Facts, gatherFacts, type Places, type Remark } from './facts/facts.ts';
export type { MachineFacts, NumberInUse } from './facts/machine-facts.ts';
export type { Job, JobContext, JobPlace } from './job.ts';
export { LiveKernelError, type LiveKernelErrorCode } from './live-kernel-error.ts';
export type { LiveProcess } from './live-process.ts';
export { childEnvironment, nodeFlagsFor } from './node-flags.ts';
export { openLiveProcess } from './open-live-process.ts';
export { ownSigpending, ownSigq } from './own-limits.ts';
export { findPolicy, hasRestoreCall, type IdPolicy, type PolicyFound } from './probe/find-policy.ts';
export type { KernelMeasures } from './probe/measure-kernel.ts';
export { type KernelProbe, type MeasuredRates, measuredRates, probeKernel } from './probe/probe-kernel.ts';
export { type RestoreDebt, restoreDebt, type Sighting } from './probe/restore-debt.ts';
export { watchProcess } from './probe/watch-process.ts';
export { type ChildOptions, runInChild } from './run-in-child.ts';
export type { CreateOptions, IdPointer, Itimerspec, Sigevent, TimerCalls } from './timer-types.ts';
