// The verdict on a checkpoint: one line for the person on call, then a row for each ID space.
import {
  type Outcome,
  type Reason,
  type RestoreCost,
  type RestorePlan,
  restoreCost,
  restoreSeconds,
  SPACE_TITLES,
  SPACES,
  type SpaceName,
  type SpaceSummary,
} from '@idspace/restore-planner';
import type { Column } from '../format/exhibit.ts';
import { count, counted, duration } from '../format/number.ts';
import { outcomeMark, verdictParagraph } from '../format/outcome-mark.ts';
import { hanging, paragraph } from '../format/paragraph.ts';
import { printable } from '../format/printable.ts';
import type { Screen } from '../format/screen.ts';
import { capital, ended, firstOf, listed } from '../format/sentence.ts';
import { table } from '../format/table.ts';
import { describeIt } from './describe-it.ts';
import { notReadIn } from './not-read.ts';
import { shownTime } from './plan-cost.ts';

const MOST_SHOWN = 4; // reasons beside the first

/** What is judged and what is not, once a run. */
export const SCOPE: string = `Judges the IDs of timers, processes (PIDs, TIDs, groups, sessions), ${SPACES.slice(1)
  .map(({ name }) => SPACE_TITLES[name])
  .join(', ')}, as far as their images are there; not files, sockets, memory.`;

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
export function verdictText(plan: RestorePlan, hasTarget: boolean, screen: Screen): string {
  const spaces = spacesTable(plan, screen);
  return `${headline(plan, hasTarget, screen)}${spaces === '' ? '' : `\n${spaces}`}${leftText(plan, screen)}`;
}

/** Says how a restore ends, why, and what to do: the paragraphs before the table. @param flag What takes the file of a target. */
export function headline(plan: RestorePlan, hasTarget: boolean, screen: Screen, flag = '--on'): string {
  const notJudged = notJudgedText(plan);
  const [first, ...others] = decisiveReasons(plan, hasTarget);
  const why = first === undefined ? goodText(plan, screen, flag) : reasonLines(plan, first, others, screen);
  return `${why}${notJudged === '' ? '' : hanging(notJudged, screen)}`;
}

/** The reasons for which a restore is not said to work, the worst first; none if it is. */
export function decisiveReasons(plan: RestorePlan, hasTarget: boolean): Reason[] {
  if (plan.outcome === 'ok') return [];
  return plan.reasons.filter(
    ({ code, outcome, space }) =>
      code !== 'not-read' && (hasTarget || outcome !== 'depends' || (plan.outcome === 'depends' && space === 'timers')),
  );
}

function goodText(plan: RestorePlan, screen: Screen, flag: string): string {
  const { spaces } = plan;
  const unread = unreadSpaces(plan);
  const sure = spaces.filter(({ outcome }) => outcome === 'ok').map(titleOf);
  const open = spaces.filter(({ outcome, space }) => outcome !== 'ok' && !unread.has(space)).map(titleOf);
  if (spaces.length === 0) {
    const text = notJudgedText(plan) === '' ? 'Will restore: it has no IDs that could be lost.' : 'No timers.';
    return verdictParagraph(text, screen);
  }
  const bound = spaces.some(({ atMost }) => atMost) ? 'at most' : 'about';
  const time = open.length + unread.size === 0 ? ` in ${bound} ${duration(restoreSeconds(plan))}` : '';
  const said = [
    ...(sure.length === 0 ? [] : [`Will restore ${listed(sure)}${time}.`]),
    ...(open.length === 0 ? [] : [`Whether ${listed(open)} come back depends on the machine.`]),
  ].join(' ');
  const findOut = open.length === 0 ? '' : paragraph(`To find out: ${describeIt(flag)}.`, screen, '  ');
  return `${said === '' ? '' : verdictParagraph(said, screen)}${findOut}`;
}

/** Says which IDs are not judged, and why; empty if all are. */
function notJudgedText(plan: RestorePlan): string {
  const { ofImages, ofInput } = notReadIn(plan);
  return [
    notJudged(ofImages, 'whose images are not in the checkpoint'),
    notJudged(ofInput, 'because the input shows only timers'),
  ]
    .filter(Boolean)
    .join(' ');
}

function notJudged(spaces: readonly SpaceName[], why: string): string {
  return spaces.length === 0 ? '' : `Not judged: ${listed(spaces.map((name) => SPACE_TITLES[name]))}, ${why}.`;
}

function unreadSpaces(plan: RestorePlan): Set<SpaceName> {
  return new Set(notReadIn(plan).ofImages);
}

function titleOf({ space }: SpaceSummary): string {
  return SPACE_TITLES[space];
}

function reasonLines({ outcome, criu }: RestorePlan, first: Reason, others: readonly Reason[], screen: Screen): string {
  const said = new Set([first.remedy]);
  const also = (reason: Reason): string => {
    const isSaid = said.has(reason.remedy); // the same way out is said once
    said.add(reason.remedy);
    const why = hanging(printable(`Also: ${ended(`${inContainer(reason)}${reason.text}`)}`), screen);
    return isSaid ? why : why + remedyText(reason, screen);
  };
  const rest = firstOf(others, MOST_SHOWN, also, moreReasons);
  return [reasonText(outcome, first, criu, screen), ...rest].join('');
}

/** Stands for the reasons that are not shown. */
export function moreReasons(left: number): string {
  return `  … and ${counted(left, 'other reason')}, all in --json.\n`;
}

/** Says how it ends, why, and what CRIU prints then; below that what to do. */
export function reasonText(outcome: RestorePlan['outcome'], reason: Reason, criu: string, screen: Screen): string {
  const why = printable(`${HEADS[outcome]}: ${whyText(reason, criu)}`);
  return verdictParagraph(why, screen) + remedyText(reason, screen, '  ');
}

/** Says why, and what CRIU prints then. */
export function whyText(reason: Reason, criu: string): string {
  const who = criu === 'native' ? 'it' : 'CRIU';
  const words = reason.words === null ? '' : `; ${who} will say: ${reason.words.split('\n')[0]}`;
  return ended(`${inContainer(reason)}${reason.text}${words}`);
}

/** What to do, in a line of its own. */
export function remedyText(reason: Reason, screen: Screen, indent = '    '): string {
  return paragraph(remedyOf(reason), screen, indent, `${indent}  `);
}

/** Says what to do: 'Way out: give CRIU --shell-job.' */
export function remedyOf(reason: Reason): string {
  return printable(ended(`${tellsHow(reason)}: ${reason.remedy}`));
}

/** What the remedy is for: that of what is not known says how to know it. */
function tellsHow({ code }: Reason): string {
  return code.endsWith('-unknown') || code === 'not-read' ? 'To find out' : 'Way out';
}

/** Says which container a reason is of, to stand before it. */
export function inContainer({ container }: Reason): string {
  return container === undefined ? '' : `in ${container}, `;
}

const COLUMNS: readonly Column[] = [
  { head: 'IDs of', align: 'left' },
  { head: 'Outcome', align: 'left', mark: outcomeMark },
  { head: 'Asks' },
  { head: 'Creates' },
  { head: 'Temporary' },
  { head: 'Time' },
];

function spacesTable(plan: RestorePlan, screen: Screen): string {
  const { spaces } = plan;
  const unread = unreadSpaces(plan);
  const judged = spaces.filter(({ space }) => !unread.has(space));
  if (judged.length === 0) return '';
  const rows = judged.map((one) => [SPACE_TITLES[one.space], one.outcome, ...costCells(one, one.outcome)]);
  return table(
    COLUMNS,
    judged.length < 2 ? rows : [...rows, ['together', '', ...costCells(restoreCost(plan), plan.outcome)]],
    screen,
  );
}

function costCells({ asks, creates, deletes, ...cost }: RestoreCost, outcome: Outcome): string[] {
  const most = cost.atMost ? '≤ ' : '';
  return [count(asks), `${most}${count(creates)}`, count(deletes), shownTime({ ...cost, outcome })];
}

/** What is different after a restore that succeeds. */
function leftText({ spaces, outcome }: RestorePlan, screen: Screen): string {
  const left = spaces.filter((space) => space.space !== 'timers').flatMap((space) => space.left);
  if (left.length === 0 || (outcome !== 'ok' && outcome !== 'depends')) return '';
  return `\nAfterwards:\n${left.map((text) => hanging(ended(capital(text)), screen)).join('')}`;
}
