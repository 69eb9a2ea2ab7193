// The three forms a plan is printed in, beside its table.
import { type PlanOptions, planDocument } from '@idspace/restore-planner';
import { misuse } from '../../cli/failure.ts';
import type { Screen } from '../../format/screen.ts';
import { checkpointsJson } from '../checkpoints-json.ts';
import { pairThatRestoresTimers } from '../compare.ts';
import { type FleetRow, isPlanned } from '../fleet.ts';
import { emitC } from './emit-c.ts';
import { emitText } from './emit-text.ts';

/** `text`: its calls, a line a run · `json`: everything, to be read back · `c`: a program that makes the calls. */
export const EMIT_FORMS = ['text', 'json', 'c'] as const;

export type EmitForm = (typeof EMIT_FORMS)[number];

/**
 * Prints plans; nothing where none was read and the form has no place for that.
 *
 * @throws CommandError for a C program of several checkpoints, or of a plan that no program can carry out.
 */
export function emitted(form: EmitForm, rows: readonly FleetRow[], options: PlanOptions, screen: Screen): string {
  if (form === 'json') return checkpointsJson(rows, ({ plan }) => ({ plan: planDocument(plan) }));
  const planned = rows.filter(isPlanned);
  if (form === 'text') return planned.map(({ path, plan }) => emitText(plan, path, screen)).join('\n');
  if (rows.length > 1) {
    throw misuse('--emit c', `${rows.length} checkpoints`, 'one: a program restores one');
  }
  return planned
    .map(({ path, plan, checkpoint }) => emitC(plan, path, () => pairThatRestoresTimers(checkpoint, options)))
    .join('');
}
