// The page around the sections: one file that needs nothing else, and says so by its policy.
import { createHash } from 'node:crypto';
import { type Html, html, prose, Html as RawHtml } from './html.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

/** One question and its answer. */
export interface Section {
  /** A valid element id. */
  id: string;
  /** The question, as the heading. */
  question: string;
  /** A few words for the list of contents. */
  short: string;
  /** What the run says to it, in a sentence or two. */
  answer: string;
  /** What that rests on. */
  body: Html;
}

/** What a page opens with. */
export interface Head {
  /** Of the document, for tabs and previews. */
  title: string;
  /** What it is all about, in one sentence: the first heading, if it is not the title. */
  sentence?: string;
  /** For previews. */
  description: string;
  /** What follows the first heading. */
  lead: Html;
}

/** Puts a page together. */
export function page(
  { title, sentence = title, description, lead }: Head,
  sections: readonly Section[],
  footer: Html,
): string {
  const policy =
    `default-src 'none'; style-src 'sha256-${sha256(STYLE)}'; script-src 'sha256-${sha256(SCRIPT)}'; ` +
    "base-uri 'none'; form-action 'none'";
  const contents = sections.map(({ id, short }) => html`<li><a href="#${id}">${short}</a></li>`);
  const bodies = sections.map(
    ({ id, question, answer, body }) => html`<section id="${id}" aria-labelledby="${id}-heading">
<h2 id="${id}-heading"><a href="#${id}">${question}</a></h2>
<p class="answer">${prose(answer)}</p>
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
<meta name="description" content="${description}">
<meta property="og:type" content="article">
<meta property="og:title" content="${title}">
<meta property="og:description" content="${description}">
<style>${new RawHtml(STYLE)}</style>
</head>
<body>
<a class="skip" href="#answers">Skip to the answers</a>
<header>
<h1>${prose(sentence)}</h1>
${lead}${contents.length > 1 ? html`<nav aria-label="Contents"><ul>${contents}</ul></nav>` : ''}
</header>
<main id="answers" tabindex="-1">
${bodies}</main>
<footer>
${footer}</footer>
<script>${new RawHtml(SCRIPT)}</script>
</body>
</html>
`;
  return document.text;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64');
}
