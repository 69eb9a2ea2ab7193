// What the rehearsal of an ID space other than timers comes to.
import type { Reason, SpaceReport } from '@idspace/restore-planner';
import { count, counted } from '../../format/number.ts';

/**
 * What is looked at.
 * - `ids`: every ID came as the plan says, or did not come where it says so
 * - `target`: false where something that is known of the target is in the way of a restore there: that is planned
 */
export interface IdCheck {
  check: 'ids' | 'target';
  /** null where it could not be looked at; `text` says why. */
  ok: boolean | null;
  text: string;
}

/** The rehearsal of one space. */
export interface SpaceRehearsal extends Omit<SpaceReport, 'missed' | 'difference'> {
  /** All of the plan was looked at, and went as planned: also where an ID does not come, and the plan says so. */
  verified: boolean;
  checks: IdCheck[];
  /** What is not known of the target or of how CRIU is called, and was taken to be free or enough; in sentences. */
  open: string[];
}

/**
 * Judges what was played.
 *
 * @param reasons Of the plan for the target, of all spaces.
 */
export function spaceRehearsal(report: SpaceReport, reasons: readonly Reason[]): SpaceRehearsal {
  const { missed, difference: _, ...rest } = report;
  const own = reasons.filter(({ space, container }) => space === report.space && container === report.container);
  const inTheWay = own.filter(({ outcome }) => outcome !== 'depends');
  const checks: IdCheck[] = report.ending === 'not-played' ? [] : [idsCheck(report)];
  const [first] = inTheWay;
  if (first !== undefined) checks.push({ check: 'target', ok: false, text: reasonText(first) });
  const open = own.filter(({ outcome, code }) => outcome === 'depends' && code !== 'not-read');
  const isUnseen = first !== undefined && missed === null && report.ending === 'as-planned';
  const unverified = isUnseen ? [...report.unverified, IN_THE_WAY] : report.unverified;
  return {
    ...rest,
    outcome: first?.outcome ?? report.outcome, // what is played may be less than what the target has
    unverified,
    verified: report.ending === 'as-planned' && unverified.length === 0,
    checks,
    open: open.map(({ text }) => text),
  };
}

const OPEN = 'which the plan leaves open';
const IN_THE_WAY = 'What is in the way on the target was not there when the IDs were asked for.';

function idsCheck(report: SpaceReport): IdCheck {
  const { restored, asks, creates, deletes, missed, difference, ending, outcome } = report;
  const made = `${count(asks)} asked for, ${count(creates)} made`;
  const calls = deletes === 0 ? made : `${made}, ${count(deletes)} of them temporary`;
  if (ending === 'stopped') return { check: 'ids', ok: null, text: `${calls}; then it was stopped` };
  if (difference !== null) return { check: 'ids', ok: false, text: `${calls}; ${difference}` };
  if (missed === null)
    return { check: 'ids', ok: true, text: `${calls}: all as planned; ${counted(restored, 'ID')} compared` };
  // Those that CRIU would delete later are still there: how many are temporary cannot be told.
  return { check: 'ids', ok: true, text: `${made}; then ${missed}, ${outcome === 'depends' ? OPEN : 'as planned'}` };
}

function reasonText({ text, words }: Reason): string {
  return words === null ? text : `${text}; CRIU will say: ${words.replaceAll('\n', '; ')}`;
}
