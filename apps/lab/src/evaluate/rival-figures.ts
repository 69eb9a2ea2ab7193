// A figure of each of the designs that are compared, in words.
import { RIVALS } from '@idspace/evaluation';
import type { DesignName } from '@idspace/posix-timers';
import { listed } from '../format/sentence.ts';

/** '47.5 in hash-512, 3.26 in hash-scaled-jhash and 2.15 in xarray'; of all designs, where none of those is among them. */
export function figures<Of extends { design: DesignName }>(
  { designs }: { designs: readonly Of[] },
  value: (design: Of) => string,
): string {
  const rivals = RIVALS.flatMap((rival) => designs.filter(({ design }) => design === rival));
  const shown = rivals.length > 0 ? rivals : designs;
  const having = new Map<string, string[]>();
  for (const design of shown) {
    const text = value(design);
    having.set(text, [...(having.get(text) ?? []), design.design]);
  }
  const parts = [...having].map(([text, those]) => `${text} in ${listed(those)}`);
  return parts.length === shown.length ? listed(parts) : parts.join(', ');
}
