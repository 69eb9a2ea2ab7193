// pnpm differential [--spaces NAME,…] [--scripts N] [--seed S]: random scripts of calls on the running kernel and on its model.
// Exit 0: no difference, or skipped with the reason; 1: a difference, shrunk and printed; 2: misuse.
import { release } from 'node:os';
import { parseArgs } from 'node:util';
import { ID_SPACES, runIds } from './differential/ids/run-ids.ts';
import { runTimers } from './differential/run-timers.ts';

const SPACES = ['timers', ...ID_SPACES];

const USAGE = `Usage: pnpm differential [--spaces NAME,…] [--scripts N] [--seed S]

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

interface Flags {
  readonly help: boolean;
  readonly spaces: ReadonlySet<string>;
  readonly scripts: number;
  readonly seed: number;
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
  const { spaces, scripts, seed } = flags;
  console.log(`Linux ${release()} against its models, seed ${seed}`);
  if (spaces.has('timers') && (await runTimers(scripts, seed))) return 1;
  const others = new Set(ID_SPACES.filter((name) => spaces.has(name)));
  return others.size > 0 && (await runIds(others, scripts, seed)) ? 1 : 0;
}

function parseFlags(args: string[]): string | Flags {
  try {
    const { values } = parseArgs({
      args: args.filter((arg) => arg !== '--'),
      options: {
        spaces: { type: 'string' },
        scripts: { type: 'string' },
        seed: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const spaces = new Set(values.spaces?.split(',') ?? SPACES);
    const scripts = Number(values.scripts ?? 1000);
    const seed = Number(values.seed ?? Date.now() % 2 ** 31);
    for (const name of spaces) {
      if (!SPACES.includes(name)) return `--spaces: got '${name}', expected some of ${SPACES.join(', ')}`;
    }
    if (!(Number.isSafeInteger(scripts) && scripts >= 1)) return `--scripts: got ${values.scripts}, expected 1 or more`;
    if (seed >>> 0 !== seed) return `--seed: got ${values.seed}, expected a whole number 0…2³²−1`;
    return { help: values.help === true, spaces, scripts, seed };
  } catch (error) {
    return `${(error as Error).message}\n\n${USAGE}`;
  }
}

process.exitCode = await main(process.argv.slice(2));
