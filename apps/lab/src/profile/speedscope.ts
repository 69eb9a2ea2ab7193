// A profile as speedscope reads it: each line is a frame below its file, as wide as it misses.
import { type Counts, missesOf, type Profile } from '@idspace/cache-profile';

const SCHEMA = 'https://www.speedscope.app/file-format-schema.json';

/** What can be shown: each is a profile of its own in the file. */
const WEIGHTS: readonly { name: string; of: (counts: Counts) => number }[] = [
  { name: 'D1 misses', of: missesOf },
  { name: 'LL misses', of: ({ DLmr, DLmw }) => DLmr + DLmw },
  { name: 'accesses', of: ({ Dr, Dw }) => Dr + Dw },
];

/** Writes a profile in speedscope's format. */
export function speedscopeJson({ lines }: Profile, script: string): string {
  const files = [...new Set(lines.map(({ file }) => file))];
  const frames = [
    ...files.map((file) => ({ name: file, file })),
    ...lines.map(({ file, line, arrays }) => ({ name: `line ${line}: ${arrays.join(', ')}`, file, line })),
  ];
  const profiles = WEIGHTS.map(({ name, of }) => {
    const weights = lines.map(of);
    const samples = lines.map(({ file }, i) => [files.indexOf(file), files.length + i]);
    const endValue = weights.reduce((sum, weight) => sum + weight, 0);
    return { type: 'sampled', name, unit: 'none', startValue: 0, endValue, samples, weights };
  });
  return `${JSON.stringify({ $schema: SCHEMA, exporter: 'idspace', name: script, activeProfileIndex: 0, shared: { frames }, profiles })}\n`;
}
