// From what is wrong with a process's timers to the warnings of its plan.
import type { CheckpointProcess, CheckpointTimer } from '../../../types.ts';
import type { Ended } from './ended.ts';
import type { Findings } from './findings.ts';
import { type PlanWarning, WARNING_CODES, type WarningCode } from './plan-warning.ts';
import { counterLostText, MODE_LOST_TEXT, sharedLimitText, sigqText, stopText, timersText } from './texts.ts';
import { isItimer } from './times.ts';

const LITTLE_ROOM = 100; // signals that a user is easily charged with on a busy machine

/** Writes the warnings of a process, worst first. */
export function warningsOf(process: CheckpointProcess, findings: Findings, ended: Ended): PlanWarning[] {
  const texts = new Map<WarningCode, string>([
    ...processTexts(process, ended),
    ...[...findings.concerned].map(([code, timers]) => [code, timersText(code, timers, process, ended)] as const),
  ]);
  const idsOf = (code: WarningCode): number[] => distinct(findings.concerned.get(code) ?? []);
  return WARNING_CODES.flatMap((code) => {
    const text = texts.get(code);
    return text === undefined ? [] : [{ code, ids: idsOf(code), text }];
  });
}

/** What is about the process as a whole. */
function processTexts(process: CheckpointProcess, ended: Ended): (readonly [WarningCode, string])[] {
  const { stop, room } = ended;
  const { timers, itimers = [] } = process;
  const hasTimers = timers.length > 0;
  const isStopped = stop !== null && ['no-start', 'refused-images', 'old-images'].includes(stop.code);
  const isShared = room.makers > 1 && (ended.outcome === 'exceeds-limit' || room.outcome !== 'ok');
  const isNear = !room.isBaseKnown && room.limit - room.all < LITTLE_ROOM;
  const isSettled = isShared && ended.outcome === 'exceeds-limit'; // whatever is charged before
  return [
    ...(isStopped ? [[stop.code, stopText(stop)] as const] : []),
    ...(itimers.every(isItimer) ? [] : [['bad-itimer', stopText({ code: 'bad-itimer', lines: [] })] as const]),
    ...(hasTimers && isShared ? [['shared-limit', sharedLimitText(process, ended)] as const] : []),
    ...(hasTimers && isNear && !isSettled ? [['sigq-assumed', sigqText(room)] as const] : []),
    ...(hasTimers ? [['counter-lost', counterLostText(ended)] as const, ['mode-lost', MODE_LOST_TEXT] as const] : []),
  ];
}

function distinct(timers: readonly CheckpointTimer[]): number[] {
  return [...new Set(timers.map(({ id }) => id))];
}
