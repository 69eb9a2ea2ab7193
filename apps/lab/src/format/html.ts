// HTML that is safe by construction: whatever is put into a template is escaped, unless it is HTML already.
import { DESIGNS } from '@idspace/posix-timers';
import { printableLines } from './printable.ts';
import { keepUnits } from './units.ts';

/** Text that is HTML. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toString(): string {
    return this.text;
  }
}

/** What a template takes; an array is put in element by element. */
export type HtmlValue = Html | string | number | readonly HtmlValue[];

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text for an element's content or a quoted attribute. */
export function escapeHtml(text: string): string {
  return printableLines(text).replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}

/** Builds HTML from a template; every interpolated string is escaped. */
export function html(parts: TemplateStringsArray, ...values: HtmlValue[]): Html {
  return new Html(parts.reduce((so, part, index) => so + toHtml(values[index - 1]!) + part));
}

function toHtml(value: HtmlValue): string {
  if (value instanceof Html) return value.text;
  if (typeof value === 'object') return value.map(toHtml).join('');
  return escapeHtml(String(value));
}

/** Makes running text of plain text: what belongs together is not broken apart, neither '64 B' nor 'hash-512'. */
export function prose(text: string): Html {
  const parts = keepUnits(text).split(NAMES);
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<span class="name">${part}</span>` : part))}`;
}

/** Names with hyphens, longest first. */
const NAMES = new RegExp(
  `(${DESIGNS.filter((name) => name.includes('-'))
    .sort((a, b) => b.length - a.length)
    .join('|')})`,
);
