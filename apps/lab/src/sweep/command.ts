// idspace sweep: a cell for every combination of timers, processes, strides, designs, CPUs and machines.

import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { LookupOrder } from '@idspace/evaluation';
import {
  checkGrid,
  DEFAULT_GRID,
  type Grid,
  HARDWARE_NAMES,
  LOOKUP_ORDERS,
  MAX_CELL_TIMERS,
  MAX_CPUS,
  MAX_PROCESSES,
  MAX_SAMPLE,
  MAX_SEED,
} from '@idspace/evaluation';
import { DESIGNS, type DesignName } from '@idspace/posix-timers';
import { type Command, Option } from 'commander';
import { type ExitCode, misuse } from '../cli/failure.ts';
import { checkedBy, listOf, someOf, wholeNumber } from '../cli/flag.ts';
import { inFlags } from '../cli/in-flags.ts';
import { OutputFile } from '../cli/output-file.ts';
import { withProgress } from '../cli/progress.ts';
import { MAX_SHARDS, parseShard, type ShardFlags, takeShard } from '../cli/shard.ts';
import type { Shell } from '../cli/shell.ts';
import type { Terminal } from '../cli/terminal.ts';
import { counted } from '../format/number.ts';
import { printable } from '../format/printable.ts';
import { INT_MAX } from '../int-max.ts';
import { SWEEP_HELP } from './sweep-help.ts';
import { printSweep } from './sweep-output.ts';

interface SweepFlags extends Omit<Grid, 'orders'>, ShardFlags {
  order?: LookupOrder[];
  jobs?: number;
  out?: string;
  resume?: boolean;
  json?: boolean;
}

const MAX_JOBS = 1024;

/** Adds `idspace sweep`. */
export function addSweep(shell: Shell): void {
  const list = (flags: string, what: string, max: number): Option =>
    new Option(`${flags} <n,…>`, what).argParser(listOf(wholeNumber(1, max), 'value'));
  shell
    .command('sweep')
    .summary('evaluate a whole grid: sizes, strides, designs, CPUs, machines')
    .description(
      'Evaluates a cell for every combination of the lists: the processes get their timers back by ID, a stride apart, ' +
        'look all up and delete all. Runs on several threads here, goes on after an interruption, and spreads over a ' +
        'Slurm array or a Kubernetes indexed Job; the result is the same, byte for byte.',
    )
    .addOption(list('--timers', 'timers of each process', MAX_CELL_TIMERS).default([...DEFAULT_GRID.timers]))
    .addOption(list('--processes', 'processes', MAX_PROCESSES).default([...DEFAULT_GRID.processes]))
    .addOption(list('--strides', 'from one ID of a process to the next', INT_MAX).default([...DEFAULT_GRID.strides]))
    .addOption(
      new Option('--designs <name,…>', 'designs, see idspace evaluate --help')
        .argParser(someOf(DESIGNS))
        .default([...DESIGNS], 'all'),
    )
    .addOption(list('--cpus', 'CPUs of the machine', MAX_CPUS).default([...DEFAULT_GRID.cpus]))
    .addOption(
      new Option('--machines <name,…>', 'machine models')
        .argParser(someOf(HARDWARE_NAMES))
        .default([...HARDWARE_NAMES], HARDWARE_NAMES.join(',')),
    )
    .option(
      '--order <a,b>',
      'orders in which all timers are looked up (default: creation,random)',
      someOf(LOOKUP_ORDERS),
    )
    .option('--seed <n>', 'seed of everything random', wholeNumber(0, MAX_SEED), 1)
    .option(
      '--sample <n>',
      'operations of each phase of a cell that are recorded, at most',
      wholeNumber(1, MAX_SAMPLE),
      DEFAULT_GRID.sample,
    )
    .option('--jobs <n>', 'worker threads (default: the CPUs that are free to use)', wholeNumber(1, MAX_JOBS))
    .option('--out <file.json>', 'write the result; FILE.journal beside it keeps what is done until then')
    .option('--resume', 'go on with what the journal of --out holds, if there is one')
    .option('--shard <i/n>', 'evaluate part i of n, 1…n', checkedBy(parseShard))
    .option('--shards <n>', 'parts in all, where the scheduler says which one this is', wholeNumber(1, MAX_SHARDS))
    .option('--json', 'the result on stdout, one JSON document, instead of the summary')
    .addHelpText('after', SWEEP_HELP)
    .action(shell.action((flags: SweepFlags, _: Command) => sweep(flags, shell.terminal)));
}

/** @throws CommandError for flags that are out of range or do not go together. */
function gridOf(grid: Grid): Grid {
  try {
    return checkGrid(grid);
  } catch (error) {
    return inFlags(error);
  }
}

async function sweep(flags: SweepFlags, terminal: Terminal): Promise<ExitCode> {
  const { jobs = freeCpus(terminal), out, resume, json } = flags;
  const { timers, processes, strides, designs, cpus, machines, order: orders, seed, sample } = flags;
  const axes = { timers, processes, strides, designs: designs as DesignName[], cpus, machines };
  const grid = gridOf({ ...axes, ...(orders && { orders }), seed, sample });
  if (resume === true && out === undefined) {
    throw misuse('--resume', 'no --out', 'the file whose journal to go on with');
  }
  const shard = takeShard(flags, terminal);
  if (out !== undefined) checkOut(out, terminal);
  const { runSweep } = await import('./run-sweep.ts');
  const interruption = new Interruption();
  const options = {
    shard,
    jobs,
    ...(out !== undefined && { path: resolve(terminal.folder, out) }),
    ...(resume && { resume }),
    signal: interruption.signal,
  };
  const { document, done, of, resumed } = await withProgress(terminal, 'sweeping', (update) =>
    runSweep(grid, {
      ...options,
      onProgress: ({ done, of, work }) => update(work, `${done} of ${counted(of, 'cell')}`),
    }),
  ).finally(() => interruption.ignore());
  if (document === null) {
    const kept = out === undefined ? 'without --out nothing is kept' : 'the same command with --resume goes on';
    terminal.err.write(`Stopped at ${done} of ${counted(of, 'cell')}; ${kept}.\n`);
    return interruption.end();
  }
  if (resumed > 0) terminal.err.write(`${counted(resumed, 'cell')} of ${of} had been done before.\n`);
  printSweep(document, json, terminal);
  if (out !== undefined) terminal.err.write(`Result: ${printable(out)}\n`);
  return 0;
}

/** Before hours of work. */
function checkOut(out: string, { folder }: Terminal): void {
  if (!OutputFile.check(out, folder).isStream) return;
  throw misuse('--out', `'${out}', a pipe or a device`, 'a file; --json goes to stdout');
}

/** CPUs that Slurm gave this task, else all that this process may use. */
function freeCpus({ env }: Terminal): number {
  const given = Number(env.SLURM_CPUS_ON_NODE);
  return Number.isInteger(given) && given >= 1 ? Math.min(given, MAX_JOBS) : availableParallelism();
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Ctrl-C, and the end that a scheduler sets: the run stops between two records, and then the signal has its usual effect. */
class Interruption {
  private readonly controller: AbortController = new AbortController();
  private caught: (typeof SIGNALS)[number] | null = null;
  private readonly stop = (signal: (typeof SIGNALS)[number]): void => {
    this.caught ??= signal;
    this.controller.abort();
  };

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.stop);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Leaves signals to themselves again. */
  ignore(): void {
    for (const signal of SIGNALS) process.off(signal, this.stop);
  }

  /** Ends the process by the signal that was caught, so that its parent sees by what it ended. */
  async end(): Promise<ExitCode> {
    if (this.caught !== null) process.kill(process.pid, this.caught);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return 3;
  }
}
