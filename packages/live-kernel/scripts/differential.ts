// pnpm differential [--spaces NAME,…] [--scripts N] [--seed S]: random scripts of calls on the running kernel and on its model.
// Exit 0: no difference, or skipped with the reason; 1: a difference, shrunk and printed; 2: misuse.
import { release } from 'node:os';
import { integerFlag, misused, scriptFlags, seedFlag } from '@idspace/testkit/script-flags';
import { ID_SPACES, runIds } from './differential/ids/run-ids.ts';
import { runTimers } from './differential/run-timers.ts';

const SPACES = ['timers', ...ID_SPACES];

const HELP = `pnpm differential [--spaces NAME,…] [--scripts N] [--seed S]

Plays random scripts of calls on the running kernel and on its models, and compares them step by step.
timers      every result, errno, buffer and list of timers: N scripts of one process, then N of several, with threads,
            execve, users and limits, where gcc is there and the caller is root
inotify, shm, sem, msg, pty, pids
            every ID and errno, N scripts each, in user, mount, IPC and PID namespaces of their own; takes gcc, and a
            kernel that allows such namespaces
What cannot be played is skipped with the reason. The first difference is shrunk and printed with its seed.
--spaces NAME,…  which (default: all)
--scripts N      how many scripts (default 1000)
--seed S         u32; script i of seed S is script 0 of seed S + i (default: from the clock)`;

async function main(): Promise<number> {
  const { values: flags } = scriptFlags(HELP, {
    spaces: { type: 'string', default: SPACES.join() },
    scripts: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  });
  const spaces = new Set(flags.spaces.split(','));
  for (const name of spaces) {
    if (!SPACES.includes(name)) misused(HELP, `--spaces: got '${name}', expected some of ${SPACES.join(', ')}`);
  }
  const scripts = integerFlag(HELP, 'scripts', flags.scripts);
  const seed = seedFlag(HELP, flags.seed);
  console.log(`Linux ${release()} against its models, seed ${seed}`);
  if (spaces.has('timers') && (await runTimers(scripts, seed))) return 1;
  const others = new Set(ID_SPACES.filter((name) => spaces.has(name)));
  return others.size > 0 && (await runIds(others, scripts, seed)) ? 1 : 0;
}

process.exitCode = await main();
