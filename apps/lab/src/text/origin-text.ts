// Where a checkpoint comes from, in one line, as far as it tells.
import type { Checkpoint, Container } from '@idspace/restore-planner';
import { printable } from './printable.ts';

/** What it was read from where that does not tell everything. */
const PARTIAL: Readonly<Record<Checkpoint['format'], string>> = {
  'criu-v1.1': 'one core image alone: threads and parents are unknown',
  'criu-v1': 'one core image alone: threads and parents are unknown',
  'crit-json': 'one core image alone: threads and parents are unknown',
  'proc-timers': 'a listing: intervals and values are unknown',
};

/** Says where a checkpoint comes from and what it lacks; empty if there is nothing to say. */
export function originText({ kernelRelease, criuVersion, containers = [], complete, format }: Checkpoint): string {
  const criu = criuVersion === undefined ? '' : ` by CRIU ${printable(criuVersion)}`;
  const kernel = kernelRelease === undefined ? '' : ` on Linux ${printable(kernelRelease)}`;
  const verb = format === 'proc-timers' ? 'Running' : 'Dumped';
  const parts = [
    criu + kernel === '' ? '' : `${verb}${criu}${kernel}`,
    containers.length === 0
      ? ''
      : `${containers.length > 1 ? 'containers' : 'container'} ${containers.map(named).join(', ')}`,
    complete === false ? PARTIAL[format] : '',
  ];
  const text = parts.filter(Boolean).join(' · ');
  return text === '' ? '' : `${text[0]!.toUpperCase()}${text.slice(1)}\n`;
}

const ID_DIGITS = 12; // as engines show them

function named({ name, id, pod }: Container): string {
  const shownId = id?.slice(0, ID_DIGITS);
  const main = name ?? shownId ?? 'without a name';
  const details = [name === undefined ? undefined : shownId, pod === undefined ? undefined : `pod ${pod}`].filter(
    Boolean,
  );
  return printable(details.length === 0 ? main : `${main} (${details.join(', ')})`);
}
