// The two races in handing out IDs, searched for in every order of two CPUs' steps.
import { findDuplicateId, findEndlessSearch, type RaceReport } from '@idspace/posix-timers/races';
import { type Claim, holdsIf, LETTER } from '../claim.ts';
import type { Lab } from '../lab.ts';

/** The last release before and the first one with the change of 2013; then around the two repairs. */
const RELEASES = ['3.9', '3.10', '6.4', '6.5', '6.14', '6.15'];

type Found = Pick<RaceReport, 'release' | 'present' | 'outcome' | 'states'> & { steps: number };

export interface RaceFigures {
  /** IDs of the space that stands for 2³¹. */
  ids: number;
  endlessSearch: Found[];
  duplicateId: Found[];
}

export function races(): RaceFigures {
  const endless = RELEASES.map((release) => findEndlessSearch(release));
  const duplicate = RELEASES.map((release) => findDuplicateId(release));
  return { ids: endless[0].ids, endlessSearch: endless.map(foundOf), duplicateId: duplicate.map(foundOf) };
}

function foundOf({ release, present, outcome, states, schedule }: RaceReport): Found {
  return { release, present, outcome, states, steps: schedule.length };
}

/** Whether the releases that have it are exactly these. */
function isIn(found: readonly Found[], releases: readonly string[]): boolean {
  return found.every(({ release, present }) => present === releases.includes(release));
}

function releasesOf(found: readonly Found[]): string {
  const those = found.filter(({ present }) => present).map(({ release }) => release);
  const others = found.filter(({ present }) => !present).map(({ release }) => release);
  return `in ${those.join(', ') || 'none'}, not in ${others.join(', ') || 'none'}`;
}

const measure = (lab: Lab): Promise<RaceFigures> => lab.once(races);

export const RACE_CLAIMS: readonly Claim<RaceFigures>[] = [
  {
    id: 'S18',
    claim: 'The change of 2013 brought a data race and a defect in how the search ends',
    source: LETTER,
    measure,
    judge({ ids, endlessSearch, duplicateId }) {
      const text =
        `Of all orders of two CPUs’ steps on ${ids} IDs, some make a search endless ${releasesOf(endlessSearch)}; ` +
        `some give an ID twice ${releasesOf(duplicateId)}.`;
      const [before, after] = RELEASES;
      const came = (found: readonly Found[]): boolean =>
        found.some(({ release, present }) => release === before && !present) &&
        found.some(({ release, present }) => release === after && present);
      return holdsIf(came(endlessSearch) && came(duplicateId), text);
    },
  },
  {
    id: '11',
    claim: 'A search whose start was read while the counter was negative never ends; since 6.5 a count ends it',
    source: 'D. Vyukov and T. Gleixner on a report of syzbot, April 2023; 8ce8849dd1e7',
    measure,
    judge({ ids, endlessSearch }) {
      const at = (wanted: string): Found => endlessSearch.find(({ release }) => release === wanted)!;
      const text =
        `All ${ids} IDs in use. Linux 6.4: after ${at('6.4').steps} steps ${at('6.4').outcome}. ` +
        `Linux 6.5: ${at('6.5').outcome}, in all ${at('6.5').states} states.`;
      return holdsIf(isIn(endlessSearch, ['3.10', '6.4']), text);
    },
  },
  {
    id: '12',
    claim: 'Until 6.14 a creator that is held up for a lap of the IDs shares its ID with another timer',
    source: 'E. Dumazet and T. Gleixner, changelogs of 2389c6efd3ad and 45ece9933d4a, March 2025',
    measure,
    judge({ ids, duplicateId }) {
      const at = (wanted: string): Found => duplicateId.find(({ release }) => release === wanted)!;
      const text =
        `With ${ids} IDs, Linux 6.14: after ${at('6.14').steps} steps ${at('6.14').outcome}. ` +
        `Linux 6.15: ${at('6.15').outcome}, in all ${at('6.15').states} states.`;
      return holdsIf(isIn(duplicateId, ['3.10', '6.4', '6.5', '6.14']), text);
    },
  },
];
