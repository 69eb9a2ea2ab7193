// The caches and TLBs of real CPUs, as far as they are known. Every value says where it comes from.
import type { Geometry } from './geometry.ts';
import { refused } from './misuse.ts';
import type { CacheSimOptions, Level, Policy, TlbShape } from './options.ts';

/** Where a value comes from: read in a document, measured on a real machine, or taken as plausible. */
export type Basis = 'documented' | 'measured' | 'assumed';

/** A value and its origin. */
export interface Sourced<T> {
  value: T;
  basis: Basis;
  source: string;
}

/** One CPU. */
export interface CpuPreset {
  name: string;
  title: string;
  instruction: Sourced<Geometry>;
  levels: readonly Sourced<Geometry>[];
  /** First level that cores share: its index in `levels`. */
  firstShared: number;
  /** Cores that share it. */
  cores: Sourced<number>;
  inclusive: Sourced<boolean>;
  policy: Sourced<Policy>;
  /** Bytes in a page. */
  page: Sourced<number>;
  dataTlb: Sourced<TlbShape>;
  instructionTlb: Sourced<TlbShape>;
  secondTlb: Sourced<TlbShape>;
}

const KIB = 1024;
const MIB = 1024 * KIB;

const cache = (name: string, size: number, ways: number): Geometry => ({ name, size, ways, line: 64 });
const tlb = (entries: number, ways: number): TlbShape => ({ entries, ways });
const documented = <T>(source: string, value: T): Sourced<T> => ({ value, basis: 'documented', source });
const measured = <T>(source: string, value: T): Sourced<T> => ({ value, basis: 'measured', source });
const assumed = <T>(source: string, value: T): Sourced<T> => ({ value, basis: 'assumed', source });

const LRU = assumed<Policy>('real ones are approximations of it that are not published', 'lru');
const NOT_INCLUSIVE = (source: string): Sourced<boolean> => documented(source, false);
const PAGE = documented('the smallest page of the architecture', 4 * KIB);

const INTEL = 'Intel 64 and IA-32 Architectures Optimization Reference Manual, 248966';
const ICE_LAKE = `${INTEL}, Ice Lake Client and Server`;
const GOLDEN_COVE = `${INTEL}, Golden Cove`;
const SKYLAKE = `${INTEL}, Skylake Client`;
const ZEN_3 = 'AMD Software Optimization Guide for Family 19h, 56665';
const GENOA = 'CPUID leaves 0x80000005, 0x80000006 and 0x8000001D of an EPYC, family 19h model 11h';
const N1 = 'Arm Neoverse N1 Technical Reference Manual, 100616';
const A72 = 'Arm Cortex-A72 Technical Reference Manual, 100095';

/** The CPUs, by name. */
const PRESETS: readonly CpuPreset[] = [
  {
    name: 'ice-lake-sp',
    title: 'Intel Xeon Platinum 8358 (Ice Lake-SP, 2021, 32 cores)',
    instruction: documented(ICE_LAKE, cache('L1i', 32 * KIB, 8)),
    levels: [
      documented(ICE_LAKE, cache('L1d', 48 * KIB, 12)),
      documented(ICE_LAKE, cache('L2', 1280 * KIB, 20)),
      documented(`${ICE_LAKE}: 1.5 MiB a core, 12 ways; 32 cores`, cache('LL', 48 * MIB, 12)),
    ],
    firstShared: 2,
    cores: documented('ark.intel.com, Xeon Platinum 8358', 32),
    inclusive: NOT_INCLUSIVE(ICE_LAKE),
    policy: LRU,
    page: PAGE,
    dataTlb: documented(`${ICE_LAKE}: loads; stores have 16 entries of their own`, tlb(64, 4)),
    instructionTlb: documented(ICE_LAKE, tlb(128, 8)),
    secondTlb: documented(ICE_LAKE, tlb(2048, 16)),
  },
  {
    name: 'sapphire-rapids',
    title: 'Intel Xeon Gold 6430 (Sapphire Rapids, 2023, 32 cores)',
    instruction: documented(GOLDEN_COVE, cache('L1i', 32 * KIB, 8)),
    levels: [
      documented(GOLDEN_COVE, cache('L1d', 48 * KIB, 12)),
      documented(GOLDEN_COVE, cache('L2', 2 * MIB, 16)),
      documented('ark.intel.com, Xeon Gold 6430: 1.875 MiB a core, 15 ways; 32 cores', cache('LL', 60 * MIB, 15)),
    ],
    firstShared: 2,
    cores: documented('ark.intel.com, Xeon Gold 6430', 32),
    inclusive: NOT_INCLUSIVE(GOLDEN_COVE),
    policy: LRU,
    page: PAGE,
    dataTlb: documented(`${GOLDEN_COVE}: loads; stores have 16 entries of their own`, tlb(96, 6)),
    instructionTlb: documented(GOLDEN_COVE, tlb(256, 8)),
    secondTlb: documented(GOLDEN_COVE, tlb(2048, 16)),
  },
  {
    name: 'zen-3',
    title: 'AMD EPYC 7763, one core complex (Zen 3, 2021, 8 of 64 cores)',
    instruction: documented(ZEN_3, cache('L1i', 32 * KIB, 8)),
    levels: [
      documented(ZEN_3, cache('L1d', 32 * KIB, 8)),
      documented(ZEN_3, cache('L2', 512 * KIB, 8)),
      documented(`${ZEN_3}: a victim cache, here filled by misses`, cache('LL', 32 * MIB, 16)),
    ],
    firstShared: 2,
    cores: documented(ZEN_3, 8),
    inclusive: assumed('the last level is mostly exclusive, L2 includes L1', false),
    policy: LRU,
    page: PAGE,
    dataTlb: documented(ZEN_3, tlb(64, 64)),
    instructionTlb: documented(ZEN_3, tlb(64, 64)),
    secondTlb: assumed(
      `${ZEN_3}: 2048 entries for data and 512 for instructions, here one for both; ways`,
      tlb(2048, 16),
    ),
  },
  {
    name: 'zen-4',
    title: 'AMD EPYC of the 4th generation, one core complex (Zen 4, 2022, 8 cores)',
    instruction: measured(GENOA, cache('L1i', 32 * KIB, 8)),
    levels: [
      measured(GENOA, cache('L1d', 32 * KIB, 8)),
      measured(GENOA, cache('L2', 1 * MIB, 8)),
      measured(`${GENOA}; a victim cache, here filled by misses`, cache('LL', 32 * MIB, 16)),
    ],
    firstShared: 2,
    cores: documented('AMD EPYC 9004 Series Architecture Overview, 58015', 8),
    inclusive: assumed('the last level is mostly exclusive, L2 includes L1', false),
    policy: LRU,
    page: PAGE,
    dataTlb: measured(GENOA, tlb(72, 72)),
    instructionTlb: measured(GENOA, tlb(64, 64)),
    secondTlb: assumed(
      `${GENOA}: 3072 entries for data and 512 for instructions, here one for both; ways`,
      tlb(3072, 24),
    ),
  },
  {
    name: 'neoverse-n1',
    title: 'AWS Graviton2 (Arm Neoverse N1, 2020, 64 cores)',
    instruction: documented(N1, cache('L1i', 64 * KIB, 4)),
    levels: [
      documented(N1, cache('L1d', 64 * KIB, 4)),
      documented(`${N1}: 1 MiB chosen`, cache('L2', 1 * MIB, 8)),
      assumed('32 MiB are published, the ways are not', cache('LL', 32 * MIB, 16)),
    ],
    firstShared: 2,
    cores: documented('AWS Graviton2: 64 cores', 64),
    inclusive: assumed('L2 includes L1d; the mesh cache is mostly exclusive', false),
    policy: LRU,
    page: PAGE,
    dataTlb: documented(N1, tlb(48, 48)),
    instructionTlb: documented(N1, tlb(48, 48)),
    secondTlb: documented(N1, tlb(1280, 5)),
  },
  {
    name: 'skylake',
    title: 'Intel Core i7-6700K (Skylake, 2015, 4 cores)',
    instruction: documented(SKYLAKE, cache('L1i', 32 * KIB, 8)),
    levels: [
      documented(SKYLAKE, cache('L1d', 32 * KIB, 8)),
      documented(SKYLAKE, cache('L2', 256 * KIB, 4)),
      documented(SKYLAKE, cache('LL', 8 * MIB, 16)),
    ],
    firstShared: 2,
    cores: documented('ark.intel.com, Core i7-6700K', 4),
    inclusive: assumed('the last level includes the others; L2 does not include L1', false),
    policy: LRU,
    page: PAGE,
    dataTlb: documented(SKYLAKE, tlb(64, 4)),
    instructionTlb: documented(SKYLAKE, tlb(128, 8)),
    secondTlb: documented(SKYLAKE, tlb(1536, 12)),
  },
  {
    name: 'cortex-a72',
    title: 'Raspberry Pi 4 (Arm Cortex-A72, 2019, 4 cores)',
    instruction: documented(A72, cache('L1i', 48 * KIB, 3)),
    levels: [
      documented(A72, cache('L1d', 32 * KIB, 2)),
      documented(`${A72}; 1 MiB chosen by Broadcom BCM2711`, cache('L2', 1 * MIB, 16)),
    ],
    firstShared: 1,
    cores: documented('Broadcom BCM2711', 4),
    inclusive: assumed('L2 includes L1d but not L1i', false),
    policy: LRU,
    page: PAGE,
    dataTlb: documented(A72, tlb(32, 32)),
    instructionTlb: documented(A72, tlb(48, 48)),
    secondTlb: documented(A72, tlb(1024, 4)),
  },
];

/** Names of the CPUs that {@link cpuPreset} knows. */
export const CPU_PRESETS: readonly string[] = PRESETS.map(({ name }) => name);

/**
 * Returns what is known of a CPU.
 *
 * @param name One of {@link CPU_PRESETS}.
 * @throws RangeError for another name.
 */
export function cpuPreset(name: string): CpuPreset {
  return find('cpuPreset', name);
}

function find(call: string, name: string): CpuPreset {
  const preset = PRESETS.find((one) => one.name === name);
  if (preset === undefined) throw refused(call, 'name', name, `one of ${CPU_PRESETS.join(', ')}`);
  return preset;
}

/**
 * Makes options for a simulation of a CPU: spread them and add what is to be watched.
 *
 * @param cores How many of its cores take part, 1…1024; default 1. More than share a last level are simulated as if they shared it.
 * @throws RangeError for an unknown CPU or another number.
 */
export function presetOptions(name: string, cores = 1): CacheSimOptions {
  if (!Number.isInteger(cores) || cores < 1 || cores > 1024) throw refused('presetOptions', 'cores', cores, '1…1024');
  const { levels, firstShared, instruction, inclusive, policy, page, dataTlb, instructionTlb, secondTlb } = find(
    'presetOptions',
    name,
  );
  return {
    levels: levels.map(({ value }, at): Level => ({ ...value, shared: at >= firstShared })),
    instruction: instruction.value,
    policy: policy.value,
    inclusive: inclusive.value,
    cores,
    tlb: { page: page.value, data: dataTlb.value, instruction: instructionTlb.value, second: secondTlb.value },
  };
}
