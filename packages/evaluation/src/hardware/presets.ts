// The machines to choose from. Every value says where it comes from.

import { cpuPreset } from '@idspace/cache-sim';
import { refusal } from '../refusal.ts';
import type { Basis, Hardware, HardwareParameters, Parameter } from './hardware.ts';

/** Makes parameters of one basis. @param uncertainty See `Parameter`, unless told otherwise. */
const based =
  (basis: Basis, uncertainty: number) =>
  (value: number, source: string, own = uncertainty): Parameter => ({
    value,
    unit: 'ns',
    basis,
    source,
    uncertainty: own,
  });
const documented = based('documented', 1.1);
const measured = based('measured', 1.15);
const calibrated = (value: number, prior: number, source: string): Parameter => ({
  ...based('calibrated', 1.25)(value, `${source}; ${CALIBRATION}`),
  prior,
});
const assumed = based('assumed', 1.25);

/** The fit is done again by prediction/calibrate.ts, and held to these values by its test. */
const CALIBRATION = 'fitted to the row "1 thread, 20,000 timers" of T. Gleixner\'s table of 2025';

const LIVE = 'Linux 6.18.44, x86-64 cloud server, 1,000 live timers, CPU time';

/** What the calls cost beside what is counted: measured whole, less the parts named. */
const CALLS: Pick<HardwareParameters, 'syscallNs' | 'createNs' | 'lookupNs' | 'deleteNs'> = {
  syscallNs: measured(93, `getpid; ${LIVE}`),
  createNs: measured(372, `timer_create 495 ns − 93 ns for the call − 30 ns for what is counted here; ${LIVE}`),
  lookupNs: measured(149, `timer_gettime 257 ns − 93 ns for the call − 15 ns for what is counted here; ${LIVE}`),
  deleteNs: measured(269, `timer_delete 392 ns − 93 ns for the call − 30 ns for what is counted here; ${LIVE}`),
};

const ICE_LAKE = 'Intel 64 and IA-32 Architectures Optimization Reference Manual, Ice Lake server';

const HANDOVER =
  '3 × core to core: the holder takes the line of the lock back to free it, the next one sees that, and takes the line';

/**
 * A server socket of 2021, at 3.4 GHz: 1 cycle = 0.294 ns. What the calls cost, and its last level, are fitted to the machine of the
 * published table, which names none; delete is in no table and goes with create.
 */
const ICE_LAKE_SP: Hardware = {
  name: 'ice-lake-sp',
  title: 'Intel Xeon Platinum 8358 (Ice Lake-SP, 32 cores, 64 threads, 3.4 GHz)',
  cpu: 'ice-lake-sp',
  levels: cpuPreset('ice-lake-sp').levels.map(({ value }) => value),
  parameters: {
    readNs: [
      documented(1.5, `L1d, 5 cycles; ${ICE_LAKE}`),
      documented(4.1, `L2, 14 cycles; ${ICE_LAKE}`),
      calibrated(31.5, 21, 'LL; prior: about 70 cycles over the mesh'),
      assumed(90, 'local DRAM, idle'),
    ],
    writeNs: documented(0.3, `1 store per cycle; ${ICE_LAKE}`),
    atomicNs: documented(5.9, 'LOCK-prefixed instruction, 20 cycles; A. Fog, Instruction tables, Ice Lake'),
    transferNs: assumed(60, 'core to core on one socket', 1.5),
    handoverNs: assumed(180, HANDOVER, 2),
    syscallNs: CALLS.syscallNs,
    createNs: calibrated(207, CALLS.createNs.value, `prior: ${CALLS.createNs.source}`),
    lookupNs: calibrated(89, CALLS.lookupNs.value, `prior: ${CALLS.lookupNs.source}`),
    deleteNs: calibrated(150, CALLS.deleteNs.value, `prior: ${CALLS.deleteNs.source}; × 207 / 372, as create`),
  },
};

/** The geometry cachegrind's users know best. */
const DESKTOP: Hardware = {
  name: 'desktop',
  title: 'desktop of the 2010s (32 KiB 8-way and 8 MiB 16-way, 4 GHz)',
  cpu: 'skylake',
  levels: [
    { name: 'D1', size: 32 * 1024, ways: 8, line: 64 },
    { name: 'LL', size: 8 * 1024 * 1024, ways: 16, line: 64 },
  ],
  parameters: {
    readNs: [
      documented(1, 'D1, 4 cycles; Intel optimization manual, Skylake client'),
      assumed(10, 'LL, about 40 cycles over the ring'),
      assumed(70, 'DRAM, idle'),
    ],
    writeNs: documented(0.25, '1 store per cycle; Intel optimization manual, Skylake client'),
    atomicNs: documented(4.5, 'LOCK-prefixed instruction, 18 cycles; A. Fog, Instruction tables, Skylake'),
    transferNs: assumed(40, 'core to core over the ring', 1.5),
    handoverNs: assumed(120, HANDOVER, 2),
    ...CALLS,
  },
};

const MACHINES: readonly Hardware[] = [ICE_LAKE_SP, DESKTOP];

/** Names of the machines; the first is the default. */
export const HARDWARE_NAMES: readonly string[] = MACHINES.map(({ name }) => name);

/**
 * Returns a machine by its name.
 *
 * @throws RangeError for an unknown one.
 */
export function hardwareNamed(name: string): Hardware {
  const machine = MACHINES.find((candidate) => candidate.name === name);
  if (machine === undefined) throw refusal('machine', `'${name}'`, `one of ${HARDWARE_NAMES.join(', ')}`);
  return machine;
}
