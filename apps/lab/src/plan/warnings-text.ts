// The warnings of a plan as text: those that matter most come first; what no image holds comes last, one time.
import type { PlanWarning, ProcessPlan, RestorePlan, WarningCode } from '@idspace/restore-planner';
import { count } from '../format/number.ts';
import { hanging, paragraph } from '../format/paragraph.ts';
import type { Screen } from '../format/screen.ts';
import { firstNames, firstOf, listed } from '../format/sentence.ts';

const MOST_IDS = 5; // named in one warning
const MOST_SHOWN = 8; // warnings in full

/** What the restore does for a warning; none for those that concern every image. Where the outcome is 'depends', it may do so. */
const EFFECTS: Readonly<Record<WarningCode, 'fails' | 'succeeds, and may be wrong' | 'may fail' | null>> = {
  'no-start': 'fails',
  'refused-images': 'fails',
  'old-images': 'fails',
  'bad-interval': 'fails',
  'bad-value': 'fails',
  'bad-itimer': 'fails',
  'bad-id': 'fails',
  'same-id': 'fails',
  'timerless-clock': 'fails',
  'bad-notify': 'fails',
  'bad-signal': 'fails',
  'dead-cpu-clock': 'fails',
  'dead-notify-thread': 'fails',
  'alarm-clock': 'fails',
  'shared-limit': 'fails',
  'sigq-assumed': 'may fail',
  'thread-cpu-clock': 'succeeds, and may be wrong',
  'wall-clock': 'succeeds, and may be wrong',
  'overrun-lost': 'succeeds, and may be wrong',
  'counter-lost': null,
  'mode-lost': null,
};

function effectOf(code: WarningCode, { outcome }: ProcessPlan): string {
  const effect = EFFECTS[code];
  return effect === 'fails' && outcome === 'depends' ? 'may fail' : (effect ?? '');
}

/** Writes what is wrong with single timers; empty if nothing is. */
export function warningsText({ processes }: RestorePlan, screen: Screen): string {
  const all = processes.flatMap((process) => tellingWarnings(process).map((warning) => ({ process, warning })));
  if (all.length === 0) return '';
  const lines = firstOf(
    alike(all),
    MOST_SHOWN,
    (one) => warningText(one, screen),
    (left) => `  … and ${count(left)} more, all in --json.\n`,
  );
  return `\nWarnings:\n${lines.join('')}`;
}

/** A warning, and the processes of which it says the same. */
interface Shared {
  processes: ProcessPlan[];
  warning: PlanWarning;
}

/** Leaves out the warnings that are true of every restore. */
export function tellingWarnings({ warnings }: ProcessPlan): PlanWarning[] {
  return warnings.filter(({ code }) => EFFECTS[code] !== null);
}

/** Says once what is the same of several processes. */
function alike(all: readonly { process: ProcessPlan; warning: PlanWarning }[]): Shared[] {
  const shared = new Map<string, Shared>();
  for (const { process, warning } of all) {
    const key = JSON.stringify([process.container, effectOf(warning.code, process), warning]);
    const known = shared.get(key);
    if (known === undefined) shared.set(key, { processes: [process], warning });
    else known.processes.push(process);
  }
  return [...shared.values()];
}

function warningText({ processes, warning: { code, ids, text } }: Shared, screen: Screen): string {
  const about = ids.length === 0 ? '' : `, ${timerNames(ids)}${processes.length > 1 ? ' of each' : ''}`;
  const head = `${code} (the restore ${effectOf(code, processes[0]!)}): ${processNames(processes)}${about}. ${text}`;
  return hanging(head, screen);
}

function processNames(processes: readonly ProcessPlan[]): string {
  if (processes.length === 1) return `process ${processes[0]!.pid}`;
  const names = processes.map(({ pid }) => String(pid));
  return `processes ${names.length > MOST_IDS ? firstNames(names, MOST_IDS) : listed(names)}`;
}

function timerNames(ids: readonly number[]): string {
  return `timer${ids.length === 1 ? '' : 's'} ${firstNames(ids.map(count), MOST_IDS)}`;
}

/** Says once what no image holds about its processes; empty where no process has timers. */
export function forgottenText({ processes }: RestorePlan, screen: Screen): string {
  const counting = processes.filter(({ warnings }) => warnings.some(({ code }) => code === 'counter-lost'));
  if (counting.length === 0) return '';
  return paragraph(
    'counter-lost, mode-lost: no image holds how far the ID counter of a process had come, or whether it was in restore mode. ' +
      `${nextIds(counting)} If a counter stood higher before the dump, deleted IDs are handed out again, and a stale copy of one means another timer.`,
    screen,
  );
}

function nextIds(counting: readonly ProcessPlan[]): string {
  const restored = counting.filter(({ outcome }) => outcome === 'ok' || outcome === 'depends');
  if (restored.length === 0) return '';
  if (restored.length > 1) return 'After this restore each goes on from the Next ID in the table, restore mode off.';
  return `After this restore process ${restored[0]!.pid} goes on from ID ${count(restored[0]!.nextId)}, restore mode off.`;
}
