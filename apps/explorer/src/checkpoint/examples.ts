// Checkpoints to try without a file of one's own: images that a real CRIU 4.2 dumped on Linux 6.18.
import type { Files } from '../shell/dropped-files.ts';

/** The images of each, as hexadecimal digits by their paths. */
const TIMERS = import.meta.glob<string>('../../../lab/examples/criu-ids-1e6-2e6/*.img', {
  query: '?hex',
  import: 'default',
  eager: true,
});
const MIXED = import.meta.glob<string>('../../../../packages/restore-planner/test/ground-truth/criu-ids/mixed/*.img', {
  query: '?hex',
  import: 'default',
  eager: true,
});

export interface Example {
  readonly name: string;
  /** What is in it. */
  readonly label: string;
  readonly images: Readonly<Record<string, string>>;
}

export const EXAMPLES: readonly Example[] = [
  { name: 'example-timers', label: 'Try timers 1,000,000 and 2,000,000', images: TIMERS },
  { name: 'example-mixed', label: 'Try one with IDs of every kind', images: MIXED },
];

/** The images as files in a folder. */
export function exampleFiles({ name, images }: Example): Files {
  return new Map(
    Object.entries(images).map(([path, digits]) => {
      const file = path.slice(path.lastIndexOf('/') + 1);
      const bytes = Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
      return [`${name}/${file}`, new File([bytes], file)];
    }),
  );
}
