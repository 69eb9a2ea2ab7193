// Light or dark: as the system has it, or as chosen here.
import { type ReadonlySignal, signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const KEY = 'idspace-theme';

const chosen = signal<Theme>('system');
const changes = signal(0);

export const theme: ReadonlySignal<Theme> = chosen;

/** Counts how often the colours changed: what draws on a canvas reads it, and draws again. */
export const repaint: ReadonlySignal<number> = changes;

/** Takes the theme that was chosen last time. */
export function startTheme(): void {
  chosen.value = remembered();
  apply(chosen.value);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => changes.value++);
  chosen.subscribe(() => changes.value++);
}

/** Goes on to the next of system, light, dark. */
export function nextTheme(): void {
  chosen.value = THEMES[(THEMES.indexOf(chosen.value) + 1) % THEMES.length];
  apply(chosen.value);
  try {
    localStorage.setItem(KEY, chosen.value);
  } catch {
    // A browser that keeps nothing for pages from disk: it is chosen again next time.
  }
}

/** Returns a colour of style.css as it is now, as `rgb(…)`: `colour('--ink')`. For drawing on a canvas, which knows no tokens. */
export function colour(token: string): string {
  const now = changes.peek();
  if (now !== readAt) {
    read.clear();
    readAt = now;
  }
  let value = read.get(token);
  if (value === undefined) {
    probe ??= document.head.appendChild(document.createElement('i'));
    probe.style.color = `var(${token})`;
    value = getComputedStyle(probe).color;
    read.set(token, value);
  }
  return value;
}

let probe: HTMLElement | undefined;
/** Colours by token, as they were read since the last change. */
const read = new Map<string, string>();
let readAt = -1;

function remembered(): Theme {
  try {
    return THEMES.find((name) => name === localStorage.getItem(KEY)) ?? 'system';
  } catch {
    return 'system';
  }
}

function apply(name: Theme): void {
  if (name === 'system') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
}
