// One colour for each thing, everywhere: variables of the style sheet, so that light and dark pages have their own.
import type { Category } from '@idspace/evaluation';
import { DESIGNS, type DesignName } from '@idspace/posix-timers';

/** Light and dark colour of every variable. Hash designs are warm, trees are cool. */
const COLOURS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  'design-idr': ['#6b7280', '#9ca3af'],
  'design-hash-512': ['#b91c1c', '#f87171'],
  'design-hash-512-precheck': ['#ea580c', '#fb923c'],
  'design-hash-scaled': ['#ca8a04', '#facc15'],
  'design-hash-scaled-jhash': ['#92400e', '#d6a16b'],
  'design-xarray': ['#1d4ed8', '#60a5fa'],
  'design-xarray-cyclic': ['#0e7490', '#22d3ee'],
  'design-generational': ['#7e22ce', '#c084fc'],
  'part-table': ['#1d4ed8', '#60a5fa'],
  'part-list': ['#ca8a04', '#facc15'],
  'part-lock': ['#b91c1c', '#f87171'],
  'part-timer': ['#4b7f52', '#86c28b'],
  'level-d1': ['#2563eb', '#7cb0fb'],
  'level-ll': ['#c2410c', '#fb923c'],
};

/** What designs have that are not listed, in turn. */
const SPARE: readonly (readonly [light: string, dark: string])[] = [
  ['#15803d', '#4ade80'],
  ['#be185d', '#f472b6'],
  ['#4d7c0f', '#a3e635'],
  ['#0369a1', '#38bdf8'],
];

/** The colour of a design. */
export function designColour(design: DesignName): string {
  return `var(--design-${design})`;
}

/** The colour of a part of a design. */
export function partColour(part: Category): string {
  return `var(--part-${part})`;
}

/** The colour of the misses of a cache level. */
export function levelColour(level: 'd1' | 'll'): string {
  return `var(--level-${level})`;
}

/** The declarations of all colours for the style sheet. */
export function colourDeclarations(scheme: 'light' | 'dark'): string {
  const at = scheme === 'light' ? 0 : 1;
  const others = DESIGNS.map((design) => `design-${design}`).filter((name) => !(name in COLOURS));
  const spare = others.map((name, i) => [name, SPARE[i % SPARE.length]!] as const);
  return [...Object.entries(COLOURS), ...spare].map(([name, values]) => `--${name}: ${values[at]};`).join(' ');
}
