// A rehearsal as text.

import type { RestorePlan } from '@idspace/restore-planner';
import { kernelName } from '../format/kernel-name.ts';
import { count, counted, duration } from '../format/number.ts';
import { line, paragraph } from '../format/paragraph.ts';
import { printable } from '../format/printable.ts';
import { type Screen, type Tone, toned } from '../format/screen.ts';
import { decisiveReasons, headline } from '../plan/verdict-text.ts';
import type { IdCheck, SpaceRehearsal } from './ids/id-rehearsal.ts';
import type { Check, CheckName, ProcessRehearsal, Rehearsal } from './rehearsal.ts';
import { isFine, spaceName, verdict } from './verdict.ts';

const MOST_PROCESSES = 8; // shown in full, where all went well
const NAMES: Readonly<Record<CheckName | IdCheck['check'], string>> = {
  ids: 'IDs',
  target: 'target',
  calls: 'calls',
  listing: 'listing',
  settings: 'settings',
  charges: 'charges',
  'next-id': 'next ID',
  'clean-up': 'clean-up',
  sigevents: 'sigevents',
};
const MARKS = new Map<boolean | null, string>([
  [true, '✓'],
  [false, '✗'],
  [null, '–'],
]);
const TONES: Readonly<Record<string, Tone>> = { '✓': 'green', '✗': 'red', '!': 'yellow' };
const IN_THE_WAY = '!'; // on the target: the plan says so

/**
 * Writes a rehearsal out.
 *
 * @param source The checkpoint as the user named it.
 * @param plan What is rehearsed.
 * @param hasTarget Whether the plan is for a machine of which something is known.
 */
export function rehearsalText(
  source: string,
  rehearsal: Rehearsal,
  plan: RestorePlan,
  hasTarget: boolean,
  screen: Screen,
): string {
  const { on, kernel, criu, processes } = rehearsal;
  const where = on === 'live' ? `the running kernel (Linux ${kernel})` : `a model of ${kernelName(kernel)}`;
  const shown = processes.filter(
    (process, index) => index < MOST_PROCESSES || !isFine(process) || process.ending === 'stopped',
  );
  const left = processes.length - shown.length;
  return [
    paragraph(
      `${printable(source)}: a rehearsal on ${where} of what CRIU ${criu} would do. No container is restored.`,
      screen,
    ),
    `\n${headline(plan, hasTarget, screen, '--target')}`,
    ...shown.map((process) => `\n${processText(process, screen)}`),
    left > 0 ? `\n… and ${counted(left, 'process', 'processes')} more, all as planned.\n` : '',
    ...rehearsal.spaces.map((space) => `\n${spaceText(space, screen)}`),
    `\n${paragraph(printable(verdict(rehearsal, decisiveReasons(plan, hasTarget)[0])), screen)}`,
  ].join('');
}

function processText(process: ProcessRehearsal, screen: Screen): string {
  const { pid, timers, outcome, error, substitutions, checks, unverified } = process;
  const printed = error === null ? '' : ` (CRIU prints: ${error.replaceAll('\n', '; ')})`;
  return [
    line(`process ${pid}: ${counted(timers, 'timer')}, planned: ${outcome}${printed}`, screen),
    ...substitutions.map(({ text }) => entry('~', 'substitute', text, screen)),
    ...checks.map((check) => checkText(check, screen)),
    ...unverified.map((text) => entry('–', 'not seen', text, screen)),
    line(progressOf(process), screen, '  '),
  ].join('');
}

function spaceText(space: SpaceRehearsal, screen: Screen): string {
  const { outcome, ids, restored, checks, open, unverified, ending, seconds } = space;
  const where = space.container === undefined ? '' : ` of ${printable(space.container)}`;
  const came = ending === 'not-played' ? 'not played' : `${count(restored)} of ${counted(ids, 'ID')} came`;
  return [
    line(`${spaceName(space)}${where}: ${counted(ids, 'ID')}, planned: ${outcome}`, screen),
    ...checks.map((check) => checkText(check, screen)),
    ...open.map((text) => entry('~', 'open', text, screen)),
    ...unverified.map((text) => entry('–', 'not seen', text, screen)),
    line(`${came}, played in ${duration(seconds)}`, screen, '  '),
  ].join('');
}

function checkText({ check, ok, text }: Check | IdCheck, screen: Screen): string {
  const mark = check === 'target' && ok === false ? IN_THE_WAY : MARKS.get(ok)!;
  return entry(mark, NAMES[check], text, screen);
}

/** A line, or some: a mark, what it is of, and what was seen. */
function entry(mark: string, name: string, text: string, screen: Screen): string {
  const tone = TONES[mark];
  const shown = tone === undefined ? mark : toned(mark, tone, screen);
  return line(text, screen, `  ${shown} ${name.padEnd(10)} `, ' '.repeat(15));
}

function progressOf({
  ending,
  restored,
  timers,
  creates,
  deletes,
  prctls,
  ofCalls,
  seconds,
  outcome,
}: ProcessRehearsal): string {
  if (ending === 'stopped') {
    const calls = creates + deletes + prctls;
    const whole = calls === 0 ? '' : `; all of them would take about ${duration((seconds * ofCalls) / calls, 2)} here`;
    return `stopped after ${count(calls)} of ${counted(ofCalls, 'call')} in ${duration(seconds)}${whole}`;
  }
  const back =
    outcome === 'ok'
      ? `${count(restored.length)} of ${counted(timers, 'timer')} came back under ${timers === 1 ? 'its ID' : 'their IDs'}, `
      : '';
  return `${back}played in ${duration(seconds)}`;
}
