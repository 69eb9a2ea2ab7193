// Where a checkpoint comes from, in one line, as far as it tells.
import type { Checkpoint, Container } from '@idspace/restore-planner';
import { printable } from '../format/printable.ts';
import { capital, firstNames } from '../format/sentence.ts';

/** What it was read from where that does not tell everything. */
const PARTIAL: Readonly<Record<Checkpoint['format'], string>> = {
  'criu-v1.1': 'one core image alone: threads and parents are unknown',
  'criu-v1': 'one core image alone: threads and parents are unknown',
  'crit-json': 'one core image alone: threads and parents are unknown',
  'proc-timers': 'a listing: intervals and values are unknown',
};

/** Says where a checkpoint comes from and what it lacks; empty if there is nothing to say. */
export function originText({ kernelRelease, criuVersion, containers = [], complete, format }: Checkpoint): string {
  const criu = criuVersion === undefined ? '' : ` by CRIU ${printable(criuVersion, LONGEST)}`;
  const kernel = kernelRelease === undefined ? '' : ` on Linux ${printable(kernelRelease, LONGEST)}`;
  const verb = format === 'proc-timers' ? 'Running' : 'Dumped';
  const parts = [
    criu + kernel === '' ? '' : `${verb}${criu}${kernel}`,
    containers.length === 0
      ? ''
      : `${containers.length > 1 ? 'containers' : 'container'} ${firstNames(containers.map(named), MOST_NAMED)}`,
    complete === false ? PARTIAL[format] : '',
  ];
  const text = parts.filter(Boolean).join(' · ');
  return capital(text);
}

const ID_DIGITS = 12; // as engines show them

const MOST_NAMED = 12; // containers
const LONGEST = 80; // characters of a name, which can be that of a folder, or of a version

function named({ name, id, pod }: Container): string {
  const shownId = id === undefined ? undefined : printable(id.slice(0, ID_DIGITS));
  const main = name === undefined ? (shownId ?? 'without a name') : printable(name, LONGEST);
  const details = [
    name === undefined ? undefined : shownId,
    pod === undefined ? undefined : `pod ${printable(pod, LONGEST)}`,
  ].filter(Boolean);
  return details.length === 0 ? main : `${main} (${details.join(', ')})`;
}
