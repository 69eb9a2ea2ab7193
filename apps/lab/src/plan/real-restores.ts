// What a real CRIU took: the points in the chart of restore times.
import { duration } from '../format/number.ts';

/** Whole restores by CRIU 4.2 on Linux 6.18.44, wall time on a loaded two-CPU machine; `dance`: with asking for IDs switched off in CRIU. */
export const REAL_SOURCE =
  'Real CRIU 4.2 on Linux 6.18.44: wall time of the whole restore on a loaded machine, asking for IDs switched off for the dance';

export interface RealRestore {
  way: 'dance' | 'ask';
  highestId: number;
  /** One for each run. */
  seconds: readonly number[];
  /** It was stopped then, and had not ended. */
  stopped?: true;
}

export const REAL_RESTORES: readonly RealRestore[] = [
  { way: 'ask', highestId: 2, seconds: [0.064] },
  { way: 'ask', highestId: 4999, seconds: [0.031] },
  { way: 'ask', highestId: 2_000_000, seconds: [0.023, 0.032, 0.039] },
  { way: 'ask', highestId: 2_147_483_647, seconds: [0.026] },
  { way: 'dance', highestId: 2, seconds: [0.043] },
  { way: 'dance', highestId: 4999, seconds: [0.042] },
  { way: 'dance', highestId: 2_000_000, seconds: [3.27, 3.21, 3.36] },
  { way: 'dance', highestId: 2_147_483_647, seconds: [15], stopped: true },
];

/** What whole restores took beside the calls for IDs, in a sentence. */
export const WHOLE_RESTORES: string = `A whole restore takes longer: a real CRIU took ${runsText('ask')}, and ${runsText('dance')} by the dance, with IDs up to 2,000,000.`;

function runsText(way: RealRestore['way']): string {
  const { seconds } = REAL_RESTORES.find((one) => one.way === way && one.highestId === 2_000_000)!;
  return `${duration(Math.min(...seconds))} to ${duration(Math.max(...seconds))}`;
}
