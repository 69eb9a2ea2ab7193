// Light or dark: as the system has it, or as chosen here.
import { type ReadonlySignal, signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';
const THEMES: readonly Theme[] = ['system', 'light', 'dark'];
const KEY = 'idspace-theme';

const chosen = signal<Theme>(remembered());
apply(chosen.value);

export const theme: ReadonlySignal<Theme> = chosen;

/** Counts how often the colours changed: what draws on a canvas reads it, and draws again. */
export const repaint: ReadonlySignal<number> = countChanges();

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
  probe.style.color = `var(${token})`;
  return getComputedStyle(probe).color;
}

const probe = document.head.appendChild(document.createElement('i'));

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

function countChanges(): ReadonlySignal<number> {
  const changes = signal(0);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => changes.value++);
  chosen.subscribe(() => changes.value++);
  return changes;
}
