// The style sheet: light and dark, from a phone to a wide screen, no font or picture from elsewhere.
import { colourDeclarations } from './colours.ts';

/** The page's one style sheet. */
export const STYLE: string = `
:root { color-scheme: light dark; --paper: #fdfdfc; --ink: #1c1f24; --soft: #5a6270; --line: #dfe2e6; --head: #f3f4f5; --link: #1d4ed8; ${colourDeclarations('light')} }
@media (prefers-color-scheme: dark) {
  :root { --paper: #14171b; --ink: #e6e8eb; --soft: #9aa3af; --line: #30363d; --head: #1d2126; --link: #7cb0fb; ${colourDeclarations('dark')} }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
main, header, footer { max-width: 1360px; margin: 0 auto; padding: 0 clamp(16px, 4vw, 48px); }
header { padding-top: 40px; }
h1 { font-size: clamp(26px, 4vw, 36px); line-height: 1.2; margin: 0 0 12px; text-wrap: balance; }
h2 { font-size: 24px; line-height: 1.25; margin: 56px 0 8px; padding-top: 20px; border-top: 1px solid var(--line); }
h3 { font-size: 17px; margin: 28px 0 8px; }
p, ul.plain, dl { max-width: 76ch; }
.lead { font-size: 18px; }
.answer { border-left: 3px solid var(--link); padding-left: 14px; }
.reading, .facts, figcaption, footer { color: var(--soft); font-size: 14px; }
a { color: var(--link); }
nav ul { list-style: none; padding: 0; margin: 20px 0 0; display: flex; flex-wrap: wrap; gap: 4px 20px; }
code { font: 0.92em ui-monospace, monospace; background: var(--head); padding: 1px 5px; border-radius: 4px; overflow-wrap: anywhere; }
.charts { display: grid; gap: 24px 32px; align-items: start; }
@media (min-width: 1000px) { .charts { grid-template-columns: repeat(3, minmax(0, 1fr)); } }
@media (min-width: 760px) { .charts.pairs { grid-template-columns: repeat(2, minmax(0, 460px)); } }
figure { margin: 20px 0; min-width: 0; }
figcaption { font-weight: 600; color: var(--ink); }
.chart { display: block; width: 100%; height: auto; overflow: visible; font-family: system-ui, sans-serif; }
.chart.wide { max-width: 860px; } .charts .chart { max-width: 420px; }
.name { white-space: nowrap; }
.chart text, .chart tspan { white-space: pre; }
.legend { list-style: none; padding: 0; margin: 12px 0 0; display: flex; flex-wrap: wrap; gap: 4px 20px; font-size: 14px; }
.legend svg { vertical-align: -1px; }
.scroll { overflow-x: auto; max-width: 100%; }
table { border-collapse: collapse; font-size: 14px; font-variant-numeric: tabular-nums; }
dl.entries { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 8px 0; font-size: 14px; max-width: 100ch; } dt { font-weight: 600; white-space: nowrap; } dd { margin: 0; }
th, td { padding: 5px 12px; border-bottom: 1px solid var(--line); vertical-align: top; font-weight: 400; }
thead th.group { text-align: center; border-left: 1px solid var(--line); border-right: 1px solid var(--line); }
thead th { background: var(--head); font-weight: 600; vertical-align: bottom; line-height: 1.3; white-space: nowrap; }
tbody th { font-weight: 600; white-space: nowrap; }
.left { text-align: left; white-space: nowrap; } .right { text-align: right; white-space: nowrap; } td.text { white-space: normal; min-width: 28ch; }
details { margin: 10px 0; } summary { cursor: pointer; color: var(--soft); font-size: 14px; }
footer { margin-top: 56px; padding-top: 16px; padding-bottom: 48px; border-top: 1px solid var(--line); }
@media (max-width: 600px) { dl.entries { grid-template-columns: 1fr; } dd { margin-left: 16px; } .plot { overflow-x: auto; } .plot .chart { min-width: 340px; } .plot .chart.wide { min-width: 760px; } th, td { padding: 4px 8px; } }
@media print { details { display: none; } h2 { break-after: avoid; } figure { break-inside: avoid; } }
`;
