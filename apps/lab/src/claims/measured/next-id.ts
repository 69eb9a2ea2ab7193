// How kernels hand out IDs, and how CRIU gets them back.

import { findPolicy, type IdPolicy } from '@idspace/live-kernel';
import { Kernel } from '@idspace/posix-timers';
import { counted } from '../../format/number.ts';
import { type Claim, doesNotHold, holds, holdsIf, holdsOnlyIf, LETTER } from '../claim.ts';
import type { Lab } from '../lab.ts';
import { type ModelRestore, restoreOnModel } from './model-restore.ts';

const RELEASES = ['3.9', '3.10', '6.4', '6.14', '6.18'];
/** The first release with a counter per process. */
const SINCE = '3.10';

export interface PolicyFigures {
  /** By release: the policy, four IDs with the first two deleted before the last, and the first ID of a second process. */
  kernels: { kernel: string; idPolicy: IdPolicy; idsSeen: number[]; elsewhere: number }[];
}

export function policies({ live }: Lab): PolicyFigures {
  const kernels = RELEASES.map((release) => {
    const kernel = new Kernel({ release });
    const { idPolicy, idsSeen } = findPolicy(kernel.spawn());
    const busy = kernel.spawn();
    busy.timerCreate(1, { notify: 1 });
    return {
      kernel: release,
      idPolicy,
      idsSeen: [...idsSeen],
      elsewhere: kernel.spawn().timerCreate(1, { notify: 1 }),
    };
  });
  // A fresh child saw the running kernel's IDs from 0: the second process.
  if (live !== null) {
    const { idPolicy, idsSeen, release } = live;
    kernels.push({ kernel: `${release} (this machine)`, idPolicy, idsSeen: [...idsSeen], elsewhere: idsSeen[0] });
  }
  return { kernels };
}

/** By kernel, the CRIUs that start on it: one of each kind, and an old one. */
const CRIUS: Readonly<Record<string, readonly string[]>> = {
  '6.1': ['2.0', '3.18', '4.1', '4.2'],
  '6.18': ['4.1', '4.2'],
};
const WANTED = 3;

export interface SearchFigures {
  id: number;
  restores: ModelRestore[];
}

export async function searches(): Promise<SearchFigures> {
  const restores: ModelRestore[] = [];
  for (const [kernel, crius] of Object.entries(CRIUS)) {
    for (const criu of crius) restores.push(await restoreOnModel([WANTED], kernel, criu));
  }
  return { id: WANTED, restores };
}

const keepsNextId: Claim<PolicyFigures> = {
  id: 'S2',
  claim: 'Each process keeps a next ID, and its timers get one after the other',
  source: LETTER,
  measure: (lab) => lab.once(policies),
  judge({ kernels }) {
    const told = kernels.map(
      ({ kernel, idsSeen, elsewhere }) => `Linux ${kernel}: ${idsSeen.join(' ')}, another process ${elsewhere}`,
    );
    const text = `IDs of four creates, the first two deleted before the last. ${told.join('; ')}.`;
    const since = kernels.slice(kernels.findIndex(({ kernel }) => kernel === SINCE));
    return holdsIf(
      since.every(({ idPolicy, elsewhere }) => idPolicy === 'cyclic' && elsewhere === 0),
      text,
    );
  },
};

const searchesForIt: Claim<SearchFigures> = {
  id: 'S3',
  claim: 'CRIU gets a timer back by creating, comparing and deleting until its ID comes',
  source: LETTER,
  measure: (lab) => lab.once(searches),
  judge({ id, restores }) {
    const isSearch = ({ strategy, creates, deletes }: ModelRestore): boolean =>
      strategy === 'dance' && creates === id + 1 && deletes === id;
    const others = restores.filter((restore) => !isSearch(restore));
    const told = others.map(
      ({ criu, kernel, creates }) => `CRIU ${criu} on Linux ${kernel}, with ${counted(creates, 'create')}`,
    );
    const text =
      `To ID ${id}, ${restores.length - others.length} of ${restores.length} pairs of CRIU and kernel make ${id + 1} creates and ${id} deletes; ` +
      `otherwise only ${told.join(', ') || 'none'}.`;
    if (
      others.length === restores.length ||
      restores.some(({ outcome, asPlanned }) => outcome !== 'ok' || !asPlanned)
    ) {
      return doesNotHold(text);
    }
    if (others.length === 0) return holds(text);
    return holdsOnlyIf(
      `it is not ${others.map(({ criu, kernel }) => `CRIU ${criu} on Linux ${kernel}`).join(' or ')}, where the ID is asked for`,
      text,
    );
  },
};

export const NEXT_ID_CLAIMS: readonly Claim[] = [keepsNextId, searchesForIt];
