// Both ways to see a table's accesses: instrumented code, and stand-ins. The same accesses, one by one.
import { createTimerTable, DESIGNS, type DesignName, type TimerTable } from '@idspace/posix-timers';
import { budget, random } from '@idspace/testkit';
import { expect, test } from 'vitest';
import { idOf } from '#tables';
import { addProcesses } from '../src/evaluate/processes.ts';
import { recordableTable, tracerOf } from '../src/evaluate/recordable-table.ts';

/** Runs operations at random, part of them traced. Returns what was seen: 'write hash.heads 17 = 3 (of 1024, 4 bytes each)'. */
function seen(table: TimerTable, seed: number): string[] {
  const log: string[] = [];
  const rng = random(seed);
  const processes = addProcesses(table, 3, seed);
  const tracer = tracerOf(table, (name) => (element, isWrite, raw) => {
    const shape = `of ${raw.length}, ${raw.BYTES_PER_ELEMENT} bytes each`;
    // Instrumented code reports the read of a lock's `word++` when that is done.
    const value = isWrite || !/lock/i.test(name) ? raw[element] : 'so much';
    log.push(`${isWrite ? 'write' : 'read'} ${name} ${element} = ${value} (${shape})`);
  });
  const live: { process: number; id: number }[] = [];
  const create = (process: number, wanted?: number): void => {
    const timer = table.timers.allocate();
    const id = table.add(process, timer, wanted);
    if (id < 0) {
      table.timers.free(timer);
      return;
    }
    table.publish(process, timer);
    live.push({ process, id });
  };
  for (let step = 0; step < 600; step++) {
    const [process, roll] = [rng.pick(processes), rng.below(100)];
    if (roll < 10) tracer.resume();
    else if (roll < 13) tracer.pause();
    log.push(`step ${step}`);
    if (roll < 60 || live.length === 0) create(process);
    else if (roll < 65) create(process, rng.pick([rng.below(100), rng.below(5000)]));
    else if (roll < 85) table.find(process, rng.pick(live).id);
    else if (roll < 99) {
      const at = rng.below(live.length);
      const [{ process: owner, id }] = live.splice(at, 1);
      table.timers.free(table.remove(owner, id));
    } else table.forEachTimer(process, (timer) => log.push(`timer ${timer} ${idOf(table, timer)}`));
  }
  log.push([...tracer.arrays()].map(([name, { length }]) => `${name} ${length}`).join());
  tracer.stop();
  return log;
}

test.each(DESIGNS)('%s: instrumented code and stand-ins see the same accesses', (design: DesignName) => {
  for (let run = 0; run < budget(20); run++) {
    // The first one meets an array of the generational design by a part of it, before the array itself.
    const seed = run + 5;
    // Small: everything grows on the way.
    const options = { cpus: 2, capacity: 1 + 50 * ((seed - 1) % 3), processes: 3 };
    const [one, other] = [recordableTable(design, options), createTimerTable(design, options)].map((table) =>
      seen(table, seed),
    );
    const at = one.findIndex((line, i) => line !== other[i]);
    const around = (log: string[]): string[] => (at < 0 ? [] : log.slice(Math.max(0, at - 5), at + 5));
    expect(around(one), `seed ${seed}, access ${at}`).toEqual(around(other));
    expect(one.length).toBe(other.length);
    expect(one.filter((line) => /^(read|write)/.test(line)).length).toBeGreaterThan(600);
  }
});
