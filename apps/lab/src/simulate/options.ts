// The flags of `idspace simulate` as they are typed and explained, each value checked where it enters.
import { CPU_PRESETS, type Policy, parseGeometry } from '@idspace/cache-sim';
import { TRACE_FORMATS, type TraceFormat } from '@idspace/cache-sim/trace';
import { Option } from 'commander';
import { checkedBy, inBytes, listOf, oneOf, proposing, wholeNumber } from '../cli/flag.ts';
import { type CacheFlag, MAX_CORES, SHAPES } from './flags.ts';
import { addRegion } from './regions.ts';

const POLICIES: readonly Policy[] = ['lru', 'fifo', 'random', 'plru'];
/** The two most common first. */
const FORMATS: readonly TraceFormat[] = ['din', ...TRACE_FORMATS.filter((format) => format !== 'din')];

const flag = (flags: string, description: string): Option => new Option(flags, description);

function number(flags: string, description: string, min: number, max: number = Number.MAX_SAFE_INTEGER): Option {
  return flag(flags, description).argParser(wholeNumber(min, max));
}

function name<Name extends string>(flags: string, description: string, names: readonly Name[]): Option {
  return flag(flags, description).argParser(oneOf(names));
}

function levels(flags: string, description: string): Option {
  const names = `${description}: names with commas between, such as d1,ll, or all`;
  return flag(`${flags} <levels>`, names).argParser(listOf((one) => one.toLowerCase(), 'level'));
}

/** The flag of a cache, checked where it enters. */
function cache(level: string, description: string, mayBeNone = false): Option {
  const flags = `--${level.toLowerCase()} <size,ways,line>`;
  const standard = (SHAPES as Record<string, string>)[level] ?? 'none';
  const parse = checkedBy((text) => parseGeometry(inBytes(text), level));
  return flag(flags, `${description} (default: ${standard})`).argParser(
    proposing(mayBeNone ? ['none'] : [], (text: string): CacheFlag => {
      return mayBeNone && text === 'none' ? 'none' : parse(text);
    }),
  );
}

/** What is played. */
const TRACES: readonly Option[] = [
  flag('--trace <file>', 'the trace, as a flag'),
  name('--format <name>', `format of the trace: ${FORMATS.join(', ')} (default: told by its lines)`, FORMATS),
  number('--skip <n>', 'leave out the first n accesses', 0),
  number('--warm-up <n>', 'play the next n accesses without counting them', 0),
  number('--limit <n>', 'count n accesses and stop', 1),
];

/** What it is played into. */
const CACHES: readonly Option[] = [
  cache('I1', 'first-level instruction cache; none: fetches go through D1', true),
  cache('D1', 'first-level data cache; size and line in bytes, k and M are 1024 and 1024² of them'),
  cache('L2', 'a second level between D1 and the last'),
  cache('L3', 'a third level between L2 and the last'),
  cache('LL', 'last-level cache, shared by all; none: the level before it is the last', true),
  name('--preset <cpu>', `all caches and TLBs of a CPU: ${CPU_PRESETS.join(', ')}`, CPU_PRESETS),
  number(
    '--cores <n>',
    'cores, kept coherent by MESI: each trace or thread has one (default: as many as traces)',
    1,
    MAX_CORES,
  ),
];

/** By which rules. */
const RULES: readonly Option[] = [
  name('--policy <name>', `which line makes room: ${POLICIES.join(', ')} (default: lru)`, POLICIES),
  number('--seed <n>', 'for --policy random (default: 1)', 0, 2 ** 32 - 1),
  levels('--write-through', 'levels that pass every write on immediately'),
  levels('--write-around', 'levels that a write which misses does not bring its line into'),
  levels('--prefetch', 'levels that bring in the next line on a miss, within 4 KiB'),
  flag('--inclusive', 'a line that leaves a level leaves those before it'),
  name('--compat <name>', 'pycachesim: its rules for loads and stores, and its way of counting', ['pycachesim']),
];

/** What is watched, and how it is printed. */
const WATCH: readonly Option[] = [
  flag('--region <name=start+bytes>', 'count accesses and misses of this part of memory apart; repeatable').argParser(
    addRegion,
  ),
  flag('--regions <file>', 'the same from a JSON file, with fields: [{ name, start, bytes, stride?, fields? }]'),
  flag('--classify', 'tell compulsory, capacity and conflict misses apart'),
  flag('--traffic', 'count lines and bytes that come and go'),
  flag('--usage', 'count which bytes of the lines in D1 are used'),
  flag('--curve', 'miss ratio of the data for every size of cache, in one pass'),
  flag('--json', 'one JSON document on stdout'),
];

/** All flags, in the order in which help shows them. */
export const SIMULATE_OPTIONS: readonly Option[] = [...TRACES, ...CACHES, ...RULES, ...WATCH];
