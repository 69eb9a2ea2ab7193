// The designs in words.
import { DESIGN, type DesignName } from '@idspace/posix-timers';

/** What moves the restore of IDs that have a generation; nothing where none of the designs has. */
export function generationsNote(designs: readonly { design: DesignName }[]): string {
  const names = designs.map(({ design }) => design).filter((design) => DESIGN[design].reuse === 'slot');
  if (names.length === 0) return '';
  return (
    ` ${names.join(', ')}: an ID holds one of 4,194,304 slots and the number of earlier uses of that slot. A dance creates a slot once more ` +
    'for each earlier use, so if fewer timers are replaced as often, each takes more creates. A second ID for the same slot is refused.'
  );
}

/** Explains the designs of an evaluation, name by name. */
export function designEntries(designs: readonly { design: DesignName }[]): [name: string, meaning: string][] {
  return designs.map(({ design }) => [design, DESIGN[design].meaning]);
}
