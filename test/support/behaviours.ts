// What users of another package rely on, stated once and tried on that package and on an adapter over one of ours.
import { describe, expect, test } from 'vitest';

/** Where one of the two does something else, and what that is. */
export type Differs = { readonly ours: string } | { readonly theirs: string };

/** A sentence, the check that it holds, and what differs. */
export type Behaviour<T> = readonly [says: string, check: (subject: T) => unknown, differs?: Differs];

export interface Comparison<T> {
  /** The package, and what it is tried on. */
  peer: string;
  ours: string;
  makeTheirs(): T;
  makeOurs(): T;
  behaviours: readonly Behaviour<T>[];
  /** How many hold on both, on theirs alone, and on ours alone: known differences are kept true, too. */
  counts: { both: number; theirs: number; ours: number };
}

/** Tries all behaviours on both. A difference that is gone fails: then the list is to be mended, and what docs say of it. */
export function compare<T>({ peer, ours, makeTheirs, makeOurs, behaviours, counts }: Comparison<T>): void {
  describe(`${peer} on ${ours}`, () => {
    test.each(behaviours.map(([says, check, differs]) => ({ says, check, differs })))(
      '$says',
      async ({ check, differs }) => {
        await holds(check, makeTheirs(), differs && 'theirs' in differs ? differs.theirs : undefined);
        await holds(check, makeOurs(), differs && 'ours' in differs ? differs.ours : undefined);
      },
    );

    const line = `${counts.both} hold on both, ${counts.theirs} on ${peer} alone, ${counts.ours} on ${ours} alone`;
    test(line, () => {
      const differing = (side: string): number =>
        behaviours.filter(([, , differs]) => differs && side in differs).length;
      const [theirs, ours] = [differing('ours'), differing('theirs')];
      expect({ both: behaviours.length - theirs - ours, theirs, ours }).toEqual(counts);
      console.log(`${peer}: ${line}`);
    });
  });
}

/** Checks that a behaviour holds, or, where it is said to differ, that it does not. */
async function holds<T>(check: (subject: T) => unknown, subject: T, differs: string | undefined): Promise<void> {
  if (differs === undefined) await check(subject);
  else await expect((async () => check(subject))(), differs).rejects.toThrow();
}
