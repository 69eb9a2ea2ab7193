// The change of 2013: what it was for, and what it cost, beside what came before and after.
import { Kernel } from '@idspace/posix-timers';
import { executePlan, type Outcome, planRestore } from '@idspace/restore-planner';
import { count, mean } from '../../format/number.ts';
import { type Claim, doesNotHold, holds, holdsOnlyIf, LETTER } from '../claim.ts';
import type { Lab } from '../lab.ts';
import { type DesignFill, type Fill, fills, OLD, of, TODAY, TREE } from './fills.ts';
import { checkpointOf } from './model-restore.ts';

/** "Far from optimal": a later design takes this many times less. */
const FAR = 1.5;
const SHOWN = ['idr', OLD, TODAY, TREE] as const;
/** Two processes that both have these IDs. */
const SHARED = [0, 1];

export interface EraFigures {
  /** Two processes with the same timer IDs, restored one after the other on one kernel. */
  sameIds: { kernel: string; outcome: Outcome; restored: number; of: number; asPlanned: boolean }[];
  fills: Fill[];
}

export async function eras(lab: Lab): Promise<EraFigures> {
  return { sameIds: [await sameIds('3.9'), await sameIds('3.10')], fills: await lab.once(fills) };
}

async function sameIds(release: string): Promise<EraFigures['sameIds'][number]> {
  const plan = planRestore(checkpointOf(SHARED, SHARED), { kernel: release, criu: '3.18' });
  const kernel = new Kernel({ release });
  let restored = 0;
  let asPlanned = true;
  for (const process of plan.processes) {
    const report = await executePlan(process, kernel.spawn());
    restored += process.outcome === 'ok' ? report.restored.length : 0;
    asPlanned &&= report.ending === 'as-planned';
  }
  return { kernel: release, outcome: plan.totals.outcome, restored, of: 2 * SHARED.length, asPlanned };
}

/** How many times longer a create and a lookup together take in the old table than in the better of the later ones. */
function excess(fill: Fill): number {
  const time = ({ create, lookup }: DesignFill): number => create.nsPerOp + lookup.nsPerOp;
  return time(of(fill, OLD)) / Math.min(time(of(fill, TODAY)), time(of(fill, TREE)));
}

const nameOf = ({ threads, timers }: Fill): string =>
  `${count(timers)} timers${threads > 1 ? ` by ${threads} threads` : ''}`;

export const ERA_CLAIMS: readonly Claim<EraFigures>[] = [
  {
    id: 'S1',
    claim: 'IDs per process are right; how they were made in 2013 is far from optimal',
    source: LETTER,
    measure: (lab) => lab.once(eras),
    judge({ sameIds: [before, after], fills }) {
      const told = fills.map((fill) => {
        const series = SHOWN.map((design) => of(fill, design)).map(
          ({ design, create, lookup }) => `${design} ${mean(create.nsPerOp)}/${mean(lookup.nsPerOp)}`,
        );
        return `${nameOf(fill)}: ${series.join(', ')}`;
      });
      const text =
        `Two processes with the same IDs get ${before.restored} of ${before.of} timers back on Linux ${before.kernel}, ${after.restored} on ${after.kernel}. ` +
        `ns (model) per create/lookup, ${told.join('; ')}.`;
      const isRight = before.outcome !== 'ok' && after.outcome === 'ok' && before.asPlanned && after.asPlanned;
      const far = fills.filter((fill) => excess(fill) >= FAR);
      if (!isRight || far.length === 0) return doesNotHold(text);
      if (far.length === fills.length) return holds(text);
      return holdsOnlyIf(
        `timers are many: create and lookup take at least ${mean(FAR)} × as long as in a later design with ${far.map(nameOf).join(', ')}`,
        text,
      );
    },
  },
];
