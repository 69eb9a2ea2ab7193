// How the machine hands out the IDs beside timers, in words.
import type { Cost, SpaceProbe } from '@idspace/live-kernel';
import { duration } from '../format/number.ts';
import { paragraph } from '../format/paragraph.ts';
import type { Screen } from '../format/screen.ts';
import { row } from './row.ts';

/** A space as `probe --json` shows it: timers, too. */
export interface ShownSpace extends Omit<SpaceProbe, 'space'> {
  readonly space: SpaceProbe['space'] | 'timers';
}

const NAMES: Readonly<Record<ShownSpace['space'], string>> = {
  timers: 'Timers',
  pids: 'PIDs',
  inotify: 'Watch descriptors',
  sysv: 'SysV IDs',
  pty: 'Terminals',
  aio: 'AIO rings',
};
const POLICIES: Readonly<Record<NonNullable<ShownSpace['policy']>, string>> = {
  cyclic: 'the next one, and after the highest the lowest free one',
  lowest: 'the lowest free one',
  'slot-sequence': 'the next slot of a circle, and a number that grows with each round',
  'must-fit': 'no IDs, but a restored ring must have the size that it had',
  other: 'none of the ways known',
};
const ASKS = new Map<boolean | null, string>([
  [true, ' A given one can be asked for.'],
  [false, ' A given one cannot be asked for.'],
  [null, ''],
]);

/** Tells of all spaces, and warns where the samples of a cost spread. */
export function spacesText(spaces: readonly ShownSpace[], screen: Screen): string {
  const noisy = spaces.filter(({ costs }) => costs.some(({ isNoisy }) => isNoisy));
  const warning =
    noisy.length === 0
      ? ''
      : `\n${paragraph(
          `Do not trust the costs of ${noisy.map(({ space }) => NAMES[space]).join(', ')}: their samples spread by more than half, or others had the CPU. ` +
            'Costs are wall time, so load makes them larger. This machine has other work to do, or few CPUs of its own; measure again ' +
            'when it is idle. The minimum is least disturbed.',
          screen,
        )}`;
  return [
    `\n${paragraph('Each space: how IDs are handed out, then min / median / 90th percentile of a cost', screen)}\n`,
    ...spaces.flatMap((space) => spaceRows(space, screen)),
    warning,
  ].join('');
}

function spaceRows({ space, policy, seen, canAsk, costs, unknown }: ShownSpace, screen: Screen): string[] {
  const how = policy === null ? 'not known' : POLICIES[policy];
  const shown = seen === null ? '' : ` (${seen})`;
  const missing = unknown === null ? '' : ` ${policy === null ? 'Why: ' : ''}${unknown}`;
  const isNumbered = policy !== null && policy !== 'must-fit' ? ASKS.get(canAsk)! : '';
  return [
    row(NAMES[space], `${how}${shown}.${isNumbered}${missing}`, screen),
    ...costs.map((cost) => row('', costText(cost), screen)),
  ];
}

function costText({ what, min, median, p90, isNoisy }: Cost): string {
  const times = [min, median, p90].map((ns) => duration(ns / 1e9)).join(' / ');
  return `${what}: ${times}${isNoisy ? ' (noisy)' : ''}`;
}
