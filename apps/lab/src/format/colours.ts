// How things look, everywhere the same: a colour of Okabe and Ito's palette, which most readers tell apart, and a dash and a marker for the others.
import type { Category } from '@idspace/evaluation';
import { DESIGNS, type DesignName } from '@idspace/posix-timers';

/** Light and dark colour of every variable. Where the palette's own is too faint on paper, a darker one. */
const COLOURS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  'design-idr': ['#000000', '#ffffff'],
  'design-hash-512': ['#d55e00', '#d55e00'],
  'design-hash-512-precheck': ['#e69f00', '#e69f00'],
  'design-hash-scaled': ['#a39300', '#f0e442'],
  'design-hash-scaled-jhash': ['#cc79a7', '#cc79a7'],
  'design-xarray': ['#0072b2', '#3d9bd6'],
  'design-xarray-cyclic': ['#56b4e9', '#8fd0f5'],
  'design-generational': ['#009e73', '#009e73'],
  first: ['#0072b2', '#3d9bd6'],
  second: ['#e69f00', '#e69f00'],
  third: ['#d55e00', '#d55e00'],
  fourth: ['#56b4e9', '#8fd0f5'],
};

/** What tells designs apart where colours do not: markers in turn, and dashes. */
const MARKERS = ['circle', 'square', 'diamond2', 'star', 'triangle', 'circle', 'square2', 'wye'] as const;
const DASHES = ['2 3', '', '6 3', '2 2', '9 3 2 3', '', '6 3', '10 4'] as const;

/** How a thing is drawn. */
export interface Look {
  /** A CSS colour: a variable of the style sheet, so that light and dark pages have their own. */
  colour: string;
  marker: (typeof MARKERS)[number];
  /** Of its line, as stroke-dasharray; empty for none. */
  dash: string;
}

/** A design that came later has a colour of none of these, so that it is not taken for another. */
const LATER: readonly [light: string, dark: string] = ['#767b84', '#9aa3af'];

/** The look of a design. */
export function designLook(design: DesignName): Look {
  const at = DESIGNS.indexOf(design) % MARKERS.length;
  return { colour: `var(--design-${design})`, marker: MARKERS[at]!, dash: DASHES[at]! };
}

/** Looks of things that are not designs, in turn. */
export const LOOKS: readonly Look[] = [
  { colour: 'var(--first)', marker: 'circle', dash: '' },
  { colour: 'var(--second)', marker: 'square', dash: '6 3' },
  { colour: 'var(--third)', marker: 'triangle', dash: '2 3' },
  { colour: 'var(--fourth)', marker: 'diamond2', dash: '9 3 2 3' },
];

/** The parts of a design, in the order in which they are stacked. */
export const PARTS: readonly Category[] = ['table', 'list', 'lock', 'timer'];

/** The declarations of all colours for the style sheet. */
export function colourDeclarations(scheme: 'light' | 'dark'): string {
  const at = scheme === 'light' ? 0 : 1;
  const later = DESIGNS.map((design) => `design-${design}`).filter((name) => !(name in COLOURS));
  return [...Object.entries(COLOURS), ...later.map((name) => [name, LATER] as const)]
    .map(([name, values]) => `--${name}: ${values[at]};`)
    .join(' ');
}
