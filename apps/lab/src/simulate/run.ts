// Runs `idspace simulate`: plays the traces, and prints what was counted.
import { resolve } from 'node:path';
import type { CacheSim, CacheStats, Level } from '@idspace/cache-sim';
import { type ExitCode, misuse, unusable } from '../cli/failure.ts';
import { startProgress } from '../cli/progress.ts';
import type { Terminal } from '../cli/terminal.ts';
import { jsonText } from '../format/json-text.ts';
import { count, counted } from '../format/number.ts';
import { printable } from '../format/printable.ts';
import { DataCurve } from './data-curve.ts';
import { cachesOf, MAX_CORES, type SimulateFlags, simulatorOf } from './flags.ts';
import { notesOn, windowNotes } from './notes.ts';
import { type NamedTrace, openTraces } from './open-traces.ts';
import { readRegions } from './regions.ts';
import { missRates, simulationText } from './simulation-text.ts';
import { inTurns } from './turns.ts';
import { Window } from './window.ts';

/** The traces that a command line names, either way. @throws CommandError when there is none, or both ways are used. */
export function tracesOf(traces: readonly string[], flag: string | undefined): readonly string[] {
  if (traces.length > 0 && flag !== undefined) {
    throw misuse('--trace', `'${flag}' beside '${traces[0]}'`, 'one trace');
  }
  const all = flag === undefined ? traces : [flag];
  if (all.length === 0) throw misuse('trace', 'none', 'the path of a trace');
  if (all.length > MAX_CORES) throw misuse('trace', `${all.length}`, `at most ${MAX_CORES}`);
  if (all.filter((name) => name === '-').length > 1) {
    throw misuse('trace', "'-' twice", 'standard input once');
  }
  return all;
}

/** Runs `idspace simulate`. */
export async function simulate(names: readonly string[], flags: SimulateFlags, terminal: Terminal): Promise<ExitCode> {
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
    terminal.out.write(jsonText(toJson(stats, sim, about)));
    return 0;
  }
  for (const { name, trace } of traces) {
    terminal.out.write(`${printable(name)}: ${trace.format}, ${counted(trace.read.accesses, 'access', 'accesses')}\n`);
  }
  for (const note of [...notes, ...windowNotes(flags)]) terminal.out.write(`Note: ${printable(note)}.\n`);
  terminal.out.write(`\n${simulationText(stats, sim, terminal, points)}`);
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
    for await (const batch of inTurns(traces, sim.cores)) {
      window.take(batch);
      if (window.isDone) break;
    }
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
    throw unusable(name, `no access in ${counted(trace.read.lines, 'line')}`, `some${hint}`);
  }
  if (played > 0) return;
  const all = traces.reduce((sum, { trace }) => sum + trace.read.accesses, 0);
  const flag = skip > 0 ? (warmUp > 0 ? '--skip + --warm-up' : '--skip') : '--warm-up';
  throw misuse(flag, `${count(skip + warmUp)}`, `fewer than the ${counted(all, 'access', 'accesses')} of the trace`);
}

/** What was read of each trace; of a single one without a list. */
function aboutTraces(traces: readonly NamedTrace[]): object {
  const about = traces.map(({ name, trace }) => ({ trace: name, format: trace.format, ...trace.read }));
  return about.length === 1 ? about[0]! : { traces: about };
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
