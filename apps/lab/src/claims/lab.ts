// Lab: where claims are measured; what several of them rest on is measured once.

import type { KernelProbe, SpaceProbe } from '@idspace/live-kernel';
import { NS_PER_PAIR, NS_PER_RESTORE } from '@idspace/restore-planner';

/** Something to be measured in a lab. */
export type Measurement<Figures> = (lab: Lab) => Figures | Promise<Figures>;

export interface LabOptions {
  /** Decides addresses and orders, u32. */
  seed: number;
  /** Make every call of the restore at INT_MAX on the model: 2³¹ pairs, some minutes. */
  full?: boolean;
  /** What the running kernel was found to do. */
  live?: KernelProbe;
  /** The same of its IDs beside timers. */
  liveSpaces?: readonly SpaceProbe[];
  /** Called in the course of a measurement that takes long, with how much of it is done, 0…1. */
  onProgress?: (share: number) => void;
}

/** What a call takes, and where that is from. */
export interface CallRates {
  nsPerPair: number;
  nsPerRestore: number;
  from: string;
}

export class Lab {
  readonly seed: number;
  readonly full: boolean;
  readonly live: KernelProbe | null;
  readonly liveSpaces: readonly SpaceProbe[] | null;
  readonly onProgress: (share: number) => void;
  private readonly measured: Map<Measurement<unknown>, Promise<unknown>> = new Map();

  constructor({ seed, full = false, live, liveSpaces, onProgress = () => {} }: LabOptions) {
    this.seed = seed;
    this.full = full;
    this.live = live ?? null;
    this.liveSpaces = liveSpaces ?? null;
    this.onProgress = onProgress;
  }

  /** Measures, or returns what the same measurement gave before. */
  once<Figures>(measurement: Measurement<Figures>): Promise<Figures> {
    const known = this.measured.get(measurement) as Promise<Figures> | undefined;
    const figures = known ?? (async () => measurement(this))();
    this.measured.set(measurement, figures);
    return figures;
  }

  /** This machine's kernel where it was measured, else the usual ones. */
  get rates(): CallRates {
    const { live } = this;
    if (live === null) return { nsPerPair: NS_PER_PAIR, nsPerRestore: NS_PER_RESTORE, from: 'measured on Linux 6.18' };
    const { nsPerPair, nsPerRestore, release, costs } = live;
    const load = costs.some(({ isNoisy }) => isNoisy) ? ', under load, which makes it larger' : '';
    return {
      nsPerPair,
      nsPerRestore: nsPerRestore ?? NS_PER_RESTORE,
      from: `measured on this machine, Linux ${release}${load}`,
    };
  }
}
