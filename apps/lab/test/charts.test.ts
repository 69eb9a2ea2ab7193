// Charts: what is drawn can be seen, and what cannot is said.
import { parseHTML } from 'linkedom';
import { expect, test } from 'vitest';
import { barChart } from '../src/format/bar-chart.ts';
import { LOOKS } from '../src/format/colours.ts';
import { dotChart } from '../src/format/dot-chart.ts';
import { figure } from '../src/format/figure.ts';

/** Where the marks of a wide drawing are, px. */
function places(html: string): [x: number, y: number][] {
  const { document } = parseHTML(html);
  return [...document.querySelectorAll('svg.wide .dot')].flatMap((group) => {
    const [dx = 0, dy = 0] = [...(group.getAttribute('transform') ?? '').matchAll(/-?[\d.]+/g)].map(Number);
    return [...group.querySelectorAll('path, circle')].map((mark): [number, number] => {
      const [x, y] = [...(mark.getAttribute('transform') ?? '').matchAll(/-?[\d.]+/g)].map(Number);
      return [(x ?? Number(mark.getAttribute('cx'))) + dx, (y ?? Number(mark.getAttribute('cy'))) + dy];
    });
  });
}

test.each([
  ['equal', [1e-7, 1e-7, 1e-7]],
  ['nearly equal', [1e-7, 1.01e-7, 1.3e-7]],
  ['far apart', [1e-7, 1e-6, 1e-5]],
])('dots that are %s do not cover each other', (_, seconds) => {
  const dots = seconds.map((one, at) => ({ key: `design-${at}`, look: LOOKS[at]!, seconds: one }));
  const rows = [
    { label: 'a row', dots },
    { label: 'another', dots: [{ key: 'design-0', look: LOOKS[0]!, seconds: 1e-4 }] },
  ];
  const chart = dotChart({ id: 'x', title: 'T', description: 'D', unit: 'time', rows, room: [100, 100] });
  const seen = places(String(figure(chart)));
  expect(seen).toHaveLength(4);
  for (const [i, [x, y]] of seen.entries()) {
    for (const [otherX, otherY] of seen.slice(0, i)) expect(Math.hypot(x - otherX, y - otherY)).toBeGreaterThan(7.9);
  }
});

test.each([
  [[0, 0], 'T (LLd: none)'],
  [[0, 0.00005], 'T (LLd: 0.00005 at most)'],
  [[0, 0.2], 'T'],
])('of a part with %j, the title says what is not drawn', ([one, other], title) => {
  const rows = [
    { design: 'a', values: [3, one!] },
    { design: 'b', values: [2, other!] },
  ];
  expect(barChart({ id: 'x', title: 'T', unit: 'misses', parts: ['D1', 'LLd'], rows }).title).toBe(title);
});
