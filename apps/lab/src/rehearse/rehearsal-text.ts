// A rehearsal as text.

import { kernelName } from '../format/kernel-name.ts';
import { count, counted, duration } from '../format/number.ts';
import { paragraph } from '../format/paragraph.ts';
import { printable } from '../format/printable.ts';
import type { IdCheck, SpaceRehearsal } from './ids/id-rehearsal.ts';
import type { Check, CheckName, ProcessRehearsal, Rehearsal } from './rehearsal.ts';

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
const SPACES: Readonly<Record<SpaceRehearsal['space'], string>> = {
  pids: 'processes and threads',
  inotify: 'watch descriptors',
  sysv: 'SysV IDs',
  pty: 'terminals',
  aio: 'AIO rings',
};
const MARKS = new Map<boolean | null, string>([
  [true, '✓'],
  [false, '✗'],
  [null, '–'],
]);

/** Writes a rehearsal out. @param source The checkpoint as the user named it. */
export function rehearsalText(source: string, rehearsal: Rehearsal): string {
  const { on, kernel, criu, processes } = rehearsal;
  const where = on === 'live' ? `the running kernel (Linux ${kernel})` : `a model of ${kernelName(kernel)}`;
  const shown = processes.filter((process, index) => index < MOST_PROCESSES || !isFine(process));
  const left = processes.length - shown.length;
  return [
    paragraph(`${printable(source)}: a rehearsal on ${where} of what CRIU ${criu} would do. No container is restored.`),
    ...shown.map((process) => `\n${processText(process)}`),
    left > 0 ? `\n… and ${counted(left, 'process', 'processes')} more, all as planned.\n` : '',
    ...rehearsal.spaces.map((space) => `\n${spaceText(space)}`),
    `\n${paragraph(verdict(rehearsal))}`,
  ].join('');
}

function isFine({ ending, checks }: ProcessRehearsal): boolean {
  return ending === 'as-planned' && checks.every(({ ok }) => ok !== false);
}

function processText(process: ProcessRehearsal): string {
  const { pid, timers, outcome, error, substitutions, checks } = process;
  const printed = error === null ? '' : ` (CRIU prints: ${error.replaceAll('\n', '; ')})`;
  return [
    `process ${pid}: ${counted(timers, 'timer')}, planned: ${outcome}${printed}\n`,
    ...substitutions.map(({ text }) => `  ~ ${'substitute'.padEnd(10)} ${text}\n`),
    ...checks.map(checkText),
    ...process.unverified.map((text) => `  – ${'not seen'.padEnd(10)} ${text}\n`),
    `  ${progressOf(process)}\n`,
  ].join('');
}

function spaceText(space: SpaceRehearsal): string {
  const { outcome, ids, restored, checks, open, unverified, ending, seconds } = space;
  const where = space.container === undefined ? '' : ` of ${printable(space.container)}`;
  const came = ending === 'not-played' ? 'not played' : `${count(restored)} of ${counted(ids, 'ID')} came`;
  return [
    `${SPACES[space.space]}${where}: ${counted(ids, 'ID')}, planned: ${outcome}\n`,
    ...checks.map(checkText),
    ...open.map((text) => `  ~ ${'open'.padEnd(10)} ${text}\n`),
    ...unverified.map((text) => `  – ${'not seen'.padEnd(10)} ${text}\n`),
    `  ${came}, in ${duration(seconds)}\n`,
  ].join('');
}

function checkText({ check, ok, text }: Check | IdCheck): string {
  return `  ${MARKS.get(ok)} ${NAMES[check].padEnd(10)} ${text}\n`;
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
  return `${back}in ${duration(seconds)}`;
}

function verdict(rehearsal: Rehearsal): string {
  const { verified, stoppedBy, processes, spaces, maxSeconds } = rehearsal;
  if (processes.length === 0 && spaces.length === 0 && stoppedBy === null) {
    return 'No process has POSIX timers, and no other IDs were read: nothing to rehearse.';
  }
  const different = whatDiffers(rehearsal);
  if (different !== null) return `Not as planned: ${different}, marked ✗ above.`;
  if (stoppedBy === 'interrupt') return 'Interrupted: not verified. Everything that was made is gone.';
  if (stoppedBy !== null) {
    return `Stopped by --max-seconds ${maxSeconds}: not verified, and nothing differed so far. Everything that was made is gone.`;
  }
  const refused = spaces.filter(({ ending, restored, ids }) => ending === 'as-planned' && restored < ids);
  if (refused.length > 0) return `Not verified: the restore fails, as planned: not all ${named(refused)} came.`;
  const blocked = spaces.filter((space) => isFalse(space, 'target'));
  if (blocked.length > 0) {
    return `Not verified: the calls went as planned, but something on the target is in the way of ${named(blocked)}, marked ✗ above.`;
  }
  if (verified) {
    const open = spaces.some((space) => space.open.length > 0)
      ? ' What is marked "open" depends on the target: `idspace plan --on` judges it.'
      : '';
    return `Verified: every call, and what the kernel shows afterwards, is as planned.${open}`;
  }
  return 'Not verified: nothing differed, but part of the plan was not looked at, as marked "not seen" above.';
}

/** Processes and spaces that did not go as planned; null if there are none. */
function whatDiffers({ processes, spaces }: Rehearsal): string | null {
  const wrong = processes.filter((process) => process.ending !== 'stopped' && !isFine(process)).length;
  const parts = wrong === 0 ? [] : [`${counted(wrong, 'process', 'processes')} of ${count(processes.length)}`];
  const others = spaces.filter((space) => isFalse(space, 'ids'));
  if (others.length > 0) parts.push(named(others));
  return parts.length === 0 ? null : parts.join('; ');
}

function isFalse({ checks }: SpaceRehearsal, name: IdCheck['check']): boolean {
  return checks.some(({ check, ok }) => check === name && ok === false);
}

function named(spaces: readonly SpaceRehearsal[]): string {
  return [...new Set(spaces.map(({ space }) => SPACES[space]))].join(', ');
}
