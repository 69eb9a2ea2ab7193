// What the inside of a runtime and the driver say to each other.

/** What became of a test, or of a whole file that could not be loaded. */
export interface Outcome {
  readonly file: string;
  readonly test: string;
  /** `begun` stands before the tests of a file. */
  readonly state: 'passed' | 'failed' | 'left out' | 'begun';
  /** What the runtime lacks, or the error. */
  readonly why?: string;
}

/** Begins a line of standard output that is an outcome, or `end`: tests print, too. */
export const MARK = '\u001eoutcome ';
