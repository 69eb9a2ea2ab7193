// A chart as it stands in the page: an SVG that names and describes itself, drawn again for phones, and its data as a table.
import type { DesignName } from '@idspace/posix-timers';
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { designLook, type Look } from './colours.ts';
import type { Exhibit } from './exhibit.ts';
import { Html, html } from './html.ts';
import { htmlTable } from './html-table.ts';

/** Of one of several charts side by side: drawn as wide as it is shown, so that its words are as large as those of the others. */
export const CHART_WIDTH = 380;
/** Of a chart that has the page to itself, and of its second drawing, which phones show. */
export const WIDE = 860;
export const NARROW = 350;

/** What is drawn, or a part of it. */
type Svg = ReturnType<typeof Plot.plot>;

export interface Figure {
  /** Unique in the page, a valid element id. */
  id: string;
  title: string;
  /** What a reader who does not see the chart must know. */
  description: string;
  /** A mark's `title` is 'KEY: what it says': the script shows it, and hides the marks whose key is a design that is switched off. */
  plot: Plot.PlotOptions;
  /** The same for phones, if it is wider than they are. */
  narrow?: Plot.PlotOptions;
  /** What marks share that are shown together: an x, under a crosshair, or a row. */
  together?: 'x' | 'row';
  /** What bars mean, where their place does not say it. */
  legend?: readonly (readonly [label: string, look: Look])[];
  data: Pick<Exhibit, 'columns' | 'rows'>;
}

/**
 * Draws a figure.
 *
 * The SVG carries no style of its own: neither element nor attribute, so that the page's policy can forbid inline styles.
 */
export function figure({ id, title, description, plot, narrow, together, legend = [], data }: Figure): Html {
  const name = `${title}. ${description}`;
  const drawn = [drawSvg(name, plot, narrow === undefined ? '' : 'wide')];
  if (narrow !== undefined) drawn.push(drawSvg(name, narrow, 'narrow'));
  const items = legend.map(([label, look]) => html`<li>${swatch(look)} ${label}</li>`);
  return html`<figure id="${id}">
<figcaption>${title}</figcaption>
${items.length > 0 ? html`<ul class="legend">${items}</ul>\n` : ''}<div class="plot"${together === undefined ? '' : html` data-together="${together}"`}>${drawn}</div>
<details><summary>The data as a table</summary>${htmlTable(title, data)}</details>
</figure>
`;
}

/** Names of designs with their markers and dashes, for the charts of a section; the script makes switches of them. */
export function designKey(designs: readonly DesignName[]): Html {
  const items = designs.map((design) => {
    const { colour, marker, dash } = designLook(design);
    const marks = [
      Plot.ruleY([0], { stroke: colour, strokeWidth: 2, strokeDasharray: dash }),
      Plot.dot([0], { x: 0, y: 0, symbol: marker, r: 4, fill: colour, stroke: colour }),
    ];
    const drawn = plotted({
      width: 28,
      height: 14,
      margin: 2,
      axis: null,
      x: { domain: [-1, 1] },
      y: { domain: [-1, 1] },
      marks,
    });
    drawn.setAttribute('aria-hidden', 'true');
    drawn.setAttribute('class', 'swatch');
    return html`<li data-key="${design}">${new Html(drawn.outerHTML)} ${design}</li>`;
  });
  return html`<ul class="legend key">${items}</ul>\n`;
}

/** A small square in the colour of a part. */
function swatch({ colour }: Look): Html {
  return html`<svg class="swatch" viewBox="0 0 12 12" width="12" height="12" aria-hidden="true"><rect width="12" height="12" rx="2" fill="${colour}"/></svg>`;
}

function drawSvg(name: string, options: Plot.PlotOptions, kind: string): Html {
  const svg = plotted(options);
  for (const title of svg.querySelectorAll('title')) nameMark(title);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-label', name);
  svg.setAttribute('font-size', '12');
  svg.setAttribute('class', `chart ${kind}`.trim());
  return new Html(svg.outerHTML);
}

function plotted(options: Plot.PlotOptions): Svg {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = Plot.plot({ document, ...options });
  for (const style of svg.querySelectorAll('style')) style.remove();
  for (const element of [svg, ...svg.querySelectorAll('[style]')]) element.removeAttribute('style');
  // Plot's names of its groups: nothing reads them in a picture, and they may not stand on an element without a role.
  for (const group of svg.querySelectorAll('[aria-label]')) {
    group.setAttribute('class', group.getAttribute('aria-label')!.replaceAll(' ', '-'));
    group.removeAttribute('aria-label');
  }
  return svg;
}

/** Moves the key of a mark to an attribute; of words beside it, it is all there is to say. */
function nameMark(title: Svg): void {
  const mark = title.parentElement!;
  const text = title.textContent!;
  mark.setAttribute('data-key', text.split(': ')[0]!);
  if (!text.includes(': ')) title.remove();
}
