// The designs in words.
import { DESIGN, type DesignName } from '@idspace/posix-timers';

/** What moves the restore of IDs that have a generation; nothing where none of the designs has. */
export function generationsNote(designs: readonly { design: DesignName }[]): string {
  const names = designs.map(({ design }) => design).filter((design) => DESIGN[design].reuse === 'slot');
  if (names.length === 0) return '';
  return (
    ` ${names.join(', ')}: an ID is one of 4,194,304 slots and how often that was used before; a dance creates a slot once more for each ` +
    'earlier use, so fewer timers, replaced as often, take more creates each. Of two IDs for one slot the second is refused.'
  );
}

/** Explains the designs of an evaluation, name by name. */
export function designEntries(designs: readonly { design: DesignName }[]): [name: string, meaning: string][] {
  return designs.map(({ design }) => [design, DESIGN[design].meaning]);
}
