// What will fail, or succeed and be wrong, in one checkpoint: a paragraph for each.
import { type CheckpointProcess, type ProcessPlan, SPACE_TITLES } from '@idspace/restore-planner';
import { kernelLabel, restorerName } from '../../format/kernel-name.ts';
import { count, counted, duration } from '../../format/number.ts';
import { line, paragraph } from '../../format/paragraph.ts';
import { printable } from '../../format/printable.ts';
import type { Screen } from '../../format/screen.ts';
import { firstOf, listed } from '../../format/sentence.ts';
import { describeIt } from '../describe-it.ts';
import type { Planned } from '../fleet.ts';
import { originText } from '../origin-text.ts';
import { readProcess } from '../plan-reading.ts';
import { reasonText } from '../verdict-text.ts';
import { tellingWarnings } from '../warnings-text.ts';

const LONGEST_NAME = 80; // of a container, which can be the name of a folder
const SLOW = 1; // seconds from which a restore of timers is worth a word

/** What becomes of a process, in a word. */
// biome-ignore format: what belongs together stands in a row
const ENDS: Readonly<Record<ProcessPlan['outcome'], string>> = {
  ok: 'restores', depends: 'may fail', 'exceeds-limit': 'fails', hangs: 'hangs', fails: 'fails',
};

/**
 * Says of which container and process the timers and other IDs will not come back, and why.
 *
 * @param hasTarget Whether a target was given: what depends on it is a reason only then.
 */
export function failureText({ path, checkpoint, plan }: Planned, hasTarget: boolean, screen: Screen): string {
  const origin = originText(checkpoint);
  const findings = plan.processes.flatMap((process, index) => {
    const who = whoIs(checkpoint.processes[index]!, checkpoint.containers?.[0]?.name);
    return [...failures(process, who), ...wrongs(process, who)].map((text) =>
      text.endsWith('\n') ? text : paragraph(text, screen),
    );
  });
  return [
    line(`${printable(path)}: ${restorerName(plan.criu)} on ${kernelLabel(plan.kernel)}`, screen),
    origin === '' ? '' : line(origin, screen),
    '\n',
    ...findings,
    ...otherFailures(plan, hasTarget, screen),
    paragraph([summary(plan), othersSummary(plan, hasTarget)].filter(Boolean).join(' '), screen),
  ].join('');

  function failures(process: ProcessPlan, who: string): string[] {
    if (process.outcome === 'ok') {
      return process.seconds > SLOW ? [`${who} takes long. ${readProcess(plan, process)}`] : [];
    }
    const printed = (process.error ?? '').split('\n').filter(Boolean);
    return [
      `${who} ${ENDS[process.outcome]}. ${readProcess(plan, process)}`,
      ...printed.map((said) => line(said, screen, '    ')),
    ];
  }
}

function whoIs({ container, pid }: CheckpointProcess, only: string | undefined): string {
  const name = container ?? only;
  return name === undefined ? `Process ${pid}` : `Container ${printable(name, LONGEST_NAME)}, process ${pid}`;
}

/** Restores that succeed and are wrong all the same. */
function wrongs(process: ProcessPlan, who: string): string[] {
  const isOk = process.outcome === 'ok';
  if (!isOk && process.outcome !== 'depends') return [];
  const start = `${who} ${isOk ? 'restores, but' : 'may fail:'}`;
  return tellingWarnings(process).map(({ code, text, ids }) => `${start} ${code}${which(ids)}: ${text}`);
}

const MOST_OTHERS = 8; // reasons of other IDs

/** Why other IDs than those of timers do not come back. */
function otherFailures({ reasons, criu }: Planned['plan'], hasTarget: boolean, screen: Screen): string[] {
  const telling = reasons.filter(({ space, outcome }) => space !== 'timers' && (hasTarget || outcome !== 'depends'));
  return firstOf(
    telling,
    MOST_OTHERS,
    (reason) => reasonText(reason.outcome, reason, criu, screen),
    (left) => `… and ${counted(left, 'other reason')}.\n`,
  );
}

/** How the other IDs get on, where it is not said above; without a target, which of them depend on it. */
function othersSummary({ spaces }: Planned['plan'], hasTarget: boolean): string {
  const others = spaces.filter(({ space }) => space !== 'timers');
  const titles = (outcome: string): string[] =>
    others.filter((one) => one.outcome === outcome).map(({ space }) => SPACE_TITLES[space]);
  const [restored, open] = [titles('ok'), hasTarget ? [] : titles('depends')];
  return [
    restored.length === 0 ? '' : `The IDs of ${listed(restored)} come back.`,
    open.length === 0
      ? ''
      : `Whether those of ${listed(open)} do depends on the machine; to find out, ${describeIt()}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

const MOST_IDS = 5; // shown one by one

function which(ids: readonly number[]): string {
  if (ids.length === 0) return '';
  const shown = ids.slice(0, MOST_IDS).map(count).join(', ');
  return ` (${ids.length === 1 ? 'timer' : 'timers'} ${shown}${ids.length > MOST_IDS ? ', …' : ''})`;
}

function summary({ processes, totals }: Planned['plan']): string {
  const withTimers = processes.filter(({ timers }) => timers.length > 0);
  if (withTimers.length === 0) return 'No process has POSIX timers.';
  const restored = withTimers.filter(({ outcome }) => outcome === 'ok' || outcome === 'depends');
  const of = `${count(restored.length)} of ${counted(withTimers.length, 'process', 'processes')} with timers`;
  const time = restored.reduce((sum, { seconds }) => sum + seconds, 0);
  if (withTimers.length === 1 && restored.length === 0) return 'No timers come back.';
  if (restored.length === 0)
    return `None of ${counted(withTimers.length, 'process', 'processes')} with timers gets them back.`;
  const isOpen = totals.outcome === 'depends';
  const end = totals.outcome === 'ok' ? '.' : isOpen ? ', if the target lets them.' : ', and so the restore fails.';
  return `${of} get${restored.length === 1 ? 's' : ''} them back, in ${duration(time, 2)}${end}`;
}
