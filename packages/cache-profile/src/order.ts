// What the process of the program is told, in a variable of its environment.

/** What the program's process is told. */
export interface ProfileOrder {
  /** Options of the simulator. */
  caches: object;
  /** Where the profile is to be written. */
  output: string;
  /** A folder for what threads leave. */
  folder: string;
  /** A file: the program ends as soon as it is there. */
  stop: string;
  /** Number of the process that reads the profile: without it, the program ends. */
  parent: number;
  /** A regular expression: files that are instrumented. */
  only?: string;
}

/** The variable of the environment that holds the order. */
export const ORDER = 'IDSPACE_PROFILE';
