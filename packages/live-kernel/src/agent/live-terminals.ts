// LiveTerminals: pseudo-terminals of a devpts that an agent has mounted for itself, on the running kernel.
import { PLACE } from './agent-memory.ts';
import type { Agents } from './agents.ts';
import { CALL } from './x64-calls.ts';

const WHERE = '/dev/pts';
const MS_NOSUID_NOEXEC = 2 | 8;
const MNT_DETACH = 2;
const O_RDWR_NOCTTY = 0o402;
const TIOCGPTN = 0x80045430;

/** Pseudo-terminals. Calls return a result, or −errno. */
export class LiveTerminals {
  private readonly agents: Agents;
  /** Masters, by index. */
  private readonly masters: Map<number, number> = new Map();
  private isMounted = false;

  constructor(agents: Agents) {
    this.agents = agents;
  }

  /** Mounts an empty devpts in place of the one before, whose terminals end. Returns 0. */
  mount(): number {
    const { agents } = this;
    const { memory } = agents;
    for (const index of this.masters.keys()) this.close(index);
    if (this.isMounted) agents.first(CALL.umount2, memory.text('path', WHERE), MNT_DETACH);
    const type = memory.text('text', 'devpts');
    const options = memory.text('options', 'newinstance,ptmxmode=0666');
    const result = agents.first(CALL.mount, type, memory.text('path', WHERE), type, MS_NOSUID_NOEXEC, options);
    this.isMounted = result === 0;
    return result;
  }

  /** Opens ptmx. Returns the index. */
  open(): number {
    const { agents } = this;
    const { memory } = agents;
    const master = agents.first(CALL.open, memory.text('path', `${WHERE}/ptmx`), O_RDWR_NOCTTY, 0);
    if (master < 0) return master;
    const result = agents.first(CALL.ioctl, master, TIOCGPTN, memory.room + PLACE.number);
    if (result < 0) return result;
    const index = memory.words[PLACE.number / 4];
    this.masters.set(index, master);
    return index;
  }

  close(index: number): void {
    const master = this.masters.get(index);
    if (master === undefined) return;
    this.agents.first(CALL.close, master);
    this.masters.delete(index);
  }
}
