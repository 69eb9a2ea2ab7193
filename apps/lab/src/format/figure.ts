// A chart as it stands in the page: an SVG that names and describes itself, its legend, and its data as a table.
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import type { Exhibit } from './exhibit.ts';
import { Html, html } from './html.ts';
import { htmlTable } from './html-table.ts';

/** Of one of three charts side by side: drawn as wide as it is shown, so that its words are as large as those of the others. */
export const CHART_WIDTH = 380;

/** One entry of a legend. */
export interface Swatch {
  label: string;
  /** A CSS colour, usually a variable of the style sheet. */
  colour: string;
}

export interface Figure {
  /** Unique in the page, a valid element id. */
  id: string;
  title: string;
  /** What a reader who does not see the chart must know. */
  description: string;
  plot: Plot.PlotOptions;
  data: Pick<Exhibit, 'columns' | 'rows'>;
}

/**
 * Draws a figure.
 *
 * The SVG carries no style of its own: neither element nor attribute, so that the page's policy can forbid inline styles.
 */
export function figure({ id, title, description, plot, data }: Figure): Html {
  return html`<figure id="${id}">
<figcaption>${title}</figcaption>
<div class="plot">${drawSvg(id, title, description, plot)}</div>
<details><summary>The data as a table</summary>${htmlTable(title, data)}</details>
</figure>
`;
}

/** Draws a legend for one or several figures. */
export function legend(swatches: readonly Swatch[]): Html {
  const items = swatches.map(
    ({ label, colour }) =>
      html`<li><svg width="12" height="12" aria-hidden="true"><rect width="12" height="12" rx="2" fill="${colour}"/></svg> ${label}</li>`,
  );
  return html`<ul class="legend">${items}</ul>
`;
}

const WIDE = 600; // a chart wider than this scrolls on a phone, so that its words stay readable

function drawSvg(id: string, title: string, description: string, options: Plot.PlotOptions): Html {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  const svg = Plot.plot({ document, ...options });
  for (const style of svg.querySelectorAll('style')) style.remove();
  for (const element of [svg, ...svg.querySelectorAll('[style]')]) element.removeAttribute('style');
  const name = document.createElementNS('http://www.w3.org/2000/svg', 'title');
  name.id = `${id}-title`;
  name.textContent = title;
  const words = document.createElementNS('http://www.w3.org/2000/svg', 'desc');
  words.id = `${id}-desc`;
  words.textContent = description;
  svg.prepend(name, words);
  svg.setAttribute('role', 'img');
  svg.setAttribute('aria-labelledby', `${name.id} ${words.id}`);
  svg.setAttribute('font-size', '12');
  svg.setAttribute('class', (options.width ?? 0) > WIDE ? 'chart wide' : 'chart');
  return new Html(svg.outerHTML);
}
