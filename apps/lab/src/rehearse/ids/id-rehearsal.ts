// What the rehearsal of an ID space other than timers comes to.
import type { Reason, SpaceReport } from '@idspace/restore-planner';
import { count, counted } from '../../format/number.ts';

/**
 * What is looked at.
 * - `ids`: every ID came as the plan says, or did not come where it says so
 * - `target`: nothing that is known of the target is in the way of a restore there
 */
export interface IdCheck {
  check: 'ids' | 'target';
  /** null where it could not be looked at; `text` says why. */
  ok: boolean | null;
  text: string;
}

/** The rehearsal of one space. */
export interface SpaceRehearsal extends Omit<SpaceReport, 'missed' | 'difference'> {
  /** Every ID came, all of the plan was looked at, and nothing that is known of the target is in the way. */
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
  const { missed: _, difference: __, ...rest } = report;
  const own = reasons.filter(({ space, container }) => space === report.space && container === report.container);
  const inTheWay = own.filter(({ outcome }) => outcome !== 'depends');
  const checks: IdCheck[] = report.ending === 'not-played' ? [] : [idsCheck(report)];
  const [first] = inTheWay;
  if (first !== undefined) checks.push({ check: 'target', ok: false, text: reasonText(first) });
  const open = own.filter(({ outcome, code }) => outcome === 'depends' && code !== 'not-read');
  const isComplete = report.restored === report.ids && report.unverified.length === 0;
  return {
    ...rest,
    verified: report.ending === 'as-planned' && isComplete && inTheWay.length === 0,
    checks,
    open: open.map(({ text }) => text),
  };
}

function idsCheck(report: SpaceReport): IdCheck {
  const { restored, asks, creates, deletes, missed, difference, ending } = report;
  const calls = `${count(asks)} asked for, ${count(creates)} made, ${count(deletes)} of them temporary`;
  if (ending === 'stopped') return { check: 'ids', ok: null, text: `${calls}; then it was stopped` };
  if (difference !== null) return { check: 'ids', ok: false, text: `${calls}; ${difference}` };
  if (missed === null)
    return { check: 'ids', ok: true, text: `${calls}: all as planned; ${counted(restored, 'ID')} compared` };
  return { check: 'ids', ok: true, text: `${calls}; then ${missed}, as planned` };
}

function reasonText({ text, words }: Reason): string {
  return words === null ? text : `${text}; CRIU will say: ${words.replaceAll('\n', '; ')}`;
}
