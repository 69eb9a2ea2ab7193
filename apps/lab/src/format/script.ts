// The page's one script: charts answer to a pointer, a finger and the keyboard, and designs can be switched off.

/**
 * Plain text, so that the page's policy can name its hash. Without it the page has all of its words and numbers.
 *
 * A mark's title ('KEY: what it says') becomes the tooltip. Positions are set through the DOM, which the policy allows.
 */
export const SCRIPT: string = `
'use strict';
const off = new Set();
const isOff = (element) => 'key' in element.dataset && element.dataset.key.split(', ').every((key) => off.has(key));

function showKeys() {
  for (const element of document.querySelectorAll('[data-key]:not(li)')) element.classList.toggle('off', isOff(element));
  for (const button of document.querySelectorAll('.key button')) button.setAttribute('aria-pressed', String(!off.has(button.parentElement.dataset.key)));
}

for (const item of document.querySelectorAll('.key li')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.append(...item.childNodes);
  item.append(button);
  button.addEventListener('click', () => {
    const { key } = item.dataset;
    if (!off.delete(key)) off.add(key);
    showKeys();
  });
}
showKeys();

// Designs are named on axes, too.
for (const text of document.querySelectorAll('.y-axis-tick-label text, .fy-axis-tick-label text')) {
  if (document.querySelector('.key li[data-key="' + CSS.escape(text.textContent) + '"]')) text.dataset.key = text.textContent;
}

for (const plot of document.querySelectorAll('.plot')) {
  const tips = new Map();
  for (const title of plot.querySelectorAll('title')) {
    if (title.textContent.includes(': ')) tips.set(title.parentElement, title.textContent);
    title.remove();
  }
  if (tips.size > 0) answer(plot, tips);
}

function answer(plot, tips) {
  const cross = plot.dataset.together === 'x';
  const row = plot.dataset.together === 'row';
  const [tip, line, spoken] = ['tip', 'crosshair', 'spoken'].map((name) => {
    const element = document.createElement('div');
    element.className = name;
    element.hidden = name !== 'spoken';
    plot.append(element);
    return element;
  });
  spoken.setAttribute('role', 'status');
  plot.tabIndex = 0;
  plot.setAttribute('role', 'group');
  plot.setAttribute('aria-label', plot.closest('figure').querySelector('figcaption').textContent + ': arrow keys read the values');
  let at = -1;

  const stops = () => {
    const frame = plot.getBoundingClientRect();
    const all = [];
    for (const [mark, text] of tips) {
      const box = mark.getBoundingClientRect();
      if (isOff(mark) || (box.width === 0 && box.height === 0)) continue;
      const bar = mark.tagName === 'rect';
      const x = (bar ? box.right : box.left + box.width / 2) - frame.left;
      const y = box.top + box.height / 2 - frame.top;
      const shared = all.find((stop) => (cross && Math.abs(stop.x - x) < 2) || (row && Math.abs(stop.y - y) < 4));
      if (shared) shared.marks.push({ mark, text, x, y });
      else all.push({ x, y, bar, marks: [{ mark, text, x, y }] });
    }
    return all.sort((a, b) => (cross ? a.x - b.x : a.y - b.y || a.x - b.x));
  };
  const hide = () => {
    tip.hidden = line.hidden = true;
    for (const mark of plot.querySelectorAll('.at')) mark.classList.remove('at');
  };
  const show = (stop, say) => {
    hide();
    if (!stop) return;
    const texts = stop.marks.sort((a, b) => (row ? a.x - b.x : a.y - b.y)).map(({ text }) => text);
    tip.textContent = texts.join('\\n');
    if (say) spoken.textContent = texts.join('; ');
    for (const { mark } of stop.marks) mark.classList.add('at');
    tip.hidden = false;
    const left = stop.x + 14 + tip.offsetWidth > plot.clientWidth ? stop.x - 14 - tip.offsetWidth : stop.x + 14;
    tip.style.left = Math.max(0, Math.min(left, plot.clientWidth - tip.offsetWidth)) + 'px';
    tip.style.top = Math.max(0, stop.marks[0].y - tip.offsetHeight - 8) + 'px';
    line.hidden = !cross;
    line.style.left = stop.x + 'px';
  };
  const point = (event) => {
    const frame = plot.getBoundingClientRect();
    const [x, y] = [event.clientX - frame.left, event.clientY - frame.top];
    const far = (stop) => Math.hypot(row ? 0 : stop.bar ? Math.max(0, x - stop.x) / 8 : stop.x - x, cross ? 0 : stop.y - y);
    const all = stops();
    const nearest = all.reduce((best, stop) => (best && far(best) <= far(stop) ? best : stop), null);
    at = all.indexOf(nearest);
    show(nearest, false);
  };
  plot.addEventListener('pointermove', point);
  plot.addEventListener('pointerdown', point);
  plot.addEventListener('pointerleave', (event) => event.pointerType === 'mouse' && hide());
  plot.addEventListener('blur', hide);
  plot.addEventListener('keydown', (event) => {
    const { key } = event;
    const all = stops();
    const steps = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1, Home: -all.length, End: all.length };
    if (key === 'Escape') hide();
    if (!(key in steps)) return;
    event.preventDefault();
    at = Math.max(0, Math.min(all.length - 1, at + steps[key]));
    show(all[at], true);
  });
}

// A link to what is folded opens it.
function unfold() {
  let element = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (element && element.tagName === 'DETAILS') element.open = true;
  for (; element; element = element.parentElement) if (element.tagName === 'DETAILS') element.open = true;
}
addEventListener('hashchange', unfold);
unfold();
`;
