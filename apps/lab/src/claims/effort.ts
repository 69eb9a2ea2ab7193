// How long claims take to measure, one beside the other: so that what is left can be told.

/** A measurement that several claims rest on. */
interface Shared {
  readonly seconds: number;
  readonly of: readonly string[];
}

/** Of a measurement that several claims rest on, seconds of CPU time (Node 20, 2026): the first of them takes it. */
export const FILLS: Shared = { seconds: 33, of: ['S1', 'S11', 'S12', '7'] };
/** Every call of the restore at INT_MAX on the model. */
export const ALL_PAIRS: Shared = { seconds: 600, of: ['S5', '1'] };
/** Of single claims that take more than others do. */
export const SECONDS: Readonly<Record<string, number>> = { S5: 1.1, S11: 4.8, S15: 0.9, '2': 2, '8': 1.4, '10': 0.8 };
const USUAL = 0.2;

/**
 * Tells which share of the work each claim is.
 *
 * @param ids In the order in which they are measured.
 * @param full Whether every call is made that can be left out.
 * @returns Shares of 1, one for each.
 */
export function sharesOf(ids: readonly string[], full: boolean): number[] {
  const shared = [FILLS, ...(full ? [ALL_PAIRS] : [])];
  const seconds = ids.map((id, at) => {
    const first = shared.filter(({ of }) => of.includes(id) && !ids.slice(0, at).some((before) => of.includes(before)));
    return (SECONDS[id] ?? USUAL) + first.reduce((sum, one) => sum + one.seconds, 0);
  });
  const all = seconds.reduce((sum, one) => sum + one, 0);
  return seconds.map((one) => one / all);
}
