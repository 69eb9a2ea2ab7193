// Waiting for locks: a closed queueing network of threads that compute, pass through locks, and begin again.
// Reference: M. Reiser, S. Lavenberg, "Mean-value analysis of closed multichain queuing networks", J. ACM 27 (1980).

/** A lock, or a row of equal ones. */
export interface Station {
  /** Acquisitions per operation. */
  visits: number;
  /** How long one acquisition holds it, ns. */
  holdNs: number;
  /** Chance that another thread inside this station is at the same lock of the row: 1 for a single lock, 1/n for n buckets. */
  share: number;
}

/** What threads that run at the same time wait for. */
export interface Waiting {
  /** Wall time of one operation of one thread, ns. */
  operationNs: number;
  /** How long an acquisition waits, by station, ns. */
  waitNs: number[];
}

/**
 * Returns what one thread's operation takes when `threads` run at the same time.
 *
 * An arriving thread finds the queues that the others alone would leave: exact for locks held for exponential times in
 * turn, and never less than threads × hold for a single lock.
 *
 * @param thinkNs What an operation takes outside the stations, ns.
 */
export function waitingTime(thinkNs: number, stations: readonly Station[], threads: number): Waiting {
  const queue = stations.map(() => 0);
  const stay = stations.map(() => 0);
  let operationNs = thinkNs;
  for (let n = 1; n <= threads; n++) {
    operationNs = thinkNs;
    for (const [i, { visits, holdNs, share }] of stations.entries()) {
      stay[i] = holdNs * (1 + share * queue[i]);
      operationNs += visits * stay[i];
    }
    for (const [i, { visits }] of stations.entries()) {
      queue[i] = operationNs === 0 ? 0 : (n * visits * stay[i]) / operationNs;
    }
  }
  return { operationNs, waitNs: stations.map(({ holdNs }, i) => stay[i] - holdNs) };
}
