// The flags of `idspace simulate`, and the caches that they ask for.
import {
  CacheSim,
  type CacheSimOptions,
  type Geometry,
  type Level,
  type Policy,
  parseGeometry,
  presetOptions,
  type Region,
} from '@idspace/cache-sim';
import type { TraceFormat } from '@idspace/cache-sim/trace';
import { CommandError, misuse } from '../cli/failure.ts';

/** A cache, or that there is none. */
export type CacheFlag = Geometry | 'none';

export interface SimulateFlags {
  trace?: string;
  format?: TraceFormat;
  i1?: CacheFlag;
  d1?: Geometry;
  l2?: Geometry;
  l3?: Geometry;
  ll?: CacheFlag;
  preset?: string;
  policy?: Policy;
  seed?: number;
  /** Names of levels, lower case, or `all`. */
  writeThrough?: string[];
  writeAround?: string[];
  prefetch?: string[];
  inclusive?: boolean;
  cores?: number;
  skip?: number;
  warmUp?: number;
  limit?: number;
  region?: Region[];
  regions?: string;
  classify?: boolean;
  traffic?: boolean;
  usage?: boolean;
  compat?: 'pycachesim';
  curve?: boolean;
  json?: boolean;
}

/** Cores that can be simulated. */
export const MAX_CORES = 1024;

/** The caches without a flag. */
export const SHAPES = { I1: '32768,8,64', D1: '32768,8,64', LL: '8388608,16,64' } as const;

/** Flags that do not go together, and why. */
const APART: readonly { flag: keyof SimulateFlags; others: readonly (keyof SimulateFlags)[]; expected: string }[] = [
  { flag: 'preset', others: ['i1', 'd1', 'l2', 'l3', 'll'], expected: 'one of them: a preset has all caches' },
  {
    flag: 'compat',
    others: ['preset', 'inclusive', 'cores', 'writeAround', 'prefetch', 'classify', 'usage', 'region', 'regions'],
    expected: `one of them: pycachesim has nothing of the kind`,
  },
];

/** Makes the simulator that the flags ask for. @throws CommandError naming the flags that do not go together. */
export function simulatorOf(flags: SimulateFlags, cores: number, regions: readonly Region[]): CacheSim {
  checkApart(flags, cores);
  const options = optionsOf(flags, cores, regions);
  try {
    return new CacheSim(options);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new CommandError('misuse', error.message.replace(/^new CacheSim: /, ''), { cause: error });
  }
}

/** All caches of a simulator, that of instructions first. */
export function cachesOf({ instruction, levels }: Pick<CacheSim, 'instruction' | 'levels'>): readonly Level[] {
  return instruction ? [instruction, ...levels] : levels;
}

function checkApart(flags: SimulateFlags, cores: number): void {
  const given = (flag: keyof SimulateFlags): boolean => flags[flag] !== undefined && flags[flag] !== false;
  for (const { flag, others, expected } of APART) {
    const other = given(flag) ? others.find(given) : undefined;
    if (other) throw misuse(nameOf(flag), `'${flags[flag]}' beside ${nameOf(other)}`, expected);
  }
  const habit = (['writeThrough', 'writeAround', 'prefetch'] as const).find(given);
  if (cores > 1 && habit) {
    const expected = 'write-back, allocation and no prefetch where there are several cores';
    throw misuse(nameOf(habit), `'${flags[habit]}' for ${cores} cores`, expected);
  }
}

/** The flag as it is typed. */
function nameOf(flag: keyof SimulateFlags): string {
  return `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function optionsOf(flags: SimulateFlags, cores: number, regions: readonly Region[]): CacheSimOptions {
  const { policy, seed, inclusive, compat, classify, traffic, usage } = flags;
  const base = flags.preset === undefined ? ownCaches(flags) : presetOptions(flags.preset);
  const asked = { policy, seed, inclusive, compat, classify, traffic, usage };
  return {
    ...base,
    ...withHabits(base, flags),
    ...Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined)),
    cores,
    ...((flags.region || flags.regions !== undefined) && { regions }),
  };
}

function ownCaches({ i1, d1, l2, l3, ll }: SimulateFlags): Pick<CacheSimOptions, 'instruction' | 'levels'> {
  const shape = (name: keyof typeof SHAPES): Geometry => parseGeometry(SHAPES[name], name);
  const last = ll === 'none' ? [] : [ll ?? shape('LL')];
  return {
    ...(i1 !== 'none' && { instruction: i1 ?? shape('I1') }),
    levels: [d1 ?? shape('D1'), ...(l2 ? [l2] : []), ...(l3 ? [l3] : []), ...last],
  };
}

/** Gives the levels their habits. */
function withHabits(
  { instruction, levels }: CacheSimOptions,
  flags: SimulateFlags,
): Pick<CacheSimOptions, 'instruction' | 'levels'> {
  const { writeThrough, writeAround, prefetch } = flags;
  const data = levels.map(({ name }) => name);
  const through = namedIn(data, 'writeThrough', writeThrough);
  const around = namedIn(data, 'writeAround', writeAround);
  const early = namedIn(instruction ? [instruction.name, ...data] : data, 'prefetch', prefetch);
  const withHabit = (level: Level): Level => ({
    ...level,
    ...(through.has(level.name) && { write: 'through' }),
    ...(around.has(level.name) && { allocate: false }),
    ...(early.has(level.name) && { prefetch: 'next-line' }),
  });
  return { ...(instruction && { instruction: withHabit(instruction) }), levels: levels.map(withHabit) };
}

/** The levels that a flag names. */
function namedIn(levels: readonly string[], flag: keyof SimulateFlags, names: readonly string[] = []): Set<string> {
  const unknown = names.find((name) => name !== 'all' && !levels.some((level) => level.toLowerCase() === name));
  if (unknown !== undefined) {
    const known = levels.map((level) => level.toLowerCase()).join(', ');
    throw misuse(nameOf(flag), `'${unknown}'`, `some of ${known}, or all`);
  }
  return new Set(levels.filter((level) => names.includes('all') || names.includes(level.toLowerCase())));
}
