// LiveWatches: inotify files of an agent, on the running kernel.
import type { Agents } from './agents.ts';
import { CALL } from './x64-calls.ts';

const IN_ATTRIB = 4;
const IN_NONBLOCK = 0o4000;
const SETNEXTWD = 0x40044900; // INOTIFY_IOC_SETNEXTWD

/** Inotify files. Each watches files without a name, one a watch. Calls return a result, or −errno. */
export class LiveWatches {
  private readonly agents: Agents;
  /** Descriptors of files to watch, for all inotify files. */
  private readonly watchable: number[] = [];
  private readonly files: Map<number, { places: Map<number, number>; free: number[]; used: number }> = new Map();

  constructor(agents: Agents) {
    this.agents = agents;
  }

  /** Makes an inotify file. Returns its descriptor. */
  open(): number {
    const file = this.agents.first(CALL.inotifyInit1, IN_NONBLOCK);
    if (file >= 0) this.files.set(file, { places: new Map(), free: [], used: 0 });
    return file;
  }

  /** Says which watch descriptor comes next. Returns 0. */
  setNextId(file: number, wd: number): number {
    return this.agents.first(CALL.ioctl, file, SETNEXTWD, wd);
  }

  /** Watches a file that is not watched yet. Returns the watch descriptor. */
  add(file: number): number {
    const { agents, watchable } = this;
    const { places, free, used } = this.files.get(file)!;
    const place = free.pop() ?? used;
    if (place === watchable.length) {
      const made = agents.first(CALL.memfdCreate, agents.memory.text('path', 'watched'), 0);
      if (made < 0) return made;
      watchable.push(made);
    }
    const path = agents.memory.text('path', `/proc/self/fd/${watchable[place]}`);
    const wd = agents.first(CALL.inotifyAddWatch, file, path, IN_ATTRIB);
    if (place === used) this.files.get(file)!.used++;
    if (wd > 0) places.set(wd, place);
    else free.push(place);
    return wd;
  }

  /** Ends a watch. Returns 0. */
  remove(file: number, wd: number): number {
    const { places, free } = this.files.get(file)!;
    const result = this.agents.first(CALL.inotifyRmWatch, file, wd);
    const place = places.get(wd);
    if (result === 0 && place !== undefined) {
      free.push(place);
      places.delete(wd);
    }
    return result;
  }

  close(file: number): void {
    this.agents.first(CALL.close, file);
    this.files.delete(file);
  }
}
