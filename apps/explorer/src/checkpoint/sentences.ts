// A plan in words. Reasons and remedies are the planner's; what stands around them is here.
import { kernelKind, type Outcome, type Reason, SPACE_TITLES, type Strategy } from '@idspace/restore-planner/plan';
import { kernelName } from '../engine/kernel-names.ts';
import { count, counted, duration } from '../shell/number.ts';
import { type CheckpointSummary, openSpaces, type PlanSummary, type SomeIds } from './summary.ts';
import { labelOf } from './target-form.ts';

/** How it ends: a sign beside the colour, and words. */
export const ENDINGS: Readonly<Record<Outcome, { sign: string; head: string; word: string }>> = {
  ok: { sign: '✓', head: 'Will restore', word: 'restores' },
  depends: { sign: '?', head: 'Not known yet', word: 'not known yet' },
  'exceeds-limit': { sign: '✗', head: 'Will fail', word: 'hits a limit' },
  hangs: { sign: '∞', head: 'Will never end', word: 'never ends' },
  fails: { sign: '✗', head: 'Will fail', word: 'fails' },
};

/** How IDs come back, by the planner's strategy. */
export const WAYS: Readonly<Record<Strategy, string>> = {
  'restore-ids': 'asks for each ID',
  'create-at-id': 'a call with an ID',
  cursor: 'sets the next ID',
  dance: 'dances',
  fill: 'fills up',
  none: 'none',
};

/** 'Linux 6.1', 'a kernel as proposed: lowest free ID' */
export function kernelLabel(kernel: string): string {
  const name = kernelName(kernel);
  return name.startsWith('proposed') ? `a kernel as ${name}` : name;
}

/** 'CRIU 4.2', 'the best restorer' */
export function restorerName(criu: string): string {
  return criu === 'native' ? 'the best restorer' : `CRIU ${criu}`;
}

/** Names of the command line and of its files, and what the page has in their place. */
const HERE: readonly (readonly [RegExp, string])[] = [
  [/, and give them with --on/g, `, and fill them in at “${labelOf('taken')}”`],
  [/ and give it as ptysTaken/g, ` and fill it in at “${labelOf('ptysTaken')}”`],
  [/say "shellJob": true and "criuSid" in the target/g, `fill in “${labelOf('shellJob')}” and “${labelOf('criuSid')}”`],
  [/ and put them into the target/g, ` and fill them in at “${labelOf('joinedIpc')}”`],
];

/** Writes what the planner says for a reader of the page: fields by their labels, and digits in groups. */
export function pageWords(text: string): string {
  let words = text.replaceAll('`', '');
  for (const [pattern, label] of HERE) words = words.replace(pattern, label);
  return words.replace(/(?<![\w.,/:=#-])\d{4,}(?![\w/:]|[.,-]\d)/g, (digits) => count(Number(digits)));
}

/** What a kernel does when a timer is created, in some words; undefined for one that is not known. */
export function kernelWords(kernel: string): string | undefined {
  try {
    return kernelKind(kernel).nextId;
  } catch {
    return undefined;
  }
}

/** 'Will restore timers and SysV IPC in about 32 min.', and what is left open, if anything. */
export function verdictText(plan: PlanSummary): { head: string; rest: string } {
  const { outcome, spaces, unread, cost } = plan;
  const { head } = ENDINGS[outcome];
  const sure = spaces.filter((space) => space.outcome === 'ok').map(({ space }) => SPACE_TITLES[space]);
  if (outcome === 'depends' && sure.length > 0) return { head: `${head}.`, rest: `Will restore ${words(sure)}.` };
  if (outcome !== 'ok') return { head: `${head}.`, rest: '' };
  const open = openSpaces(plan).map((space) => SPACE_TITLES[space]);
  const summed = new Set(spaces.map(({ space }) => space));
  const titles = (isSummed: boolean): string[] =>
    unread.filter((space) => summed.has(space) === isSummed).map((space) => SPACE_TITLES[space]);
  const [images, unseen] = [titles(true), titles(false)];
  const time =
    open.length + images.length === 0 ? ` in ${cost.atMost ? 'at most' : 'about'} ${duration(cost.seconds)}` : '';
  const rest = [
    ...(open.length === 0
      ? []
      : [`Whether ${words(open)} can be restored depends on the machine: fill in what you know of it.`]),
    ...(images.length === 0 ? [] : [`Not judged: ${words(images)}, because their images are not in the checkpoint.`]),
    ...(unseen.length === 0 ? [] : [`Not judged: ${words(unseen)}, because the input shows only timers.`]),
  ].join(' ');
  if (spaces.length === 0)
    return { head: unseen.length === 0 ? `${head}: it has no IDs that could be lost.` : 'No timers.', rest };
  return sure.length === 0
    ? { head: 'Depends on what is not known.', rest }
    : { head: `${head} ${words(sure)}${time}.`, rest };
}

/** What stands before a remedy. */
export function remedyHead({ code }: Reason): string {
  return code.endsWith('-unknown') || code === 'not-read' ? 'To find out' : 'Way out';
}

/** A sentence that begins with a capital and ends with a full stop. */
export function sentence(text: string): string {
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}

/** 'nginx-1 of default/web: 2 processes, 12 timers, dumped by CRIU 4.2 on Linux 6.18' */
export function originText(checkpoint: CheckpointSummary): string {
  const { containers, processes, timers, criuVersion, kernelRelease, isComplete } = checkpoint;
  const names = containers.map(({ name, id, pod }) => [name ?? id, pod && `of ${pod}`].filter(Boolean).join(' '));
  const by = [criuVersion && `by CRIU ${criuVersion}`, kernelRelease && `on Linux ${kernelRelease}`].filter(Boolean);
  return [
    names.length === 0 ? '' : `${words(names)}: `,
    `${counted(processes, 'process', 'processes')}, ${counted(timers, 'timer')}`,
    by.length === 0 ? '' : `, dumped ${by.join(' ')}`,
    isComplete ? '' : '. This input tells of one process and its timers alone',
    '.',
  ].join('');
}

/** '1,000,000 and 2,000,000', '60,000, from 0 to 119,998', 'none' */
export function idsText({ count: all, first, last }: SomeIds): string {
  if (all === 0) return 'none';
  return all <= first.length ? words(first.map(count)) : `${count(all)}, from ${count(first[0]!)} to ${count(last!)}`;
}

/** 'a', 'a and b', 'a, b and c' */
export function words(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}
