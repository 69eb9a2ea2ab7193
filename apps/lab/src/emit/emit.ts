// The three forms a plan is printed in, beside its table.
import { planDocument, type RestorePlan } from '@idspace/restore-planner';
import { CommandError } from '../failure.ts';
import { emitC } from './emit-c.ts';
import { emitText } from './emit-text.ts';

/** `text`: its calls, a line a run · `json`: everything, to be read back · `c`: a program that makes the calls. */
export const EMIT_FORMS = ['text', 'json', 'c'] as const;

export type EmitForm = (typeof EMIT_FORMS)[number];

interface Planned {
  path: string;
  plan: RestorePlan;
}

/**
 * Prints plans.
 *
 * @throws CommandError for a C program of several checkpoints, or of a plan that no program can carry out.
 */
export function emitted(form: EmitForm, planned: readonly Planned[]): string {
  const [first, ...others] = planned;
  if (form === 'text') return planned.map(({ path, plan }) => emitText(plan, path)).join('\n');
  if (form === 'c') {
    if (others.length > 0) {
      throw new CommandError(
        'misuse',
        `--emit c: got ${planned.length} checkpoints, expected one: a program restores one`,
      );
    }
    return emitC(first!.plan, first!.path);
  }
  const document =
    others.length === 0
      ? planDocument(first!.plan)
      : { checkpoints: planned.map(({ path, plan }) => ({ path, plan: planDocument(plan) })) };
  return `${JSON.stringify(document, null, 2)}\n`;
}
