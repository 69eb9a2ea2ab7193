// idspace simulate: what a cache hierarchy would have done with a recorded program.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import {
  CacheSim,
  type CacheSimOptions,
  type CacheStats,
  CPU_PRESETS,
  type Geometry,
  type Policy,
  parseGeometry,
  presetOptions,
} from '@idspace/cache-sim';
import { type AccessSink, type Replayed, replay, TraceError, type TraceFormat } from '@idspace/cache-sim/trace';
import { Option } from 'commander';
import { CommandError, type ExitCode } from '../failure.ts';
import type { Shell } from '../shell.ts';
import type { Terminal } from '../terminal.ts';
import { counted } from '../text/number.ts';
import { printable } from '../text/printable.ts';
import { startProgress } from '../text/progress.ts';
import { missRates, simulationText } from '../text/simulation-text.ts';
import { traceFormatOf } from '../trace-head.ts';
import { DataCurve } from './data-curve.ts';
import { checkedBy, oneOf } from './flag.ts';

export interface SimulateFlags {
  trace?: string;
  format?: TraceFormat;
  i1?: Geometry;
  d1?: Geometry;
  ll?: Geometry;
  preset?: string;
  policy?: Policy;
  inclusive?: boolean;
  compat?: 'pycachesim';
  classify?: boolean;
  curve?: boolean;
  json?: boolean;
}

const POLICIES: readonly Policy[] = ['lru', 'fifo', 'random', 'plru'];
const SHAPES = { I1: '32768,8,64', D1: '32768,8,64', LL: '8388608,16,64' } as const;
const FORMATS: readonly TraceFormat[] = ['din', 'lackey'];

/** Adds `idspace simulate`. */
export function addSimulate(shell: Shell): void {
  shell
    .command('simulate')
    .summary('send a recorded memory trace through simulated caches')
    .description(
      'Sends a memory trace through two levels of simulated caches and prints what cachegrind would have: ' +
        'its nine counters, exactly, and the rates. Other caches, other rules and more to watch are flags away.',
    )
    .argument('[trace]', 'the trace, gzip or not; /dev/stdin for a pipe')
    .option('--trace <file>', 'the trace, as a flag')
    .addOption(
      new Option('--format <name>', 'format of the trace (default: told by its content)').argParser(oneOf(FORMATS)),
    )
    .addOption(cache('I1', 'first-level instruction cache; size and line in bytes'))
    .addOption(cache('D1', 'first-level data cache; size and line in bytes'))
    .addOption(cache('LL', 'last-level cache, shared by both; size and line in bytes'))
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
    .option('--inclusive', 'what leaves a level leaves those before it')
    .addOption(
      new Option('--compat <name>', 'pycachesim: a write that hits does not refresh its line').argParser(
        oneOf(['pycachesim'] as const),
      ),
    )
    .option('--classify', 'tell compulsory, capacity and conflict misses apart')
    .option('--curve', 'miss ratio of the data for every size of cache, in one pass')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', HELP)
    .action(
      shell.action((trace: string | undefined, flags: SimulateFlags) => {
        return simulate({ ...flags, trace: oneTrace(trace, flags.trace) }, shell.terminal);
      }),
    );
}

/** The flag of a cache, checked where it enters. */
function cache(name: keyof typeof SHAPES, description: string): Option {
  const flag = `--${name.toLowerCase()} <size,ways,line>`;
  return new Option(flag, `${description} (default: ${SHAPES[name]})`).argParser(
    checkedBy((text) => parseGeometry(text, name)),
  );
}

/** The trace may be named either way. */
function oneTrace(argument: string | undefined, flag: string | undefined): string {
  if (argument !== undefined && flag !== undefined) {
    throw new CommandError('misuse', `--trace: got '${flag}' beside '${argument}', expected one trace`);
  }
  const trace = argument ?? flag;
  if (trace === undefined) throw new CommandError('misuse', 'trace: got none, expected the path of a trace');
  return trace;
}

const HELP = `
Examples:
  valgrind --tool=lackey --trace-mem=yes --log-file=ls.trace ls
  idspace simulate ls.trace                                the caches valgrind assumes by default
  idspace simulate ls.trace --d1 49152,12,64 --ll 33554432,16,64
  idspace simulate ls.trace --preset zen-4                 three levels and TLBs of a real CPU
  idspace simulate ls.trace --classify --curve             why it misses, and which size would help
  idspace simulate --trace accesses.din.gz --format din --json

What the output means:
  refs         accesses, each counted once, even if it lies on two lines
  D1 misses    not in the first-level data cache: served by the last level or by memory
  LLd misses   not in the last level either: served by memory
  rd + wr      reads and writes; a modify counts as one read, as in cachegrind
  LL miss rate over all refs, not only those that reached the last level

  compulsory   the line was never used before: no cache would have had it
  capacity     a cache of this size without sets would have missed too: only a larger one helps
  conflict     the others: more ways, or another layout, would help
  walks        accesses whose page was in no TLB
  curve        of one fully associative LRU cache for the data alone, at sizes that double

Traces: lackey is what valgrind prints; din has a line per access: a label (0 r read, 1 w write, 2 i fetch),
a hexadecimal address and, if not 4, a size.

JSON: { Ir, I1mr, ILmr, Dr, D1mr, DLmr, Dw, D1mw, DLmw, … } with rates, geometry and trace beside them;
and levels, tlb, curve [{ size, missRatio }] where they were asked for.

Exit codes: 0 simulated · 2 misuse, such as an impossible cache · 3 the trace cannot be read.`;

/** Runs `idspace simulate`. */
export async function simulate(flags: SimulateFlags & { trace: string }, terminal: Terminal): Promise<ExitCode> {
  const options = optionsOf(flags);
  const sim = simulatorOf(options);
  const curve = flags.curve ? new DataCurve(options.levels[0].line) : undefined;
  const { format, replayed } = await play(flags, curve === undefined ? sim : curve.beside(sim), terminal);
  const stats = sim.stats();
  const points = curve?.points();
  if (flags.json) {
    const about = { ...(points && { curve: points }), trace: flags.trace, format, ...replayed };
    terminal.out.write(`${JSON.stringify(toJson(stats, options, about), null, 2)}\n`);
  } else {
    terminal.out.write(`${printable(flags.trace)}: ${format}, ${counted(replayed.accesses, 'access', 'accesses')}\n\n`);
    terminal.out.write(simulationText(stats, cachesOf(options), points));
  }
  return 0;
}

/** What the flags ask for. */
function optionsOf({ i1, d1, ll, preset, policy, inclusive, compat, classify }: SimulateFlags): CacheSimOptions {
  const own = { i1, d1, ll };
  const both = preset === undefined ? undefined : Object.entries(own).find(([, geometry]) => geometry !== undefined);
  if (both) throw new CommandError('misuse', `--preset: got '${preset}' beside --${both[0]}, expected one of them`);
  const shape = (name: keyof typeof SHAPES): Geometry => parseGeometry(SHAPES[name], name);
  return {
    ...(preset === undefined
      ? { instruction: i1 ?? shape('I1'), levels: [d1 ?? shape('D1'), ll ?? shape('LL')] }
      : presetOptions(preset)),
    ...(policy && { policy }),
    ...(inclusive && { inclusive }),
    ...(compat && { compat }),
    ...(classify && { classify }),
  };
}

/** Caches that the flags allow one by one may not go together. */
function simulatorOf(options: CacheSimOptions): CacheSim {
  try {
    return new CacheSim(options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CommandError('misuse', error.message.replace(/^cache-sim: /, ''), { cause: error });
  }
}

function cachesOf({ instruction, levels }: CacheSimOptions): readonly Geometry[] {
  return instruction ? [instruction, ...levels] : levels;
}

/** Plays the trace into the simulator, with progress by the bytes of the file. */
async function play(
  { trace, format: asked }: { trace: string; format?: TraceFormat },
  sim: AccessSink,
  terminal: Terminal,
): Promise<{ format: TraceFormat; replayed: Replayed }> {
  const path = resolve(terminal.folder, trace);
  const progress = startProgress(terminal, trace);
  try {
    const { size } = await stat(path);
    const chunks = createReadStream(path)[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
    const first = await chunks.next();
    const head = first.done === true ? new Uint8Array() : first.value;
    const format = asked ?? traceFormatOf(head);
    if (format === null) throw new CommandError('input', `${trace}: got no line of a trace; ${EXPECTED}`);
    const source = watched(head, chunks, (bytes) => progress.update(size > 0 ? Math.min(bytes / size, 1) : 0));
    return { format, replayed: await replay(source, format, sim) };
  } catch (error) {
    throw describeFailure(trace, error);
  } finally {
    progress.stop();
  }
}

const EXPECTED = 'expected one such as "I  04000000,3" (lackey) or "r 1fc0 8" (din)';

/** Passes chunks on and tells how many bytes have gone by. */
async function* watched(
  first: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
  passed: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = first.length;
  yield first;
  for (let step = await rest.next(); step.done !== true; step = await rest.next()) {
    bytes += step.value.length;
    passed(bytes);
    yield step.value;
  }
}

const GOT: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'a directory',
  EACCES: 'no permission to read it',
};

function describeFailure(trace: string, error: unknown): unknown {
  if (error instanceof TraceError) return new CommandError('input', `${trace}, ${error.message}`, { cause: error });
  const code = error instanceof Error && 'code' in error && 'syscall' in error ? String(error.code) : undefined;
  if (code === undefined) return error;
  const got = GOT[code] ?? code;
  return new CommandError('input', `${trace}: got ${got}, expected a readable trace file`, { cause: error });
}

/** The nine counters on top, everything else under names of its own. */
function toJson(stats: CacheStats, options: CacheSimOptions, about: object): object {
  const { levels, instruction, ...counters } = stats;
  const shape = ({ size, ways, line }: Geometry): Omit<Geometry, 'name'> => ({ size, ways, line });
  const isPlain = levels.length === 2 && levels.every(({ traffic, classes }) => !traffic && !classes);
  const geometry = Object.fromEntries(cachesOf(options).map((one) => [one.name, shape(one)]));
  return { ...counters, rates: missRates(stats), geometry, ...(!isPlain && { levels, instruction }), ...about };
}
