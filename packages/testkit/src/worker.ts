// What vitest tells the process that runs test files; elsewhere there is none.

export interface Worker {
  /** The test file that runs. */
  readonly filepath?: string;
  /** Adds what vitest waits for when it ends the process. */
  onCleanup(listener: () => Promise<void>): void;
}

/** The process of vitest that this is. */
export function worker(): Worker | undefined {
  return (globalThis as { __vitest_worker__?: Worker }).__vitest_worker__;
}
