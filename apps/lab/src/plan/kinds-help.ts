// The kernels, restorers and warnings of `idspace plan`, for its help.
import { KERNEL_KINDS, REASON_CODES, WARNING_CODES } from '@idspace/restore-planner';
import { definitions } from '../format/definitions.ts';
import { paragraph } from '../format/paragraph.ts';
import { HELP_SCREEN } from '../format/screen.ts';
import { TARGET_KEYS } from './target-text.ts';

/** What each kernel gives next, how it can be asked, and what is special. */
export function kernelsHelp(): string {
  const entries = KERNEL_KINDS.map(({ kernel, nextId, restoreCall, note }) => {
    const asking = restoreCall === '–' ? 'cannot be asked' : `ask by ${restoreCall}`;
    return [kernel, `${nextId} · ${asking} · ${note}`] as const;
  });
  return definitions(entries, HELP_SCREEN);
}

/** How each restorer gets its IDs. */
export function restorersHelp(): string {
  return definitions(
    [
      ['0.6 … 3.18', 'creates and deletes until the ID comes; hangs if the kernel hands out freed IDs again'],
      ['3.19 … 4.1', 'the same, but gives up at the first ID that is not the next one'],
      ['4.2 …', 'asks by prctl; without it, does what 3.19 does'],
      ['native', 'not CRIU: asks in any way that its kernel has, else dances, or fills up dense IDs'],
    ],
    HELP_SCREEN,
  );
}

/** Every warning by its code. */
export function warningsHelp(): string {
  return paragraph(WARNING_CODES.join(' · '), HELP_SCREEN, '  ');
}

/** Every reason by its code. */
export function reasonsHelp(): string {
  return paragraph(Object.keys(REASON_CODES).join(' · '), HELP_SCREEN, '  ');
}

/** What may stand in the file of a target, and where it is found. */
export function targetsHelp(): string {
  return definitions(
    Object.entries(TARGET_KEYS).map(([key, [what, where]]) => [key, `${what}: ${where}`] as const),
    HELP_SCREEN,
  );
}
