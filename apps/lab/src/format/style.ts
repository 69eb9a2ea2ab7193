// The style sheet: light and dark, from a phone to a wide screen and to paper, no font or picture from elsewhere.
import { colourDeclarations } from './colours.ts';

/** The page's one style sheet. */
export const STYLE: string = `
:root { color-scheme: light dark; --paper: #fdfdfc; --ink: #1c1f24; --soft: #545c69; --line: #dfe2e6; --head: #f1f2f4; --link: #1d4ed8; ${colourDeclarations('light')} }
@media screen and (prefers-color-scheme: dark) {
  :root { --paper: #14171b; --ink: #e6e8eb; --soft: #a3acb8; --line: #30363d; --head: #1f242a; --link: #7cb0fb; ${colourDeclarations('dark')} }
}
* { box-sizing: border-box; }
html { scroll-padding-top: 12px; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main, header, footer { max-width: 1360px; margin: 0 auto; padding: 0 clamp(16px, 4vw, 48px); }
header { padding-top: 28px; }
main:focus { outline: none; }
h1 { font-size: clamp(22px, 2.3vw, 30px); line-height: 1.2; margin: 0 0 12px; max-width: 62ch; text-wrap: balance; }
h2 { font-size: 23px; line-height: 1.25; margin: 44px 0 8px; padding-top: 18px; border-top: 1px solid var(--line); }
h2 a, h3 a { color: inherit; text-decoration: none; } h2 a:hover::after, h3 a:hover::after, h2 a:focus::after { content: ' #'; color: var(--link); }
h3 { font-size: 17px; margin: 24px 0 6px; }
p, ul.plain, dl { max-width: 80ch; margin: 8px 0; }
.lead { font-size: 17px; } .answer { font-size: 18px; max-width: 76ch; }
.reading, .facts, figcaption, footer, .note { color: var(--soft); font-size: 14px; }
a { color: var(--link); }
.skip { position: absolute; left: -999px; } .skip:focus { left: 8px; top: 8px; background: var(--paper); padding: 8px 12px; z-index: 3; }
nav ul { list-style: none; padding: 0; margin: 12px 0 0; display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 15px; }
code { font: 0.92em ui-monospace, monospace; background: var(--head); padding: 1px 5px; border-radius: 4px; overflow-wrap: anywhere; }
.hero { display: grid; gap: 4px 40px; grid-template-columns: minmax(0, 1fr); }
.hero figure { margin: 4px 0; }
.figures { list-style: none; padding: 0; margin: 8px 0; display: grid; gap: 14px; }
.figures b { display: block; font-size: clamp(32px, 3.4vw, 48px); line-height: 1.1; font-variant-numeric: tabular-nums; letter-spacing: -0.02em; }
.figures li { padding-left: 14px; border-left: 4px solid var(--line); } .figures .ask { border-color: var(--first); } .figures .dance { border-color: var(--third); } .figures .never { border-color: var(--ink); }
@media (min-width: 1240px) { .hero { grid-template-columns: minmax(0, 4fr) minmax(0, 9fr); align-items: start; } }
@media (min-width: 500px) and (max-width: 1239px) { .figures { grid-template-columns: repeat(3, 1fr); } }
.whom { padding-left: 20px; } .whom li { margin: 3px 0; }
.charts { display: grid; gap: 8px 32px; align-items: start; }
@media (min-width: 760px) { .charts { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
@media (min-width: 1240px) { .charts { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
@media (min-width: 760px) { .charts.pairs { grid-template-columns: repeat(2, minmax(0, 540px)); } .charts.pairs .plot { max-width: 500px; } }
figure { margin: 16px 0; min-width: 0; }
figcaption { font-weight: 600; color: var(--ink); }
.plot { position: relative; max-width: 1080px; touch-action: pan-y; } .charts .plot { max-width: 420px; }
.plot:focus-visible, .scroll:focus-visible { outline: 2px solid var(--link); outline-offset: 3px; }
.chart { display: block; width: 100%; height: auto; overflow: visible; font-family: system-ui, sans-serif; }
.narrow { display: none; }
@media (max-width: 640px) { .wide { display: none; } .narrow { display: block; max-width: 460px; } }
.chart text, .chart tspan { white-space: pre; }
.tip { position: absolute; z-index: 2; max-width: 380px; padding: 5px 9px; font-size: 13px; line-height: 1.4; white-space: pre-line; background: var(--paper); border: 1px solid var(--soft); border-radius: 5px; pointer-events: none; box-shadow: 0 2px 8px #0003; }
.crosshair { position: absolute; top: 30px; bottom: 44px; width: 1px; background: var(--soft); pointer-events: none; }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
[hidden] { display: none; }
.at { stroke: var(--ink); stroke-width: 2px; }
.chart .off { visibility: hidden; } .chart text.off { visibility: visible; opacity: 0.3; } tr.off { display: none; }
.name { white-space: nowrap; }
.legend { list-style: none; padding: 0; margin: 6px 0; display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 14px; }
.key { gap: 4px 8px; } .key li { padding: 2px 8px; } .key li:has(button) { padding: 0; }
.key button { font: inherit; color: inherit; background: none; border: 1px solid var(--line); border-radius: 14px; padding: 3px 10px; cursor: pointer; min-height: 28px; }
.key button[aria-pressed='false'] { text-decoration: line-through; color: var(--soft); border-style: dashed; } .key button[aria-pressed='false'] svg { opacity: 0.25; }
.swatch { vertical-align: -2px; }
.scroll { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
dl.entries { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; font-size: 14px; max-width: 100ch; } dt { font-weight: 600; white-space: nowrap; } dd { margin: 0; overflow-wrap: anywhere; }
th, td { padding: 4px 12px; border-bottom: 1px solid var(--line); vertical-align: top; font-weight: 400; }
thead th.group { text-align: center; border-left: 1px solid var(--line); border-right: 1px solid var(--line); }
thead th { background: var(--head); font-weight: 600; vertical-align: bottom; line-height: 1.3; white-space: nowrap; }
tbody th { font-weight: 600; }
.left { text-align: left; } .right { text-align: right; white-space: nowrap; } td.text { min-width: 28ch; }
details { margin: 6px 0; } summary { cursor: pointer; color: var(--soft); font-size: 14px; padding: 3px 0; } summary:hover { color: var(--link); }
.claim { border-top: 1px solid var(--line); padding: 4px 0 12px; } .claim:target { background: var(--head); box-shadow: -12px 0 0 var(--head), 12px 0 0 var(--head); }
.badge { font-weight: 600; border: 1px solid currentColor; border-radius: 4px; padding: 0 7px; font-size: 14px; white-space: nowrap; }
footer { margin-top: 48px; padding-top: 16px; padding-bottom: 40px; border-top: 1px solid var(--line); }
@media (max-width: 640px) {
  body { font-size: 15px; } .answer { font-size: 16px; }
  dl.entries { grid-template-columns: 1fr; } dd { margin-left: 16px; }
  table, tbody, tr, td, tbody th { display: block; border: 0; padding: 0; text-align: left; min-width: 0; } thead { display: none; }
  tbody tr { border: 1px solid var(--line); border-radius: 6px; padding: 8px 12px; margin: 8px 0; }
  tbody td { display: flex; gap: 16px; justify-content: space-between; white-space: normal; text-align: right; } td.left { text-align: left; }
  td[data-head]::before { content: attr(data-head); color: var(--soft); text-align: left; flex: none; max-width: 55%; } td.text { display: block; } td.text::before { display: block; max-width: none; }
  tr.off, tbody td:empty { display: none; }
  th[data-head]::before { content: attr(data-head) ' '; color: var(--soft); font-weight: 400; } th[data-head='Design']::before, th[data-head='']::before { content: none; }
}
@page { size: A4; margin: 12mm; }
@media print {
  :root { color-scheme: light; }
  body { font-size: 10pt; line-height: 1.35; background: none; print-color-adjust: exact; } .legend { font-size: 8.5pt; } .key button { border: 0; padding: 0; min-height: 0; } main, header, footer { max-width: none; padding: 0; } header { padding-top: 0; }
  nav, .skip, details:not([open]), .tip, .crosshair { display: none; }
  h1 { font-size: 18pt; } h2 { font-size: 13pt; margin: 14pt 0 4pt; padding-top: 6pt; break-after: avoid; } .answer, .lead { font-size: 10.5pt; max-width: none; }
  p, ul.plain { max-width: none; } .reading, .facts, .note, table, figcaption { font-size: 8.5pt; } th, td { padding: 2px 6px; }
  .hero { display: block; } .figures { grid-template-columns: repeat(3, 1fr); } .figures b { font-size: 20pt; }
  .charts, .charts.pairs { grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 4px 16px; }
  .wide { display: block; } .narrow { display: none; } .plot { max-width: 150mm; }
  figure { break-inside: avoid; margin: 6px 0; } tr, .claim { break-inside: avoid; } .claim { padding: 0; font-size: 8.5pt; } h3 { font-size: 10pt; margin: 5pt 0 2pt; } .claim p { margin: 2pt 0; } .claim .facts { font-size: 8pt; } .badge { font-size: 8pt; } footer { margin-top: 12pt; padding: 6pt 0 0; }
}
`;
