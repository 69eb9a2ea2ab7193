// The lanes of the race: four ways to give a timer its ID back, each on the kernel that it needs.
import type { ProcessPlan } from '@idspace/restore-planner/plan';
import { planOf, USUAL_LIMIT } from './restore.ts';

/** A way to restore. */
export interface Lane {
  /** One word; also its class in the page. */
  readonly name: 'dance' | 'fill' | 'cursor' | 'ask';
  readonly title: string;
  /** How it comes to the ID, in one sentence. */
  readonly how: string;
  /** Where it runs, as shown. */
  readonly where: string;
  /** As for planRestore. */
  readonly kernel: string;
  readonly criu: string;
}

/** What the dance runs on. */
export type DanceOn = 'next' | 'dense';

const DANCE: Readonly<Record<DanceOn, Pick<Lane, 'where' | 'kernel' | 'criu'>>> = {
  next: { where: 'CRIU 4.1 on Linux 6.14, which hands out the next number', kernel: '6.14', criu: '4.1' },
  dense: {
    where: 'CRIU 3.18 on the proposed kernel that hands out the lowest free number',
    kernel: 'dense',
    criu: '3.18',
  },
};

/** The lanes, slowest first. */
export function lanes(danceOn: DanceOn): readonly Lane[] {
  return [
    {
      name: 'dance',
      title: 'Dance',
      how: 'Create a timer. If its ID is not the right one, delete it and try again.',
      ...DANCE[danceOn],
    },
    {
      name: 'fill',
      title: 'Fill',
      how: 'Create timers and keep them all, until the ID comes. Then delete those that are too many.',
      where: 'a patched restorer on the proposed kernel that hands out the lowest free number',
      kernel: 'dense',
      criu: 'native',
    },
    {
      name: 'cursor',
      title: 'Cursor',
      how: 'Tell the kernel where to look for the next free ID, then create.',
      where: 'a patched restorer on a kernel with a setting for the next ID, proposed in 2023',
      kernel: 'cursor-sysctl',
      criu: 'native',
    },
    {
      name: 'ask',
      title: 'Ask',
      how: 'Switch restore mode on, and create each timer with the ID that it must have.',
      where: 'CRIU 4.2 on Linux 6.15 or later',
      kernel: '6.18',
      criu: '4.2',
    },
  ];
}

/** Plans what a lane does. @param limit Timers that the user may have. */
export function lanePlan({ kernel, criu }: Lane, ids: readonly number[], limit: number = USUAL_LIMIT): ProcessPlan {
  return planOf(ids, { kernel, criu, sigpending: limit });
}
