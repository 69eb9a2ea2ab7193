// Runs in the program's process before the program, and in each of its threads: instruments what they load, and leaves a profile behind when
// the process ends.
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { CacheSim, type CacheSimOptions } from '@idspace/cache-sim';
import { instrumentModules } from '@idspace/mem-trace/node';
import { type Field, type Recording, record } from '@idspace/mem-trace/recording';
import { Buffers } from './buffers.ts';
import { ORDER, type ProfileOrder } from './order.ts';
import type { Profile } from './profile.ts';
import { Tally } from './tally.ts';
import { type Inheritance, inheritance, spoolPath, ThreadRecorder } from './threads.ts';
import { Turns } from './turns.ts';

/** Cores at most: more threads than that share them. */
const MOST_CORES = 64;
/** Between two looks for the process that began this one. */
const LOOK_MS = 1000;

const order = process.env[ORDER];
const inherited = isMainThread ? undefined : inheritance();
if (inherited !== undefined) profileThread(inherited);
else if (order !== undefined && isMainThread) profile(JSON.parse(order) as ProfileOrder);

function instrumentAll({ only }: ProfileOrder): void {
  instrumentModules(only === undefined ? {} : { only: new RegExp(only) });
}

/** In a worker: all is kept for the end. */
function profileThread(given: Inheritance): void {
  const buffers = new Buffers();
  const threads = new ThreadRecorder(given, buffers);
  instrumentAll(given.order);
  const recording = record(
    (batch) => {
      threads.made += batch.length;
      threads.keep(batch);
    },
    { addresses: buffers },
  );
  threads.watch(recording);
  threads.begin();
  process.on('exit', () => recording.stop());
}

function profile(given: ProfileOrder): void {
  const { caches, output, stop } = given;
  // Programs that the program starts are its own matter.
  delete process.env[ORDER];
  const tally = new Tally(new CacheSim(caches as CacheSimOptions));
  const counters = new SharedArrayBuffer(12);
  new Int32Array(counters)[0] = 1;
  const threads = new ThreadRecorder({ order: given, counters, thread: 0 }, tally.buffers);
  instrumentAll(given);
  let isEnding = false;
  const recording = record(
    (batch) => {
      threads.made += batch.length;
      if (threads.isSpooling) threads.keep(batch);
      else tally.take(batch);
      endWithParent(given);
      // A loop that never ends hears no signal, and comes by here. What is passed on at the end must not end it once more.
      if (!isEnding && existsSync(stop) && process.listenerCount('SIGINT') === 1) process.exit(130);
    },
    { addresses: tally.buffers },
  );
  threads.watch(recording);
  setInterval(() => endWithParent(given), LOOK_MS).unref();
  process.on('exit', () => {
    isEnding = true;
    recording.stop();
    if (process.ppid !== given.parent) return;
    const text = JSON.stringify(summedUp(tally, recording, threads, given));
    try {
      writeFileSync(output, text);
    } catch (error) {
      process.stderr.write(`${output}: got ${problemOf(error)}, expected a file that can be written\n`);
    }
  });
  // A program that is stopped has a profile, too, unless it has a way of its own to end.
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    const end = (): void => {
      if (process.listenerCount(signal) === 1) process.exit(code);
    };
    process.on(signal, end);
  }
}

/** Without the process that began it, which has been killed, no process reads the profile or removes its folder. */
function endWithParent({ folder, parent }: ProfileOrder): void {
  if (process.ppid === parent) return;
  rmSync(folder, { recursive: true, force: true });
  process.kill(process.pid, 'SIGKILL');
}

function problemOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code === 'ENOSPC' ? 'a full disk' : (code ?? message);
}

/** The profile, with what the threads have kept. */
function summedUp(
  tally: Tally,
  recording: Recording,
  threads: ThreadRecorder,
  { caches, folder }: ProfileOrder,
): Profile {
  if (!threads.isSpooling) return tally.profile(recording);
  const files = Array.from(
    { length: threads.counters[0]! },
    (_, thread) => [thread, spoolPath(folder, thread)] as const,
  );
  const names: Field[] = [];
  for (let named = recording.fieldOf(0); named !== undefined; named = recording.fieldOf(names.length))
    names.push(named);
  const main = { addresses: tally.buffers, sites: tally.siteCount, names };
  const turns = new Turns(
    files.filter(([, path]) => existsSync(path)).map(([thread, path]) => [thread, path]),
    tally.accesses,
    threads.shared.compare(),
    main,
  );
  const cores = Math.min(MOST_CORES, turns.threads.length);
  tally.takeTurns(turns, new CacheSim({ ...(caches as CacheSimOptions), cores }));
  const { unseen } = recording;
  const meaning = {
    unseen,
    placeOf: (site: number) => turns.placeOf(site) ?? recording.placeOf(site),
    fieldOf: (field: number) => turns.fieldOf(field),
  };
  return { ...tally.profile(meaning, turns), isCut: threads.isCut };
}
