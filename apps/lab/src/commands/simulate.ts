// idspace simulate: what a cache hierarchy would have done with a recorded program.
import { resolve } from 'node:path';
import {
  type CacheSim,
  type CacheStats,
  CPU_PRESETS,
  type Level,
  type Policy,
  parseGeometry,
} from '@idspace/cache-sim';
import { TRACE_FORMATS, type TraceFormat } from '@idspace/cache-sim/trace';
import { Option } from 'commander';
import { CommandError, type ExitCode } from '../failure.ts';
import type { Shell } from '../shell.ts';
import { DataCurve } from '../simulate/data-curve.ts';
import { type CacheFlag, cachesOf, SHAPES, type SimulateFlags, simulatorOf } from '../simulate/flags.ts';
import { SIMULATE_HELP } from '../simulate/help.ts';
import { failed, type NamedTrace, openTraces } from '../simulate/open-traces.ts';
import { addRegion, readRegions } from '../simulate/regions.ts';
import { inTurns } from '../simulate/turns.ts';
import { Window } from '../simulate/window.ts';
import type { Terminal } from '../terminal.ts';
import { count, counted } from '../text/number.ts';
import { printable } from '../text/printable.ts';
import { startProgress } from '../text/progress.ts';
import { missRates, simulationText } from '../text/simulation-text.ts';
import { checkedBy, listOf, oneOf, wholeNumber } from './flag.ts';

const POLICIES: readonly Policy[] = ['lru', 'fifo', 'random', 'plru'];
const MAX_CORES = 1024;
/** The two most common first. */
const FORMATS: readonly TraceFormat[] = ['din', ...TRACE_FORMATS.filter((format) => format !== 'din')];

/** Adds `idspace simulate`. */
export function addSimulate(shell: Shell): void {
  const number = (flag: string, description: string, min: number, max: number = Number.MAX_SAFE_INTEGER): Option =>
    new Option(flag, description).argParser(wholeNumber(min, max));
  const levels = (flag: string, description: string): Option =>
    new Option(`${flag} <levels>`, `${description}: names with commas between, such as d1,ll, or all`).argParser(
      listOf((name) => name.toLowerCase(), 'level'),
    );
  shell
    .command('simulate')
    .summary('send a recorded memory trace through simulated caches')
    .description(
      'Sends a memory trace through two levels of simulated caches and prints what cachegrind would have: ' +
        'its nine counters, exactly, and the rates. Other caches, other rules and more to watch are flags away.',
    )
    .argument('[traces...]', 'the trace, plain or compressed; - for standard input; several: one for each core')
    .option('--trace <file>', 'the trace, as a flag')
    .addOption(
      new Option(
        '--format <name>',
        `format of the trace: ${FORMATS.join(', ')} (default: told by its lines)`,
      ).argParser(oneOf(FORMATS)),
    )
    .addOption(cache('I1', 'first-level instruction cache; none: fetches go through D1', true))
    .addOption(cache('D1', 'first-level data cache; size and line in bytes'))
    .addOption(cache('L2', 'a second level between D1 and the last'))
    .addOption(cache('L3', 'a third level between L2 and the last'))
    .addOption(cache('LL', 'last-level cache, shared by all; none: the level before it is the last', true))
    .addOption(
      new Option('--preset <cpu>', `all caches and TLBs of a CPU: ${CPU_PRESETS.join(', ')}`).argParser(
        oneOf(CPU_PRESETS),
      ),
    )
    .addOption(
      new Option('--policy <name>', `which line makes room: ${POLICIES.join(', ')} (default: lru)`).argParser(
        oneOf(POLICIES),
      ),
    )
    .addOption(number('--seed <n>', 'for --policy random (default: 1)', 0, 2 ** 32 - 1))
    .addOption(levels('--write-through', 'levels that pass every write on immediately'))
    .addOption(levels('--write-around', 'levels that a write which misses does not bring its line into'))
    .addOption(levels('--prefetch', 'levels that bring in the next line on a miss, within 4 KiB'))
    .option('--inclusive', 'a line that leaves a level leaves those before it')
    .addOption(
      number(
        '--cores <n>',
        'cores, kept coherent by MESI: each trace or thread has one (default: as many as traces)',
        1,
        MAX_CORES,
      ),
    )
    .addOption(number('--skip <n>', 'leave out the first n accesses', 0))
    .addOption(number('--warm-up <n>', 'play the next n accesses without counting them', 0))
    .addOption(number('--limit <n>', 'count n accesses and stop', 1))
    .addOption(
      new Option(
        '--region <name=start+bytes>',
        'count accesses and misses of this part of memory apart; repeatable',
      ).argParser(addRegion),
    )
    .option('--regions <file>', 'the same from a JSON file, with fields: [{ name, start, bytes, stride?, fields? }]')
    .option('--classify', 'tell compulsory, capacity and conflict misses apart')
    .option('--traffic', 'count lines and bytes that come and go')
    .option('--usage', 'count which bytes of the lines in D1 are used')
    .addOption(
      new Option('--compat <name>', 'pycachesim: its rules for writes, and its way of counting').argParser(
        oneOf(['pycachesim'] as const),
      ),
    )
    .option('--curve', 'miss ratio of the data for every size of cache, in one pass')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', SIMULATE_HELP)
    .action(
      shell.action((traces: string[], { trace, ...flags }: SimulateFlags) => {
        return simulate(tracesOf(traces, trace), flags, shell.terminal);
      }),
    );
}

/** The flag of a cache, checked where it enters. */
function cache(name: string, description: string, mayBeNone = false): Option {
  const flag = `--${name.toLowerCase()} <size,ways,line>`;
  const standard = (SHAPES as Record<string, string>)[name] ?? 'none';
  const parse = checkedBy((text) => parseGeometry(text, name));
  return new Option(flag, `${description} (default: ${standard})`).argParser((text): CacheFlag => {
    return mayBeNone && text === 'none' ? 'none' : parse(text);
  });
}

/** The trace may be named either way. */
function tracesOf(traces: readonly string[], flag: string | undefined): readonly string[] {
  if (traces.length > 0 && flag !== undefined) {
    throw new CommandError('misuse', `--trace: got '${flag}' beside '${traces[0]}', expected one trace`);
  }
  const all = flag === undefined ? traces : [flag];
  if (all.length === 0) throw new CommandError('misuse', 'trace: got none, expected the path of a trace');
  if (all.length > MAX_CORES)
    throw new CommandError('misuse', `trace: got ${all.length}, expected at most ${MAX_CORES}`);
  if (all.filter((name) => name === '-').length > 1) {
    throw new CommandError('misuse', "trace: got '-' twice, expected standard input once");
  }
  return all;
}

/** Runs `idspace simulate`. */
async function simulate(names: readonly string[], flags: SimulateFlags, terminal: Terminal): Promise<ExitCode> {
  const cores = flags.cores ?? names.length;
  const regions =
    flags.regions === undefined ? [] : await readRegions(resolve(terminal.folder, flags.regions), flags.regions);
  const sim = simulatorOf(flags, cores, [...(flags.region ?? []), ...regions]);
  const curve = flags.curve ? new DataCurve(sim.levels[0]!.line) : undefined;
  const { traces, isStopped } = await play(names, flags, sim, curve, terminal);
  const notes = [...notesOn(traces, cores), ...(isStopped ? ['stopped by Ctrl-C: the counts are those so far'] : [])];
  const stats = sim.stats();
  const points = curve?.points();
  if (flags.json) {
    const about = { ...(points && { curve: points }), ...aboutTraces(traces), notes };
    terminal.out.write(`${JSON.stringify(toJson(stats, sim, about), null, 2)}\n`);
    return 0;
  }
  for (const { name, trace } of traces) {
    terminal.out.write(`${printable(name)}: ${trace.format}, ${counted(trace.read.accesses, 'access', 'accesses')}\n`);
  }
  for (const note of [...notes, ...windowNotes(flags)]) terminal.out.write(`Note: ${printable(note)}.\n`);
  terminal.out.write(`\n${simulationText(stats, sim, points)}`);
  return 0;
}

/** Plays the traces into the simulator, with progress by the bytes of the files. Ctrl-C ends them. Returns them, read. */
async function play(
  names: readonly string[],
  flags: SimulateFlags,
  sim: CacheSim,
  curve: DataCurve | undefined,
  terminal: Terminal,
): Promise<{ traces: NamedTrace[]; isStopped: boolean }> {
  const progress = startProgress(terminal, names.join(' '));
  const window = new Window(sim, curve, flags);
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt);
  let traces: NamedTrace[] = [];
  try {
    const options = { format: flags.format, longest: sim.smallestLine };
    traces = await openTraces(names, options, terminal, stop.signal, (share) => progress.update(share));
    for await (const batch of inTurns(
      traces.map(({ trace }) => trace),
      sim.cores,
    )) {
      window.take(batch);
      if (window.isDone) break;
    }
  } catch (error) {
    if (error instanceof CommandError) throw error;
    failed(traces.length === 1 ? names[0]! : names.join(' '), error);
  } finally {
    progress.stop();
    process.off('SIGINT', interrupt);
    for (const { trace } of traces) await trace.close();
  }
  checkCounted(window, traces, flags);
  return { traces, isStopped: stop.signal.aborted };
}

/** Refuses to print counts of nothing. */
function checkCounted(
  { counted: played }: Window,
  traces: readonly NamedTrace[],
  { skip = 0, warmUp = 0 }: SimulateFlags,
): void {
  for (const { name, trace } of traces) {
    if (trace.read.accesses > 0) continue;
    const hint = trace.format === 'lackey' ? ', as valgrind --tool=lackey prints with --trace-mem=yes' : '';
    throw new CommandError(
      'input',
      `${name}: got no access in ${counted(trace.read.lines, 'line')}, expected some${hint}`,
    );
  }
  if (played > 0) return;
  const all = traces.reduce((sum, { trace }) => sum + trace.read.accesses, 0);
  const flag = skip > 0 ? (warmUp > 0 ? '--skip + --warm-up' : '--skip') : '--warm-up';
  throw new CommandError(
    'misuse',
    `${flag}: got ${count(skip + warmUp)}, expected fewer than the ${count(all)} accesses of the trace`,
  );
}

/** What was read of each trace; of a single one without a list. */
function aboutTraces(traces: readonly NamedTrace[]): object {
  const about = traces.map(({ name, trace }) => ({ trace: name, format: trace.format, ...trace.read }));
  return about.length === 1 ? about[0]! : { traces: about };
}

/** What a reader of the counts must know of how the traces were read. */
function notesOn(traces: readonly NamedTrace[], cores: number): string[] {
  const several = traces.length > 1;
  const notes = traces.flatMap(({ name, trace }) => {
    const { cut, leftOut } = trace.read;
    const own: string[] = [];
    if (trace.note !== undefined) own.push(`${trace.format} ${trace.note}`);
    if (leftOut !== undefined) {
      own.push(
        `${counted(leftOut, 'line')} ${leftOut === 1 ? 'was' : 'were'} left out: neither fetches, reads nor writes`,
      );
    }
    if (cut !== undefined) {
      const done = cut.played ? 'was played as it stands, though it may be cut' : 'is cut and was left out';
      own.push(`the last line, number ${cut.line}, has no end: '${cut.text}' ${done}`);
    }
    return own.map((note) => (several ? `${name}: ${note}` : note));
  });
  const threads = traces.reduce((sum, { trace }) => sum + Math.max(1, trace.threads), 0);
  if (threads < cores) {
    const what = several ? 'the traces have' : 'the trace names';
    notes.push(
      `${what} ${counted(threads, 'thread')}: ${count(cores - threads)} of the ${count(cores)} cores did nothing`,
    );
  }
  return notes;
}

function windowNotes({ skip = 0, warmUp = 0, limit }: SimulateFlags): string[] {
  const parts = [
    ...(skip > 0 ? [`${count(skip)} accesses skipped`] : []),
    ...(warmUp > 0 ? [`${count(warmUp)} played to warm the caches up`] : []),
    ...(limit === undefined ? [] : [`at most ${count(limit)} counted`]),
  ];
  return parts.length > 0 ? [parts.join(', ')] : [];
}

/** The nine counters on top, everything else under names of its own. */
function toJson(stats: CacheStats, sim: CacheSim, about: object): object {
  const { levels, instruction, ...counters } = stats;
  const { cores } = sim;
  const shape = ({ name: _, ...rest }: Level): Omit<Level, 'name'> => rest;
  const isPlain = levels.length === 2 && levels.every(({ traffic, classes }) => !traffic && !classes);
  const geometry = Object.fromEntries(cachesOf(sim).map((one) => [one.name, shape(one)]));
  return {
    ...counters,
    rates: missRates(stats),
    geometry,
    ...(cores > 1 && { cores, sharedLines: sim.sharedLines() }),
    ...(!isPlain && { levels, instruction }),
    ...about,
  };
}
