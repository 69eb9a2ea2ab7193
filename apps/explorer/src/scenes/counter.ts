// Who counts for the scenes: the functions themselves, or the page's worker, so that the page answers meanwhile.
import { lockWaits, lookupCost, strideCost } from './counting.ts';

/** The calls that the page's worker answers for the scenes. */
export type SceneCalls = {
  readonly strideCost: typeof strideCost;
  readonly lookupCost: typeof lookupCost;
  readonly lockWaits: typeof lockWaits;
};

export function sceneCalls(): SceneCalls {
  return { strideCost, lookupCost, lockWaits };
}

/** The same calls, answered later. */
export type Counter = {
  readonly [Name in keyof SceneCalls]: (
    question: Parameters<SceneCalls[Name]>[0],
  ) => Promise<ReturnType<SceneCalls[Name]>>;
};

/** Counts where it is asked. */
export const DIRECT: Counter = {
  strideCost: async (question) => strideCost(question),
  lookupCost: async (question) => lookupCost(question),
  lockWaits: async (question) => lockWaits(question),
};
