// What `pnpm stress` and the stress run of a package agree on.

export interface StressOptions {
  seed: number;
  /** Ends after the round in which this returns true. */
  until: (counts: StressCounts) => boolean;
  /** Workers of each round. Default: 2–8, drawn for each. */
  workers?: number | undefined;
  /** Is told after each round. */
  onRound?: (counts: StressCounts) => void;
}

export interface StressCounts {
  rounds: number;
  /** Calls, recorded or not. */
  operations: number;
  /** Histories of one key in one round that were explained. */
  histories: number;
  /** Workers killed, each followed by a whole round's checks. */
  kills: number;
  violations: string[];
}

/** Plays rounds until told to stop, or until something is wrong. A package's `stress/stress.ts` exports one. */
export type Stress = (options: StressOptions) => Promise<StressCounts>;
