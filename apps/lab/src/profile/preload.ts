// Runs in the program's process before the program: instruments what it loads, and leaves a profile behind when it ends.
import { existsSync, writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';
import { CacheSim, type CacheSimOptions } from '@idspace/cache-sim';
import { instrumentModules } from '@idspace/mem-trace/node';
import { record } from '@idspace/mem-trace/recording';
import { ORDER, type ProfileOrder } from './profile.ts';
import { Tally } from './tally.ts';

const order = process.env[ORDER];
// Worker threads get the same arguments: they run as they are.
if (order !== undefined && isMainThread) profile(JSON.parse(order) as ProfileOrder);

function profile({ caches, output, only, stop }: ProfileOrder): void {
  // Programs that the program starts are its own matter.
  delete process.env[ORDER];
  const tally = new Tally(new CacheSim(caches as CacheSimOptions));
  instrumentModules(only === undefined ? {} : { only: new RegExp(only) });
  const recording = record(
    (batch) => {
      tally.take(batch);
      // A loop that never ends hears no signal, and comes by here.
      if (existsSync(stop) && process.listenerCount('SIGINT') === 1) process.exit(130);
    },
    { addresses: tally.addresses },
  );
  process.on('exit', () => {
    recording.stop();
    writeFileSync(output, JSON.stringify(tally.profile(recording)));
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
