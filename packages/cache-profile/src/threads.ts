// What a program's threads record: each into a file of its own, from the making of the first worker on.
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import workerThreads, {
  getEnvironmentData,
  MessagePort,
  parentPort,
  setEnvironmentData,
  type WorkerOptions,
} from 'node:worker_threads';
import type { Place, RecordedBatch, Recording } from '@idspace/mem-trace/recording';
import type { Buffers } from './buffers.ts';
import type { ProfileOrder } from './order.ts';
import { SharedBuffers, type Stamped } from './shared-buffers.ts';
import { type News, SpoolWriter } from './spool.ts';

const KEY = '@idspace/cache-profile';
/** Accesses of all threads together that are kept, 17 bytes each: 570 MB. */
const MOST = 2 ** 25;

const { postMessage: postPlain } = MessagePort.prototype;

/** What a thread posts beside the program's messages: the parent's `Worker` keeps it to itself. */
interface Told {
  [KEY]: Stamped;
}

/** What a thread is given by the one that made it. */
export interface Inheritance {
  order: ProfileOrder;
  /** For all threads: the next thread's number, the next stamp of a shared buffer, accesses kept. Int32Array, shape [3]. */
  counters: SharedArrayBuffer;
  thread: number;
  start?: { parent: number; at: number };
}

export function inheritance(): Inheritance | undefined {
  return getEnvironmentData(KEY) as Inheritance | undefined;
}

/** The file of a thread. */
export function spoolPath(folder: string, thread: number): string {
  return join(folder, `thread-${thread}`);
}

export class ThreadRecorder {
  /** Accesses that this thread has made. */
  made = 0;
  readonly counters: Int32Array;
  private readonly given: Inheritance;
  private readonly buffers: Buffers;
  /** In the main thread: what all have told. */
  readonly shared: SharedBuffers = new SharedBuffers();
  private stamps: [place: number, stamp: number][] = [];
  private spool: SpoolWriter | undefined;
  private recording: Recording | undefined;
  private readonly known = { sites: new Set<number>(), fields: new Set<number>(), buffers: 0 };

  constructor(given: Inheritance, buffers: Buffers) {
    this.given = given;
    this.buffers = buffers;
    this.counters = new Int32Array(given.counters);
    buffers.added = (buffer, place) => {
      if (!(buffer instanceof SharedArrayBuffer)) return;
      const stamp = Atomics.add(this.counters, 1, 1);
      this.stamps.push([place, stamp]);
      this.tell({ buffer, stamp });
    };
  }

  get isSpooling(): boolean {
    return this.spool !== undefined;
  }

  get isCut(): boolean {
    return Atomics.load(this.counters, 2) > MOST;
  }

  /** Records the workers that are made from now on, and passes on what has been recorded before anything is posted. */
  watch(recording: Recording): void {
    this.recording = recording;
    const recorder = this;
    const { Worker } = workerThreads;
    const Watched = {
      Worker: class extends Worker {
        constructor(file: string | URL, options?: WorkerOptions) {
          recorder.bequeath();
          const { execArgv } = options ?? {};
          super(file, execArgv ? { ...options, execArgv: [...process.execArgv, ...execArgv] } : options);
        }

        override emit(event: string | symbol, ...values: unknown[]): boolean {
          const told = event === 'message' ? (values[0] as Partial<Told> | null | undefined)?.[KEY] : undefined;
          if (told === undefined) return super.emit(event as 'message', ...(values as [unknown]));
          recorder.tell(told);
          return true;
        }
      },
    }.Worker;
    createRequire(import.meta.url)('node:worker_threads').Worker = Watched;
    syncBuiltinESMExports();
    // A worker that has posted its answer may be ended from outside, and cannot tell then.
    MessagePort.prototype.postMessage = function (this: MessagePort, ...args: unknown[]): void {
      if (recorder.isSpooling) recording.flush();
      postPlain.apply(this, args as Parameters<typeof postPlain>);
    };
  }

  /** Keeps accesses for later. */
  keep(batch: RecordedBatch): void {
    const { order, thread, start } = this.given;
    const isFirst = this.spool === undefined;
    this.spool ??= new SpoolWriter(spoolPath(order.folder, thread));
    this.spool.write(batch, { ...this.news(batch), ...(isFirst && start && { start }) });
    if (Atomics.add(this.counters, 2, batch.length) + batch.length > MOST) this.recording?.pause();
  }

  /** Begins the file, if there is none. */
  begin(): void {
    const none = new Int32Array(0);
    const empty = { kinds: new Uint8Array(0), addresses: new Float64Array(0), bytes: none, sites: none, fields: none };
    if (!this.isSpooling) this.keep({ ...empty, length: 0 });
  }

  /** Leaves to the next worker what it needs. */
  private bequeath(): void {
    this.recording?.flush();
    this.begin();
    const thread = Atomics.add(this.counters, 0, 1);
    const start = { parent: this.given.thread, at: this.made };
    setEnvironmentData(KEY, { ...this.given, thread, start } satisfies Inheritance as never);
  }

  /** Tells the main thread, from thread to thread. */
  private tell(stamped: Stamped): void {
    if (this.given.thread === 0) this.shared.hear(stamped);
    else postPlain.call(parentPort!, { [KEY]: stamped } satisfies Told);
  }

  /** What has come up since the last batch. */
  private news({ sites, fields, length }: RecordedBatch): News {
    const { known, buffers } = this;
    const news: News = {
      sites: [],
      fields: [],
      buffers: buffers.starts.slice(known.buffers).map((place, i) => [place, buffers.bytes[known.buffers + i]!]),
      stamps: this.stamps,
    };
    known.buffers = buffers.starts.length;
    this.stamps = [];
    for (let i = 0; i < length; i++) {
      if (!known.sites.has(sites[i]!)) {
        known.sites.add(sites[i]!);
        news.sites.push([sites[i]!, this.recording?.placeOf(sites[i]!) as Place]);
      }
      if (known.fields.has(fields[i]!)) continue;
      known.fields.add(fields[i]!);
      news.fields.push([fields[i]!, this.recording!.fieldOf(fields[i]!)!]);
    }
    return news;
  }
}
