// Histories to begin with.
import { type Operation, operation } from '../engine/operations.ts';
import type { Setup } from '../engine/setup.ts';

export interface Example {
  readonly title: string;
  readonly setup: Partial<Setup>;
  readonly operations: readonly Operation[];
}

export const EXAMPLES: readonly Example[] = [
  {
    title: 'Holes that never come back (Linux 6.14)',
    setup: { release: '6.14', beside: '' },
    operations: [operation('create', 40), operation('delete-random', 15), operation('create', 10)],
  },
  {
    title: 'The same with a tree and the lowest free ID',
    setup: { release: 'xarray', beside: '' },
    operations: [operation('create', 40), operation('delete-random', 15), operation('create', 10)],
  },
  {
    title: 'Long chains: 20,000 timers in 512 buckets, a tree beside',
    setup: { release: '6.14', beside: 'xarray' },
    operations: [operation('create', 20_000), operation('lookup-random', 200)],
  },
  {
    title: 'The dance to ID 10,000 (Linux 6.14)',
    setup: { release: '6.14', beside: '' },
    operations: [operation('want', 1, 10_000), operation('pairs', 10_000), operation('create')],
  },
  {
    title: 'Asking for ID 10,000 (Linux 6.18)',
    setup: { release: '6.18', beside: '' },
    operations: [operation('want', 1, 10_000), operation('restore', 1, 10_000)],
  },
  {
    title: '100,000 timers (Linux 6.18, 64 CPUs)',
    setup: { release: '6.18', cpus: 64, beside: '' },
    operations: [operation('limit', 1, 200_000), operation('create', 100_000), operation('churn', 500)],
  },
];
