// Measures claims and judges them.
import type { Claim, Verdict } from './claim.ts';
import type { Lab } from './lab.ts';

/** A claim with what came of it. Plain data, ready for JSON. */
export interface ClaimResult {
  id: string;
  claim: string;
  source: string;
  /** The figures, as this claim's measurement names them. */
  measured: object;
  /** What of the figures decides, in words. */
  text: string;
  verdict: Verdict;
  /** Null unless the verdict is `holds only if` or `no`. */
  condition: string | null;
  /** The command line that measures this one alone. */
  command: string;
}

/**
 * Measures claims one after the other.
 *
 * @param commandOf Makes the command line for a claim's ID.
 * @param onProgress Called before each. It is followed by a turn of the event loop, so that what it draws is seen.
 */
export async function runClaims(
  claims: readonly Claim[],
  lab: Lab,
  commandOf: (id: string) => string,
  onProgress: (claim: Claim, done: number) => void = () => {},
): Promise<ClaimResult[]> {
  const results: ClaimResult[] = [];
  for (const [done, one] of claims.entries()) {
    onProgress(one, done);
    await new Promise(setImmediate);
    const { id, claim, source } = one;
    const measured = await one.measure(lab);
    const { text, verdict, condition } = one.judge(measured);
    results.push({ id, claim, source, measured, text, verdict, condition, command: commandOf(id) });
  }
  return results;
}
