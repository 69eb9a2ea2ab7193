// When two times of the model differ, and when they are a tie: one rule for all that compares them.

/**
 * A time is taken to be right within this factor: the spread that the calibration allows a time of the table it is fitted to
 * (prediction/calibrate.ts). Two that are closer are a tie.
 */
export const TIE = 1.1;

/** How a time compares with another. */
export type Comparison = 'faster' | 'tie' | 'slower';

/** Compares a time with another. */
export function compareTimes(ns: number, other: number): Comparison {
  if (ns * TIE < other) return 'faster';
  return ns > other * TIE ? 'slower' : 'tie';
}
