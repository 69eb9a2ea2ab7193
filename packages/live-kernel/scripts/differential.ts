// pnpm differential [--scripts N] [--seed S]: random scripts of timer calls on the running kernel and on its model.
// Exit 0: no difference, or skipped with the reason; 1: a difference, shrunk and printed; 2: misuse.
import { readdirSync } from 'node:fs';
import { release } from 'node:os';
import { parseArgs } from 'node:util';
import { CLOCK_BOOTTIME_ALARM, SIGEV_NONE } from '@idspace/posix-timers';
import { random } from '@idspace/testkit';
import { LiveKernelError } from '../src/live-kernel-error.ts';
import type { LiveProcess } from '../src/live-process.ts';
import { openLiveProcess } from '../src/open-live-process.ts';
import { hasRestoreCall } from '../src/probe/find-policy.ts';
import { compare, type Machine, shrink } from './differential/compare.ts';
import { compileDriver, DriverOracle } from './differential/driver-oracle.ts';
import { LiveOracle } from './differential/live-oracle.ts';
import type { Oracle } from './differential/oracle.ts';
import { randomScript, type ScriptOptions } from './differential/random-script.ts';

const USAGE = `Usage: pnpm differential [--scripts N] [--seed S]

Plays random scripts of timer calls on the running kernel and on the model of its release, and compares every
result, errno, buffer and list of timers: N scripts of one process, then N of several, with threads, execve,
users and limits, where gcc is there and the caller is root. The first difference is shrunk and printed as a recording's scenario.
--scripts N   how many scripts (default 1000)
--seed S      u32; script i of seed S is script 0 of seed S + i (default: from the clock)`;

/** A set of scripts that one oracle plays. */
interface Course {
  readonly name: string;
  readonly oracle: Oracle;
  readonly options: ScriptOptions;
}

async function main(args: string[]): Promise<number> {
  const flags = parseFlags(args);
  if (typeof flags === 'string') {
    console.error(flags);
    return 2;
  }
  if (flags.help) {
    console.log(USAGE);
    return 0;
  }
  const { scripts, seed } = flags;
  const live = await openOrSkip();
  if (live === null) return 0;
  const machine: Machine = { release: release(), rtc: hasAlarmClock(live) };
  console.log(`Linux ${machine.release} against its model, seed ${seed}`);
  const pids = [0, 1, unusedPid()];
  const alone: Course = {
    name: 'one process, by FFI',
    oracle: new LiveOracle(live),
    options: { actors: false, limits: false, pids: [...pids, live.pid] },
  };
  if (await run(alone, machine, scripts, seed)) return 1;
  const driver = compileDriver();
  if (typeof driver === 'string') {
    console.log(`SKIPPED: processes and threads: ${driver}`);
    return 0;
  }
  const limits = process.getuid?.() === 0;
  if (!limits) console.log('SKIPPED: users and limits: only root can be several users');
  const together: Course = {
    name: `processes and threads${limits ? ', users and limits' : ''}, by a C program`,
    oracle: new DriverOracle(driver.program, limits),
    options: { actors: true, limits, pids },
  };
  try {
    return (await run(together, machine, scripts, seed)) ? 1 : 0;
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
        return (await compare('shrinking', steps, oracle, machine)).difference !== null;
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

function parseFlags(args: string[]): string | { help: boolean; scripts: number; seed: number } {
  try {
    const { values } = parseArgs({
      args: args.filter((arg) => arg !== '--'),
      options: {
        scripts: { type: 'string' },
        seed: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const scripts = Number(values.scripts ?? 1000);
    const seed = Number(values.seed ?? Date.now() % 2 ** 31);
    if (!(Number.isSafeInteger(scripts) && scripts >= 1)) return `--scripts: got ${values.scripts}, expected 1 or more`;
    if (seed >>> 0 !== seed) return `--seed: got ${values.seed}, expected a whole number 0…2³²−1`;
    return { help: values.help === true, scripts, seed };
  } catch (error) {
    return `${(error as Error).message}\n\n${USAGE}`;
  }
}

async function openOrSkip(): Promise<LiveProcess | null> {
  try {
    const live = await openLiveProcess();
    if (hasRestoreCall(live)) return live;
    console.log(
      `SKIPPED: Linux ${release()} cannot make timers by ID, which starts every script anew: that came with 6.15`,
    );
  } catch (error) {
    if (!(error instanceof LiveKernelError)) throw error;
    console.log(`SKIPPED: ${error.message}`);
  }
  return null;
}

/** Tells if alarm clocks have timers here. */
function hasAlarmClock(live: LiveProcess): boolean {
  const id = live.timerCreate(CLOCK_BOOTTIME_ALARM, { notify: SIGEV_NONE });
  live.timerDelete(id);
  return id >= 0;
}

/** Returns a process ID that nobody has. */
function unusedPid(): number {
  const used = new Set(readdirSync('/proc'));
  let pid = 4_194_303;
  while (used.has(String(pid))) pid--;
  return pid;
}

process.exitCode = await main(process.argv.slice(2));
