// The verdict on a checkpoint: one line for the person on call, then a row for each ID space.
import { type Reason, type RestorePlan, SPACES, type SpaceName, type SpaceSummary } from '@idspace/restore-planner';
import type { Column } from '../format/exhibit.ts';
import { count, counted, duration } from '../format/number.ts';
import { paragraph } from '../format/paragraph.ts';
import { printable } from '../format/printable.ts';
import { table } from '../format/table.ts';
import { restoreSeconds } from './restore-seconds.ts';

const MOST_SHOWN = 4; // reasons beside the first

const TITLES: Readonly<Record<SpaceName, string>> = {
  timers: 'timers',
  pids: 'processes',
  inotify: 'inotify watches',
  sysv: 'SysV IPC',
  pty: 'terminals',
  aio: 'AIO rings',
};

/** What is judged and what is not, once a run. */
export const SCOPE: string = paragraph(
  `Judges the IDs of timers, processes (PIDs, TIDs, groups, sessions), ${SPACES.slice(1)
    .map(({ name }) => TITLES[name])
    .join(', ')}; not files, sockets, memory.`,
);

/** What a space is called in a table. */
export function spaceTitle(name: SpaceName): string {
  return TITLES[name];
}

/** How sure it is that the restore fails, at the head of the first line. */
const HEADS: Readonly<Record<RestorePlan['outcome'], string>> = {
  ok: 'Will restore',
  depends: 'May fail',
  'exceeds-limit': 'Will fail',
  hangs: 'Will never end',
  fails: 'Will fail',
};

/**
 * Says how a restore ends, why, and what to do.
 *
 * @param hasTarget Whether a target was given: what depends on it is a reason only then.
 */
export function verdictText(plan: RestorePlan, hasTarget: boolean): string {
  const decisive = plan.reasons.filter(
    ({ outcome, space }) => hasTarget || outcome !== 'depends' || (plan.outcome === 'depends' && space === 'timers'),
  );
  const [first, ...others] = decisive;
  const isGood = first === undefined || plan.outcome === 'ok';
  const lines = isGood ? paragraph(goodText(plan, hasTarget)) : reasonLines(plan, first, others);
  return `${lines}\n${spacesTable(plan)}${leftText(plan)}`;
}

function goodText(plan: RestorePlan, hasTarget: boolean): string {
  const { spaces, reasons } = plan;
  const unread = unreadSpaces(reasons);
  const sure = spaces.filter(({ outcome }) => outcome === 'ok').map(titleOf);
  const open = spaces.filter(({ outcome, space }) => outcome !== 'ok' && !unread.has(space)).map(titleOf);
  if (spaces.length === 0) return 'Will restore: it has no IDs that could be lost.';
  const time = open.length + unread.size === 0 ? ` in about ${duration(restoreSeconds(plan))}` : '';
  return [
    sure.length === 0 ? '' : `Will restore ${listed(sure)}${time}.`,
    open.length === 0 || hasTarget ? '' : `Depends on the target, which --on tells: ${listed(open)}.`,
    unread.size === 0
      ? ''
      : `Not judged, as their images are missing: ${listed([...unread].map((name) => TITLES[name]))}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

function unreadSpaces(reasons: readonly Reason[]): Set<SpaceName> {
  return new Set(reasons.filter(({ code }) => code === 'not-read').map(({ space }) => space));
}

function titleOf({ space }: SpaceSummary): string {
  return TITLES[space];
}

function reasonLines({ outcome, criu }: RestorePlan, first: Reason, others: readonly Reason[]): string {
  const who = criu === 'native' ? 'it' : 'CRIU';
  const words = first.words === null ? '' : `; ${who} will say: ${first.words.split('\n')[0]}`;
  const way = first.outcome === 'depends' ? 'To find out' : 'Way out';
  const head = `${HEADS[outcome]}: ${inContainer(first)}${first.text}${words}. ${way}: ${first.remedy}.`;
  const said = new Set([first.remedy]);
  const shown = others.slice(0, MOST_SHOWN).map((reason) => {
    const remedy = said.has(reason.remedy) ? '' : ` ${capital(reason.remedy)}.`; // the same way out is said once
    said.add(reason.remedy);
    return hanging(printable(`Also: ${inContainer(reason)}${reason.text}.${remedy}`));
  });
  const left = others.length - shown.length;
  return [
    paragraph(printable(head)),
    ...shown,
    left > 0 ? `  … and ${counted(left, 'other reason')}, all in --json.\n` : '',
  ].join('');
}

const WIDTH = 96;

/** A paragraph that stands to the right, its later lines more so. */
function hanging(text: string): string {
  const lines = paragraph(text, WIDTH).trimEnd().split('\n');
  return lines.map((line, index) => `${index === 0 ? '  ' : '    '}${line}\n`).join('');
}

function inContainer({ container }: Reason): string {
  return container === undefined ? '' : `in ${container}, `;
}

const COLUMNS: readonly Column[] = [
  { head: 'IDs of', align: 'left' },
  { head: 'Outcome', align: 'left' },
  { head: 'Asks' },
  { head: 'Creates' },
  { head: 'Temporary' },
  { head: 'Time' },
];

function spacesTable({ spaces, reasons }: RestorePlan): string {
  const unread = unreadSpaces(reasons);
  const judged = spaces.filter(({ space }) => !unread.has(space));
  if (judged.length === 0) return '';
  return table(
    COLUMNS,
    judged.map(({ space, outcome, asks, creates, deletes, seconds, atMost }) => [
      TITLES[space],
      outcome,
      count(asks),
      `${atMost ? '≤ ' : ''}${count(creates)}`,
      count(deletes),
      outcome === 'hangs' ? '∞' : `${atMost ? '≤ ' : ''}${duration(seconds)}`,
    ]),
  );
}

/** What is different after a restore that succeeds. */
function leftText({ spaces, outcome }: RestorePlan): string {
  const left = spaces.filter((space) => space.space !== 'timers').flatMap((space) => space.left);
  if (left.length === 0 || (outcome !== 'ok' && outcome !== 'depends')) return '';
  return `\nAfterwards:\n${left.map((text) => hanging(`${capital(text)}.`)).join('')}`;
}

function listed(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function capital(text: string): string {
  return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}`;
}
