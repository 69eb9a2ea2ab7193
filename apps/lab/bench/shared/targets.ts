// What the figures should come to.

/** Nanoseconds per call with one worker and with two, by section and contestant. */
export type Figures = Record<string, Record<string, { one: number; two: number; error?: string }>>;

export interface Verdict {
  what: string;
  value: number;
  met: boolean;
}

/** Judges the sections that were measured. */
export function targets(figures: Figures): Verdict[] {
  const section = (start: string): Figures[string] | undefined =>
    Object.entries(figures).find(([title]) => title.startsWith(start))?.[1];
  const most = (what: string, value: number, limit: number): Verdict => ({
    what: `${what} ≤ ${limit}`,
    value,
    met: value <= limit,
  });
  const verdicts: Verdict[] = [];
  const mixed = section('90 %');
  if (mixed) {
    const table = mixed['SharedHashTable, bucket locks']!;
    const array = mixed.SharedXArray!;
    const ceiling = mixed['nothing shared: a HashTable each']!;
    const printed = `(a loop that shares nothing: ${(ceiling.one / ceiling.two).toFixed(2)})`;
    verdicts.push(
      most('SharedHashTable, 1 worker, ns', table.one, 30),
      most('SharedHashTable, 2 workers together, ns', table.two, 16),
      {
        what: `SharedHashTable scaling ≥ 1.5 ${printed}`,
        value: table.one / table.two,
        met: table.one / table.two >= 1.5,
      },
      {
        what: `SharedXArray scaling ≥ 1.5 ${printed}`,
        value: array.one / array.two,
        met: array.one / array.two >= 1.5,
      },
    );
  }
  const load = section('load alone');
  if (load) {
    const { one } = load['SharedXArray.load']!;
    verdicts.push(most('SharedXArray.load / XArray.load', one / load['XArray.load (an array each)']!.one, 2));
  }
  const lock = section('lock +');
  if (lock) {
    const peers = Object.entries(lock).filter(([name]) => name.startsWith('reference'));
    const best = Math.min(...peers.map(([, { two }]) => two));
    const ours = Math.min(lock.Mutex!.two, lock.SpinLock!.two);
    verdicts.push(
      most('Mutex, uncontended lock + unlock, ns', lock.Mutex!.one, 20),
      most('Mutex or SpinLock contended / best reference', ours / best, 1),
    );
  }
  return verdicts;
}
