// Random scripts of timer calls: of one process by FFI, of several by a C program.
import { readdirSync } from 'node:fs';
import { release } from 'node:os';
import { fileURLToPath } from 'node:url';
import { CLOCK_BOOTTIME_ALARM, SIGEV_NONE } from '@idspace/posix-timers';
import { random } from '@idspace/testkit';
import { LiveKernelError } from '../../src/live-kernel-error.ts';
import type { LiveProcess } from '../../src/live-process.ts';
import { openLiveProcess } from '../../src/open-live-process.ts';
import { hasRestoreCall } from '../../src/probe/find-policy.ts';
import { isPlayable } from './cast.ts';
import { compare, type Machine } from './compare.ts';
import { compileDriver } from './compile-driver.ts';
import { DriverOracle } from './driver-oracle.ts';
import { LiveOracle } from './live-oracle.ts';
import type { Oracle } from './oracle.ts';
import { randomScript, type ScriptOptions } from './random-script.ts';
import { shrink } from './shrink.ts';

const SOURCE = fileURLToPath(new URL('./driver.c', import.meta.url));

/** A set of scripts that one oracle plays. */
interface Course {
  readonly name: string;
  readonly oracle: Oracle;
  readonly options: ScriptOptions;
}

/** Plays timers. Returns true after a difference. */
export async function runTimers(scripts: number, seed: number): Promise<boolean> {
  const live = await openOrSkip();
  if (live === null) return false;
  const machine: Machine = { release: release(), rtc: hasAlarmClock(live) };
  const pids = [0, 1, unusedPid()];
  const alone: Course = {
    name: 'one process, by FFI',
    oracle: new LiveOracle(live),
    options: { actors: false, limits: false, pids: [...pids, live.pid] },
  };
  if (await run(alone, machine, scripts, seed)) return true;
  const driver = compileDriver([SOURCE]);
  if (typeof driver === 'string') {
    console.log(`SKIPPED: timers of processes and threads: ${driver}`);
    return false;
  }
  const limits = process.getuid?.() === 0;
  if (!limits) console.log('SKIPPED: users and limits: only root can be several users');
  const together: Course = {
    name: `processes and threads${limits ? ', users and limits' : ''}, by a C program`,
    oracle: new DriverOracle(driver.program, limits),
    options: { actors: true, limits, pids },
  };
  try {
    return await run(together, machine, scripts, seed);
  } finally {
    driver.remove();
  }
}

/** Plays the scripts of a course. Returns true after the first difference. */
async function run(course: Course, machine: Machine, scripts: number, seed: number): Promise<boolean> {
  try {
    return await playAll(course, machine, scripts, seed);
  } finally {
    course.oracle.close();
  }
}

async function playAll(course: Course, machine: Machine, scripts: number, seed: number): Promise<boolean> {
  const { name, oracle, options } = course;
  const start = performance.now();
  let calls = 0;
  for (let i = 0; i < scripts; i++) {
    const script = randomScript(random(seed + i), options);
    const { scenario, difference } = await compare(`seed ${seed + i}`, script, oracle, machine);
    if (difference !== null) {
      const shortest = await shrink(script, async (steps) => {
        return isPlayable(steps) && (await compare('shrinking', steps, oracle, machine)).difference !== null;
      });
      const least = await compare(`seed ${seed + i}, shrunk`, shortest, oracle, machine);
      console.log(`${name}: a difference after ${i} scripts; again with --scripts 1 --seed ${seed + i}`);
      console.log(JSON.stringify(least.difference ?? difference, null, 2));
      console.log(JSON.stringify((least.difference === null ? scenario : least.scenario).steps));
      return true;
    }
    calls += scenario.steps.filter(({ op }) => op !== 'read').length;
  }
  const seconds = (performance.now() - start) / 1000;
  const perMinute = Math.round((60 * scripts) / seconds);
  console.log(
    `${name}: ${scripts} scripts, ${calls} calls, the list of timers read after each, 0 differences; ` +
      `${seconds.toFixed(1)} s, ${perMinute} scripts a minute`,
  );
  return false;
}

async function openOrSkip(): Promise<LiveProcess | null> {
  try {
    const live = await openLiveProcess();
    if (hasRestoreCall(live)) return live;
    console.log(
      `SKIPPED: timers: Linux ${release()} cannot make timers by ID, which every script needs at its start: that came with 6.15`,
    );
  } catch (error) {
    if (!(error instanceof LiveKernelError)) throw error;
    console.log(`SKIPPED: timers: ${error.message}`);
  }
  return null;
}

/** Tells if alarm clocks have timers here. */
function hasAlarmClock(live: LiveProcess): boolean {
  const id = live.timerCreate(CLOCK_BOOTTIME_ALARM, { notify: SIGEV_NONE });
  live.timerDelete(id);
  return id >= 0;
}

/** Returns a process ID that no process has. */
function unusedPid(): number {
  const used = new Set(readdirSync('/proc'));
  let pid = 4_194_303;
  while (used.has(String(pid))) pid--;
  return pid;
}
