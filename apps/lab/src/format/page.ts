// The page around the sections: one file that needs nothing else, and says so by its policy.
import { createHash } from 'node:crypto';
import { type Html, html, Html as RawHtml } from './html.ts';
import { STYLE } from './style.ts';

/** One question and its answer. */
export interface Section {
  /** A valid element id. */
  id: string;
  /** The question, as the heading. */
  question: string;
  /** A few words for the list of contents. */
  short: string;
  body: Html;
}

/** Puts a page together. */
export function page(title: string, lead: Html, sections: readonly Section[], footer: Html): string {
  const styleHash = createHash('sha256').update(STYLE).digest('base64');
  const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;
  const contents = sections.map(({ id, short }) => html`<li><a href="#${id}">${short}</a></li>`);
  const bodies = sections.map(
    ({ id, question, body }) => html`<section id="${id}">
<h2>${question}</h2>
${body}</section>
`,
  );
  const document = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="idspace">
<title>${title}</title>
<style>${new RawHtml(STYLE)}</style>
</head>
<body>
<header>
<h1>${title}</h1>
${lead}<nav aria-label="Contents"><ul>${contents}</ul></nav>
</header>
<main>
${bodies}</main>
<footer>
${footer}</footer>
</body>
</html>
`;
  return document.text;
}
