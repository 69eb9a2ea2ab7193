// LiveObjects: System V IPC in the IPC namespace of an agent, on the running kernel.
import type { Agents } from './agents.ts';
import { writeFile } from './write-file.ts';
import { CALL } from './x64-calls.ts';

const IPC_CREAT_EXCL = 0o3000 + 0o600;
const IPC_RMID = 0;
const SHM_BYTES = 1;
const SEMAPHORES = 1;

/** Kinds of System V IPC. */
export type ObjectKind = 'shm' | 'msg' | 'sem';

/** Shared memory, message queues and semaphores. Calls return a result, or −errno. */
export class LiveObjects {
  private readonly agents: Agents;

  constructor(agents: Agents) {
    this.agents = agents;
  }

  /** Sets the most objects of a kind: kernel.shmmni, kernel.msgmni, the fourth number of kernel.sem. Returns 0. */
  setLimit(kind: ObjectKind, most: number): number {
    const [name, text] =
      kind === 'sem' ? ['sem', `32000 1024000000 500 ${most}`] : [kind === 'shm' ? 'shmmni' : 'msgmni', String(most)];
    return writeFile(this.agents, `/proc/sys/kernel/${name}`, text);
  }

  /** Says which ID comes next. Returns 0. */
  setNextId(kind: ObjectKind, id: number): number {
    return writeFile(this.agents, `/proc/sys/kernel/${kind}_next_id`, String(id));
  }

  /** Makes an object that is not there yet. @param key 0: private. Returns its ID. */
  create(kind: ObjectKind, key: number): number {
    const { agents } = this;
    const word = key | 0;
    if (kind === 'shm') return agents.first(CALL.shmget, word, SHM_BYTES, IPC_CREAT_EXCL);
    return kind === 'msg'
      ? agents.first(CALL.msgget, word, IPC_CREAT_EXCL)
      : agents.first(CALL.semget, word, SEMAPHORES, IPC_CREAT_EXCL);
  }

  /** Removes one. Returns 0. */
  remove(kind: ObjectKind, id: number): number {
    const { agents } = this;
    if (kind === 'shm') return agents.first(CALL.shmctl, id, IPC_RMID, 0);
    return kind === 'msg' ? agents.first(CALL.msgctl, id, IPC_RMID, 0) : agents.first(CALL.semctl, id, 0, IPC_RMID);
  }
}
