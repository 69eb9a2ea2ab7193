// What the page calls each kernel: the same in every list, table and sentence.

import { grouped } from './grouped.ts';

/** Proposed kernels, by the packages' names: what is special about each, and a longer sentence on it. */
const PROPOSED: Readonly<Record<string, readonly [name: string, what: string]>> = {
  dense: ['lowest free ID', 'A tree for each process gives the lowest free ID. There is no way to ask for one.'],
  xarray: [
    'lowest free ID, or on request',
    'A tree for each process gives the lowest free ID, or the ID that is asked for.',
  ],
  'xarray-cyclic': [
    'next ID in a tree, or on request',
    'A tree for each process gives the next ID, or the ID that is asked for.',
  ],
  reversed: ['highest free ID', 'The highest free ID is given, so that a dance comes down from above.'],
  'cursor-sysctl': ['next ID as a setting', 'A setting says where the search for the next free ID begins.'],
  'create-at-id': ['a call with an ID', 'A second system call creates a timer with a given ID.'],
  'sigev-bit': ['a flag asks for an ID', 'A flag in the arguments of timer_create asks for a given ID.'],
};

/** Releases, newest first: since when, up to when, and what they do. */
const ERAS: readonly (readonly [since: readonly [number, number], range: string, what: string])[] = [
  [[6, 15], 'since 6.15', 'The next ID is given, or the one that is asked for. A lock for each bucket of the table.'],
  [[6, 5], '6.5 to 6.14', 'The next ID is given. 512 buckets under one lock; a search for an ID counts its tries.'],
  [[3, 10], '3.10 to 6.4', 'The next ID is given. 512 buckets under one lock.'],
  [[0, 0], 'until 3.9', 'The lowest free ID is given. One tree for the timers of all processes.'],
];

/** Names a kernel: 'Linux 6.14', 'proposed: lowest free ID'. What is not known is named as it is written. */
export function kernelName(release: string): string {
  if (/^\d/.test(release)) return `Linux ${release}`;
  const ids = restrictedTo(release);
  if (ids !== undefined) return `proposed: only IDs 0 to ${grouped(ids - 1)}`;
  return PROPOSED[release] === undefined ? release : `proposed: ${PROPOSED[release][0]}`;
}

/** Names a kernel as one of a kind: 'Linux 6.14 (6.5 to 6.14)'. */
export function kernelKindName(release: string): string {
  const era = eraOf(release);
  return era === undefined ? kernelName(release) : `${kernelName(release)} (${era[1]})`;
}

/** Says what a kernel does, in a sentence or two; '' of one that is not known. */
export function kernelSentence(release: string): string {
  const ids = restrictedTo(release);
  if (ids !== undefined)
    return `There are ${grouped(ids)} IDs: after the last, the next ID is 0 again. There is no way to ask for one.`;
  return PROPOSED[release]?.[1] ?? eraOf(release)?.[2] ?? '';
}

function eraOf(release: string): (typeof ERAS)[number] | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  if (major === undefined) return undefined;
  return ERAS.find(([[since, least]]) => Number(major) > since || (Number(major) === since && Number(minor) >= least));
}

function restrictedTo(release: string): number | undefined {
  const [, ids] = /^restricted:(\d+)$/.exec(release) ?? [];
  return ids === undefined ? undefined : Number(ids);
}
