// From the parts of a checkpoint to the IDs of its spaces. An image that is not there leaves its space unread: CRIU may have named it otherwise in another
// version, or it was not copied. One that is damaged is an error, as CRIU would fail on it.
// Source: criu/files.c, criu/tty.c, criu/ipc_ns.c, criu/namespaces.c, v4.2.
import type { AioRing } from '../spaces/aio/ring.ts';
import type { CheckpointIds, NotRead } from '../spaces/checkpoint-ids.ts';
import type { TaskIds, TreeIds } from '../spaces/pids/task-ids.ts';
import type { PtyMaster } from '../spaces/pty/pty-master.ts';
import { SYSV_KINDS, type SysvIds, type SysvKind, type SysvObject } from '../spaces/sysv/sysv-ids.ts';
import type { FilesPart, IdsPart, TtyFile } from './id-parts.ts';
import type { ImageName } from './image-name.ts';
import type { KernelObjects } from './kernel-objects.ts';
import type { PartStore } from './part-store.ts';
import type { Part, PstreePart } from './parts.ts';

/** Finds what CRIU calls the kernel objects of a task; undefined if the image is missing, as for zombies. */
type ObjectsOf = (pid: number) => Promise<IdsPart | undefined>;

/** What is known of a checkpoint before its IDs are read. */
export interface Context {
  /** The namespaces of the CRIU that dumped it. */
  outer: KernelObjects | undefined;
  /** Its PID namespace. */
  namespace: TreeIds['namespace'];
  /** They have no files and no memory. */
  zombies: ReadonlySet<number>;
}

/**
 * Reads the IDs beside timers.
 *
 * @throws CheckpointError if an image that is there is damaged.
 */
export async function readIds(
  store: PartStore,
  { tasks, groups }: PstreePart,
  { outer, namespace, zombies }: Context,
): Promise<CheckpointIds> {
  const known = new Map<number, IdsPart | undefined>();
  const objectsOf: ObjectsOf = async (pid) => {
    if (!known.has(pid)) known.set(pid, await find<'ids'>(store, { kind: 'ids', id: pid }));
    return known.get(pid);
  };
  const root = { pid: tasks[0]!.pid, objects: await objectsOf(tasks[0]!.pid) };
  const alive = tasks.flatMap(({ pid }) => (zombies.has(pid) ? [] : [pid]));
  const files = await find<'files'>(store, { kind: 'files', id: null });
  return {
    // Where it is not its own, process 1 is the machine's init, which nothing dumps.
    pids: treeOf(tasks, groups, root.pid === 1 ? 'own' : namespace),
    inotify: files?.inotify ?? { missing: 'files.img' },
    sysv: await sysvOf(store, root, outer),
    pty: await ptysOf(store, files, alive, objectsOf),
    aio: await ringsOf(store, alive),
  };
}

interface Root {
  pid: number;
  objects: IdsPart | undefined;
}

function treeOf(
  tasks: PstreePart['tasks'],
  groups: PstreePart['groups'],
  namespace: TreeIds['namespace'],
): TreeIds | NotRead {
  const found: TaskIds[] = [];
  for (const [at, { pid, ppid, threads }] of tasks.entries()) {
    const group = groups[at];
    if (group === undefined) return { missing: 'pgid and sid in pstree.img' };
    found.push({ pid, ppid, ...group, threads });
  }
  return { tasks: found, namespace };
}

async function sysvOf(
  store: PartStore,
  { pid, objects }: Root,
  outer: KernelObjects | undefined,
): Promise<CheckpointIds['sysv']> {
  const id = objects?.ipcNamespace ?? null;
  if (id === null) return { missing: `ids-${pid}.img` };
  if (outer === undefined || outer.ipcNamespace === null) return { missing: 'root_ids in inventory.img' };
  if (id === outer.ipcNamespace) return null;
  const limits = await find<'ipcns-var'>(store, { kind: 'ipcns-var', id });
  if (limits === undefined) return { missing: `ipcns-var-${id}.img` };
  const found: Partial<Record<SysvKind, SysvObject[]>> = {};
  for (const kind of SYSV_KINDS) {
    const part = await find<'ipcns-shm' | 'ipcns-msg' | 'ipcns-sem'>(store, { kind: `ipcns-${kind}`, id });
    if (part === undefined) return { missing: `ipcns-${kind}-${id}.img` };
    found[kind] = part.objects;
  }
  return { objects: found as SysvIds['objects'], limits: limits.limits, nextIds: limits.nextIds };
}

async function ringsOf(store: PartStore, pids: readonly number[]): Promise<AioRing[] | NotRead> {
  const rings: AioRing[] = [];
  for (const pid of pids) {
    const part = await find<'mm'>(store, { kind: 'mm', id: pid });
    if (part === undefined) return { missing: `mm-${pid}.img` };
    for (const [index, { address, nrReq, ringLen }] of part.rings.entries()) {
      const header = index < MOST_LOOKED_AT ? await store.memory?.(pid, address, HEADER) : undefined;
      rings.push({ pid, nrReq, ringLen, ...headerOf(header) });
    }
  }
  return rings;
}

const MOST_LOOKED_AT = 64; // rings of a process whose memory is looked at: each takes a walk through its page map
const HEADER = 32; // bytes: id, nr, head, tail, magic, …
const RING_MAGIC = 0xa10a10a1;

/** Head and tail of a ring, from its first bytes; null where they are not known. */
function headerOf(bytes: Uint8Array | undefined): Pick<AioRing, 'head' | 'tail'> {
  if (bytes === undefined) return { head: null, tail: null };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(16, true) !== RING_MAGIC) return { head: null, tail: null };
  return { head: view.getUint32(8, true), tail: view.getUint32(12, true) };
}

async function ptysOf(
  store: PartStore,
  files: FilesPart | undefined,
  pids: readonly number[],
  objectsOf: ObjectsOf,
): Promise<PtyMaster[] | NotRead> {
  if (files === undefined) return { missing: 'files.img' };
  if (files.ttys.length === 0) return [];
  const infos = await find<'tty-info'>(store, { kind: 'tty-info', id: null });
  if (infos === undefined) return { missing: 'tty-info.img' };
  const places = await openedAt(store, pids, objectsOf);
  if (!(places instanceof Map)) return places;
  const made = new Set<number>();
  const masters: PtyMaster[] = [];
  const make = ({ id, info, path }: TtyFile, index: number, isOrphan: boolean): void => {
    const name = (path === undefined ? undefined : files.ttyPaths.get(path)) ?? null;
    const { pid, fd } = places.get(id) ?? { pid: 0, fd: 0 };
    masters.push({ index, fileId: id, pid, fd, path: name, ...(isOrphan && { isOrphan: true as const }) });
    made.add(info);
  };
  for (const file of files.ttys) {
    const index = infos.ptys.get(file.info);
    if (index !== undefined && isMaster(file)) make(file, index, false);
  }
  for (const file of files.ttys) {
    const index = infos.ptys.get(file.info);
    if (index === undefined || isMaster(file) || made.has(file.info) || made.has(file.info + 1)) continue;
    make(file, index, true);
  }
  return masters;
}

function isMaster({ info }: TtyFile): boolean {
  return (info & 1) === 1;
}

/** Where each terminal's file is opened: in the process with the lowest PID that has it, at the lowest descriptor. */
async function openedAt(
  store: PartStore,
  pids: readonly number[],
  objectsOf: ObjectsOf,
): Promise<Map<number, { pid: number; fd: number }> | NotRead> {
  const places = new Map<number, { pid: number; fd: number }>();
  const seen = new Set<number>();
  for (const pid of [...pids].sort((a, b) => a - b)) {
    const objects = await objectsOf(pid);
    const id = objects?.filesId ?? null;
    if (id === null) return { missing: `ids-${pid}.img` };
    if (seen.has(id)) continue;
    seen.add(id);
    const part = await find<'fdinfo'>(store, { kind: 'fdinfo', id });
    if (part === undefined) return { missing: `fdinfo-${id}.img` };
    for (const { id: file, fd } of part.ttys) {
      const place = places.get(file);
      if (place === undefined || (place.pid === pid && fd < place.fd)) places.set(file, { pid, fd });
    }
  }
  return places;
}

async function find<Kind extends Part['kind']>(
  store: PartStore,
  name: ImageName & { kind: Kind },
): Promise<Extract<Part, { kind: Kind }> | undefined> {
  return (await store.get(name)) as Extract<Part, { kind: Kind }> | undefined;
}
