// Timers 1,000,000 and 2,000,000: searched for, and asked for.
import { Kernel } from '@idspace/posix-timers';
import { executePlan, planRestore, readCheckpoint } from '@idspace/restore-planner';
import { count, duration } from '../../format/number.ts';
import { EXAMPLE_CHECKPOINT } from '../../installed.ts';
import { type Claim, doesNotHold, holds, holdsOnlyIf } from '../claim.ts';
import type { Lab } from '../lab.ts';

/** Published. Source: ec2d0c04624b, "posix-timers: Provide a mechanism to allocate a given timer ID". */
const PUBLISHED = { search: 1.5, byId: 3e-6 };
/** Times on different machines agree within this factor. */
const NEAR = 2;

export interface Way {
  kernel: string;
  creates: number;
  deletes: number;
  prctls: number;
  /** At the rates of a kernel; prctls are in none of them. */
  seconds: number;
  /** Wall time on the model: the only figure here that differs from run to run. */
  modelSeconds: number;
  asPlanned: boolean;
}

export interface ByIdFigures {
  timers: number;
  rates: { nsPerPair: number; nsPerRestore: number; from: string };
  search: Way;
  byId: Way;
}

export async function byId(lab: Lab): Promise<ByIdFigures> {
  const { rates } = lab;
  const { nsPerPair, nsPerRestore } = rates;
  const checkpoint = await readCheckpoint(EXAMPLE_CHECKPOINT);
  const run = async (kernel: string): Promise<Way> => {
    const plan = planRestore(checkpoint, { kernel, criu: '4.2', nsPerPair, nsPerRestore });
    const { seconds: modelSeconds, ending } = await executePlan(plan, new Kernel({ release: kernel }).spawn());
    const { creates, deletes, prctls, seconds } = plan.totals;
    return { kernel, creates, deletes, prctls, seconds, modelSeconds, asPlanned: ending === 'as-planned' };
  };
  const timers = checkpoint.processes.reduce((sum, process) => sum + process.timers.length, 0);
  return { timers, rates, search: await run('6.1'), byId: await run('6.18') };
}

export const BY_ID_CLAIMS: readonly Claim<ByIdFigures>[] = [
  {
    id: '2',
    claim: 'Restoring timers 1,000,000 and 2,000,000 goes from 1.5 s down to 3 µs when their IDs can be asked for',
    source: 'T. Gleixner, changelog of ec2d0c04624b, March 2025; A. Vagin, CRIU pull request 2634',
    measure: (lab) => lab.once(byId),
    judge({ timers, rates, search, byId }) {
      const text =
        `Linux ${search.kernel}: ${count(search.creates)} creates and ${count(search.deletes)} deletes, ${duration(search.seconds)}. ` +
        `Linux ${byId.kernel}: ${count(byId.creates)} creates and ${count(byId.prctls)} prctls, ${duration(byId.seconds)} for the creates ` +
        `(${count(rates.nsPerPair)} ns a pair, ${count(rates.nsPerRestore)} ns a create by ID, ${rates.from}). ` +
        `The model made all these calls in ${duration(search.modelSeconds)} and ${duration(byId.modelSeconds)}.`;
      const isDirect = byId.creates === timers && byId.deletes === 0;
      const isAsMuch = search.seconds / byId.seconds >= PUBLISHED.search / PUBLISHED.byId / NEAR;
      if (!isDirect || !isAsMuch || !search.asPlanned || !byId.asPlanned) return doesNotHold(text);
      const off = Math.max(search.seconds / PUBLISHED.search, PUBLISHED.search / search.seconds);
      if (off <= NEAR) return holds(text);
      const perPair = (PUBLISHED.search * 1e9) / search.deletes;
      return holdsOnlyIf(`a pair takes about ${count(perPair)} ns: as many times faster, but not from 1.5 s`, text);
    },
  },
];
