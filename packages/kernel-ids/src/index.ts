// How Linux hands out integers other than timer IDs: runnable models, a class for each.
export { AioContexts, type AioRing, aioRing } from './aio-contexts.ts';
export { CyclicIds } from './cyclic-ids.ts';
export { EAGAIN, EEXIST, EINVAL, ENOSPC, EPERM, ESRCH } from './errno.ts';
export type { Refusal } from './misuse.ts';
export { type MachineFacts, type ModelIds, modelIds } from './model-ids.ts';
export { PID_MAX_LIMIT, type PidHolder, PidNamespace, RESERVED_PIDS } from './pid-namespace.ts';
export { PTY_MAX, PtyIndices } from './pty-indices.ts';
export { SysvIds } from './sysv-ids.ts';
export { WatchDescriptors } from './watch-descriptors.ts';
