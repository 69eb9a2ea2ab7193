// A plan in words. Reasons and remedies are the planner's; what stands around them is here.
import { kernelKind, type Outcome, type Reason, type SpaceName } from '@idspace/restore-planner/plan';
import { count, counted, duration } from '../shell/number.ts';
import { type CheckpointSummary, openSpaces, type PlanSummary, type SomeIds } from './summary.ts';

export const SPACE_TITLES: Readonly<Record<SpaceName, string>> = {
  timers: 'timers',
  pids: 'processes',
  inotify: 'inotify watches',
  sysv: 'SysV IPC',
  pty: 'terminals',
  aio: 'AIO rings',
};

/** How it ends: a sign beside the colour, and words. */
export const ENDINGS: Readonly<Record<Outcome, { sign: string; head: string }>> = {
  ok: { sign: '✓', head: 'Will restore' },
  depends: { sign: '?', head: 'Not known yet' },
  'exceeds-limit': { sign: '✗', head: 'Will fail' },
  hangs: { sign: '∞', head: 'Will never end' },
  fails: { sign: '✗', head: 'Will fail' },
};

/** 'Linux 6.1', 'dense kernel' */
export function kernelLabel(kernel: string): string {
  return /^\d/.test(kernel) ? `Linux ${kernel}` : `${kernel} kernel`;
}

/** 'CRIU 4.2', 'a native restorer' */
export function restorerName(criu: string): string {
  return criu === 'native' ? 'a native restorer' : `CRIU ${criu}`;
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
