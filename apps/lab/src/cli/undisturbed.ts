// Work that a signal does not cut in two.

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Does something short while signals that would end the process wait; then they have their usual effect.
 *
 * @param work Synchronous.
 */
export async function undisturbed<Result>(work: () => Result): Promise<Result> {
  let caught: (typeof SIGNALS)[number] | null = null;
  const note = (signal: (typeof SIGNALS)[number]): void => {
    caught ??= signal;
  };
  for (const signal of SIGNALS) process.on(signal, note);
  try {
    return work();
  } finally {
    await nextTurns(); // in which a signal that has come is told
    for (const signal of SIGNALS) process.off(signal, note);
    // Where the command listens itself, it has heard it too.
    if (caught !== null && process.listenerCount(caught) === 0) process.kill(process.pid, caught);
  }
}

/** The event loop looks for signals between two turns. */
async function nextTurns(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}
